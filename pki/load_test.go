package pki

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLoadDirReadsWhatSaveDirWrote(t *testing.T) {
	b := complete(t, request("w0", "w1"))
	b.Dir = filepath.Join(t.TempDir(), "deep", "pki")
	written, err := SaveDir(b.Dir, b)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range b.files() {
		names = append(names, f.name)
	}
	if diff := cmp.Diff(names, written); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(b, loadDir(t, b.Dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoadDirOfNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	if diff := cmp.Diff(&Bundle{Dir: dir, Nodes: map[string]Pair{}}, loadDir(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoadDirReportsEverything(t *testing.T) {
	b := complete(t, request("w0"))
	dir := t.TempDir()
	write(t, dir, "ca.crt", string(b.CA.Cert)+string(b.CA.Key))
	write(t, dir, "ca.key", string(b.CA.Key[:120]))
	write(t, dir, "front-proxy-ca.crt", string(b.FrontProxyCA.Cert[:200]))
	write(t, dir, "front-proxy-ca.key", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n")
	write(t, dir, "etcd", "a file where a directory belongs")
	write(t, dir, "sa.key", string(b.SAPub))
	write(t, dir, "sa.pub", string(b.SAKey))
	write(t, dir, "bootstrap-token", "\xff\x00")
	write(t, dir, "admin.crt", "")
	if err := os.Mkdir(filepath.Join(dir, "admin.key"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "nodes/README", "a file where directories belong")
	write(t, dir, "nodes/w0/kubelet-client.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
	if err := os.Symlink("/nowhere/w0.key", filepath.Join(dir, "nodes/w0/kubelet-client.key")); err != nil {
		t.Fatal(err)
	}
	_, err := LoadDir(dir)

	const restore = "; restore it, or move it away, then run kindling pki init"
	want := []string{
		"ca.crt: holds a private key, but this file is handed out; move the private key out of it",
		"ca.key: is damaged: a PEM block is incomplete" + restore,
		"front-proxy-ca.crt: is damaged: a PEM block is incomplete" + restore,
		"front-proxy-ca.key: holds a damaged private key" + restore,
		"etcd/ca.crt: cannot be read: not a directory; make it a readable file",
		"etcd/ca.key: cannot be read: not a directory; make it a readable file",
		"sa.key: holds no PEM private key" + restore,
		"sa.pub: holds a private key, but this file is handed out; move the private key out of it",
		"bootstrap-token: is not of the form [a-z0-9]{6}.[a-z0-9]{16}" + restore,
		"admin.crt: holds no PEM certificate" + restore,
		"admin.key: cannot be read: is a directory; make it a readable file",
		"nodes/w0/kubelet-client.crt: holds a damaged certificate: x509: malformed certificate" + restore,
		"nodes/w0/kubelet-client.key: is a symbolic link to nothing; mount or restore what it points to, or remove the link",
	}
	for i, line := range want {
		want[i] = filepath.Join(dir, line)
	}
	if diff := cmp.Diff(want, found(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestLoadDirFollowsLinks(t *testing.T) {
	dir := initDir(t, request())
	elsewhere := filepath.Join(t.TempDir(), "stick.key")
	if err := os.Rename(filepath.Join(dir, "ca.key"), elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(dir, "ca.key")); err != nil {
		t.Fatal(err)
	}
	if written, err := Init(dir, request(), now); err != nil || len(written) > 0 {
		t.Errorf("wrote %q, %v", written, err)
	}
}

func TestLoadDirTakesTokenAsEditorsLeaveIt(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "bootstrap-token", "  abcdef.0123456789abcdef\r\n\n")
	if got := loadDir(t, dir).BootstrapToken; got != "abcdef.0123456789abcdef" {
		t.Errorf("got %q", got)
	}
	if _, err := Init(dir, request(), now); err != nil {
		t.Error(err)
	}
}

// FuzzParse: whatever a file holds, parsing ends without a panic, and no public file with a private key passes.
func FuzzParse(f *testing.F) {
	b := complete(f, request())
	for _, file := range b.files() {
		f.Add(file.data)
	}
	f.Add([]byte("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, keyErr := parseKey(data)
		_, certErr := parseCertificate(data)
		_, pubErr := parsePublicKeys(data)
		if keyErr == nil && (certErr == nil || pubErr == nil) {
			t.Error("a private key passes as public")
		}
		if certErr == nil && strings.Contains(string(data), "PRIVATE KEY") {
			t.Error("a certificate file with a private key passes")
		}
		parseToken(data)
	})
}
