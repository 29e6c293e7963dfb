package machines

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/leaf"
)

// Where the rig has what machines get from elsewhere: kindling serve, and a bucket.
var (
	documentServer = netip.MustParsePrefix("10.0.0.5/24")
	bucket         = netip.MustParsePrefix("10.0.0.4/24")
)

// TestFaultSecretParts boots machines whose documents have no secret in them. Their servers come five minutes late, and some of them find
// a part that was changed, another machine's, and one of an older set.
func TestFaultSecretParts(t *testing.T) {
	documents := generateWith(t, "split.yaml", "")
	older := documents.SecretPart(t, "w1")
	documents = documents.Renewed(t, "--within", "9000h")
	c := newCluster(t, documents, nil)
	right := map[string][]byte{}
	for _, name := range c.names("") {
		right[name] = documents.SecretPart(t, name)
	}
	changed := bytes.Clone(right["cp1"])
	changed[len(changed)/2]++
	wrong := map[string][]byte{"cp1": changed, "w0": right["w1"], "w1": older}

	c.Boot(c.names("")...)
	c.Eventually("all machines have waited for their servers for five minutes", func() (string, bool) {
		counts, all := map[string]int{}, true
		for _, name := range c.names("") {
			counts[name] = strings.Count(c.Said(name), " secrets: waiting: no secret part from https://10.0.0.")
			all = all && counts[name] > 5 // one a minute
		}
		return fmt.Sprint(counts), all
	})

	parts := t.TempDir()
	put := func(name string, part []byte) {
		t.Helper()
		file := filepath.Join(parts, name)
		if err := errors.Join(os.WriteFile(file+".new", part, 0o600), os.Rename(file+".new", file)); err != nil {
			t.Fatal(err)
		}
	}
	for name, part := range wrong {
		put(name, part)
	}
	c.ServeFilesTLS(bucket, c.certificate("secrets.test", bucket), os.DirFS(parts))
	ledger := c.serve()
	sum := func(part []byte) string { return fmt.Sprintf("%x", sha256.Sum256(part)) }
	for name, part := range wrong {
		c.waitForLine(name, " has the SHA-256 "+sum(part)+", and this document's has "+sum(right[name])+": another machine's, another set's, or changed")
		if found := c.run(name, "bash", "-c", "ls -d /etc/kubernetes/pki /etc/kindling/pki /etc/demo 2>/dev/null || true"); strings.HasPrefix(found, "/") {
			t.Errorf("%s has something of a part that is not its own: %s", name, found)
		}
	}
	for name := range wrong {
		put(name, right[name])
	}
	c.checkCluster()
	c.checkWorkload()
	c.checkSecretPlaces()
	for _, name := range c.names("") {
		if got := c.run(name, "stat", "--format=%a %U:%G", "/etc/demo/password"); got != "640 root:adm\n" {
			t.Errorf("the password on %s: %s", name, got)
		}
	}

	for name := range wrong {
		if err := os.Remove(filepath.Join(parts, name)); err != nil {
			t.Fatal(err)
		}
	}
	c.PowerOff("cp1")
	c.Boot("cp1")
	c.checkCluster()
	if strings.Contains(c.Said("cp1"), "secret part") {
		t.Error("cp1 needs its server once more")
	}

	c.wipe("cp0")
	c.Boot("cp0")
	c.waitForLine("cp0", "no secret part from https://10.0.0.5:8443/secret/cp0: (22) The requested URL returned error: 403")
	c.rearm(ledger, "cp0")
	c.checkCluster()
	c.checkWorkload()
}

// serve starts kindling serve, and returns the directory of its ledger.
func (c *cluster) serve() (ledger string) {
	c.t.Helper()
	dir := c.t.TempDir()
	at := documentServer.Addr().String()
	cert, key := leaf.Etcd(c.t, sharedPKI, "serve.test", at, time.Now().Add(-time.Hour))
	files := map[string][]byte{"tls.crt": cert, "tls.key": key}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			c.t.Fatal(err)
		}
	}
	ledger = filepath.Join(dir, "ledger")
	command := c.documents.Serve("--listen", at+":8443", "--allow", "10.0.0.0/24", "--tls-cert", filepath.Join(dir, "tls.crt"), "--tls-key", filepath.Join(dir, "tls.key"), "--ledger", ledger)
	c.Start(documentServer, "kindling", command[0], command[1:]...)
	return ledger
}

// rearm lets a machine have its documents once more.
func (c *cluster) rearm(ledger, name string) {
	c.t.Helper()
	command := c.documents.Serve("--ledger", ledger, "--rearm", name)
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		c.t.Fatalf("%v\n%s", err, out)
	}
}
