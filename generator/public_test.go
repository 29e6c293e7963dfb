package generator_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"testing"

	"kindling/generator"
	"kindling/pki"

	"github.com/google/go-cmp/cmp"
)

// ofKeys are the values of node.env that follow from the cluster's keys: sums, identifiers, and when certificates begin and end.
var ofKeys = regexp.MustCompile(`(?m)^(\s*(?:SECRETS_SHA256|SET|ETCD_TOKEN|ETCD_CLUSTER_ID|NOT_BEFORE|NOT_AFTER)=).*$|(\b10\.0\.0\.\d+ )\d{9,}`)

// TestPublicDocuments holds that documents with a secret part beside them have nothing secret in them, in any format and encoding, and
// that those of another cluster with the same spec are the same but for sums and dates.
func TestPublicDocuments(t *testing.T) {
	t.Parallel()
	c := load(t, "split")
	other := pki.Load(generator.Request(c), func(string) ([]byte, error) { return nil, fs.ErrNotExist })
	if err := other.Complete(noon.AddDate(0, 0, 3), func(map[string][]byte) error { return nil }); err != nil {
		t.Fatal(err)
	}
	g := newGenerator(t, c, noon)
	another, err := generator.New(c, other, testLock(t))
	if err != nil {
		t.Fatal(err)
	}
	secrets := [][]byte{[]byte("hunter2"), []byte(testPKI(t, c, noon).Worker("pool", true).BootstrapToken), []byte("PRIVATE KEY")}
	for _, n := range c.Nodes {
		for _, format := range []generator.Format{generator.CloudInit, generator.Ignition, generator.Butane} {
			t.Run(fmt.Sprintf("%s/%s", n.Name, format), func(t *testing.T) {
				document := func(g *generator.Generator, encoding generator.Encoding) []byte {
					t.Helper()
					made, err := g.Document(n.Name, format, encoding)
					if err != nil {
						t.Fatal(err)
					}
					return made
				}
				text := document(g, generator.Text)
				files := decode(t, format, text)
				if format == generator.CloudInit {
					packed := gunzip(t, document(g, generator.Gzip))
					if diff := cmp.Diff(files, decode(t, format, packed)); diff != "" {
						t.Errorf("gzip has other files (-text +gzip):\n%s", diff)
					}
				}
				for path, content := range files {
					for _, secret := range secrets {
						if bytes.Contains(content, secret) || bytes.Contains(text, secret) {
							t.Errorf("%s in %s", secret, path)
						}
					}
				}
				alike := func(files map[string][]byte) map[string]string {
					texts := map[string]string{}
					for path, content := range files {
						texts[path] = ofKeys.ReplaceAllString(string(content), "$1$2…")
					}
					return texts
				}
				if diff := cmp.Diff(alike(files), alike(decode(t, format, document(another, generator.Text)))); diff != "" {
					t.Errorf("another cluster's (-one +other):\n%s", diff)
				}
			})
		}
	}
}
