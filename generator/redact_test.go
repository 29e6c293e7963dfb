package generator_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"kindling/generator"
	"kindling/generator/spec"
	"kindling/pki"

	"github.com/google/go-cmp/cmp"
)

// redacted is the tree that may be committed.
func redacted(t *testing.T, c *spec.Cluster, bundle *pki.Bundle) memory {
	t.Helper()
	g, err := generator.New(c, bundle, testLock(t))
	if err != nil {
		t.Fatal(err)
	}
	set, tree := g.Set(), memory{}
	if err := set.Generate(memory{}); err != nil {
		t.Fatal(err)
	}
	if err := set.Redact(tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

// TestRedactedHasNoSecret looks for every private key and the token of each sample in the redacted tree, in every form in which a
// document could have them.
func TestRedactedHasNoSecret(t *testing.T) {
	for _, name := range goldenClusters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := load(t, name)
			bundle := testPKI(t, c, noon)
			tree := redacted(t, c, bundle)
			secrets := map[string][]byte{"token": []byte(bundle.ControlPlane("cp0", false).BootstrapToken)}
			_, second, _ := strings.Cut(string(secrets["token"]), ".")
			secrets["token's secret"] = []byte(second)
			for file, key := range keysOf(c, bundle) {
				block, _ := pem.Decode(key)
				secrets[file], secrets[file+" as DER"] = secretOf(t, block), block.Bytes
			}
			for path, data := range tree {
				for file, secret := range secrets {
					if holds(data, secret) {
						t.Errorf("%s has %s", path, file)
					}
				}
				if bytes.Contains(data, []byte("PRIVATE KEY")) {
					t.Errorf("%s has a private key", path)
				}
			}
		})
	}
}

// keysOf are all private keys of a cluster.
func keysOf(c *spec.Cluster, bundle *pki.Bundle) map[string][]byte {
	r := generator.Request(c)
	keys := map[string][]byte{"sa.key": bundle.ControlPlane("cp0", false).SAKey}
	for _, a := range r.Authorities {
		keys[a.Name+".key"] = bundle.Pair(a.Name).Key
	}
	for _, l := range r.Leaves {
		if pair := bundle.Pair(l.Name); len(pair.Key) > 0 {
			keys[l.Name+".key"] = pair.Key
		}
	}
	return keys
}

// holds reports whether a text has a secret as it is, in hexadecimal, or in base64, where it may begin at any of three places.
func holds(text, secret []byte) bool {
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), secret...))
		if bytes.Contains(text, []byte(encoded[4:len(encoded)-4])) {
			return true
		}
	}
	return bytes.Contains(text, secret) || bytes.Contains(bytes.ToLower(text), []byte(hex.EncodeToString(secret)))
}

// TestHolds shows that the test above would see a secret.
func TestHolds(t *testing.T) {
	secret := []byte("0123456789abcdef")
	for _, text := range []string{
		"x0123456789abcdefx", "MDEyMzQ1Njc4OWFiY2RlZg==", base64.StdEncoding.EncodeToString(append([]byte("a"), secret...)),
		base64.StdEncoding.EncodeToString(append([]byte("ab"), secret...)), "30313233343536373839616263646566",
	} {
		if !holds([]byte(text), secret) {
			t.Errorf("not seen in %s", text)
		}
	}
}

var fingerprint = regexp.MustCompile(`sha256:[0-9a-f]{64}|(?m)^[0-9a-f]{64}  `)

// TestRedactedOfTwoClusters compares two clusters with the same spec: their trees differ in fingerprints alone, and differ there.
func TestRedactedOfTwoClusters(t *testing.T) {
	for _, name := range []string{"full", "mixed", "external", "pools", "split"} {
		t.Run(name, func(t *testing.T) {
			c := load(t, name)
			other := pki.Load(generator.Request(c), func(string) ([]byte, error) { return nil, fs.ErrNotExist })
			if err := other.Complete(noon.AddDate(0, 0, 3), func(map[string][]byte) error { return nil }); err != nil {
				t.Fatal(err)
			}
			one, two := redacted(t, c, testPKI(t, c, noon)), redacted(t, c, other)
			if bytes.Equal(one["nodes/cp0/files/etc/kubernetes/pki/ca.key"], two["nodes/cp0/files/etc/kubernetes/pki/ca.key"]) {
				t.Error("one fingerprint for two keys")
			}
			for _, tree := range []memory{one, two} {
				for path, data := range tree {
					tree[path] = fingerprint.ReplaceAll(data, []byte("sha256:…"))
				}
			}
			if diff := cmp.Diff(one, two); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(redacted(t, c, other), redacted(t, c, other)); diff != "" {
				t.Errorf("not reproducible: %s", diff)
			}
		})
	}
}
