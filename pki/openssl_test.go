package pki

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// openssl runs the real program, which every system that builds kindling has, and returns what it prints.
func openssl(t *testing.T, args ...string) string {
	t.Helper()
	output, err := exec.Command("openssl", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %q: %v\n%s", args, err, output)
	}
	return strings.TrimSpace(string(output))
}

func TestOpenSSLAcceptsTheChain(t *testing.T) {
	for _, algorithm := range []string{"ECDSA-P256", "ECDSA-P384", "RSA-2048"} {
		t.Run(algorithm, func(t *testing.T) {
			r := request("w0")
			r.Algorithm, r.SuperAdmin = algorithm, true
			dir := initDir(t, r)
			file := func(name string) string { return filepath.Join(dir, name) }
			const at = "1767225600" // now
			for _, name := range []string{"admin.crt", "super-admin.crt", "nodes/w0/kubelet-client.crt"} {
				openssl(t, "verify", "-x509_strict", "-attime", at, "-purpose", "sslclient", "-CAfile", file("ca.crt"), file(name))
				if output, err := exec.Command("openssl", "verify", "-attime", at, "-purpose", "sslserver", "-CAfile", file("ca.crt"), file(name)).CombinedOutput(); err == nil {
					t.Errorf("%s passes as a server's: %s", name, output)
				}
				if output, err := exec.Command("openssl", "verify", "-attime", at, "-CAfile", file("etcd/ca.crt"), file(name)).CombinedOutput(); err == nil {
					t.Errorf("%s passes as etcd's: %s", name, output)
				}
			}
			for _, name := range []string{"ca.crt", "front-proxy-ca.crt", "etcd/ca.crt"} {
				openssl(t, "verify", "-x509_strict", "-attime", at, "-check_ss_sig", "-CAfile", file(name), file(name))
			}
			if got := openssl(t, "pkey", "-in", file("sa.key"), "-pubout") + "\n"; got != string(loadDir(t, dir).SAPub) {
				t.Error("sa.pub is not what openssl derives from sa.key")
			}
			got := openssl(t, "x509", "-in", file("ca.crt"), "-noout", "-ext", "basicConstraints,keyUsage,subjectAltName")
			want := "X509v3 Key Usage: critical\n    Digital Signature, Key Encipherment, Certificate Sign\n" +
				"X509v3 Basic Constraints: critical\n    CA:TRUE\nX509v3 Subject Alternative Name: \n    DNS:kubernetes"
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A copy of an existing cluster's /etc/kubernetes/pki, in every form in which keys come, is taken as it is; init adds
// what kubeadm does not keep there.
func TestInitAdoptsExistingCluster(t *testing.T) {
	forms := map[string]func(t *testing.T, path string){
		"RSA PKCS1": func(t *testing.T, path string) {
			openssl(t, "genrsa", "-traditional", "-out", path, "2048")
		},
		"RSA PKCS8": func(t *testing.T, path string) {
			openssl(t, "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path)
		},
		"EC with parameters": func(t *testing.T, path string) {
			openssl(t, "ecparam", "-name", "prime256v1", "-genkey", "-out", path)
		},
		"EC PKCS8": func(t *testing.T, path string) {
			openssl(t, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", path)
		},
	}
	for name, makeKey := range forms {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "etcd"), 0o755); err != nil {
				t.Fatal(err)
			}
			for file, commonName := range map[string]string{"ca": "kubernetes", "front-proxy-ca": "front-proxy-ca", "etcd/ca": "etcd-ca"} {
				path := filepath.Join(dir, file)
				makeKey(t, path+".key")
				// -text: some keep the readable form in the file, too
				openssl(t, "req", "-x509", "-text", "-key", path+".key", "-out", path+".crt", "-subj", "/CN="+commonName,
					"-days", "3650", "-addext", "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign")
			}
			makeKey(t, filepath.Join(dir, "sa.key"))
			write(t, dir, "apiserver.crt", "left alone")
			write(t, dir, "apiserver.key", "left alone")
			before := tree(t, dir)

			now := time.Now() // openssl certifies from now on
			written, err := Init(dir, request("w0"), now)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"sa.pub", "bootstrap-token", "admin.key", "admin.crt", "nodes/w0/kubelet-client.key", "nodes/w0/kubelet-client.crt"}
			if diff := cmp.Diff(want, written); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
			after := tree(t, dir)
			for path, was := range before {
				if after[path] != was {
					t.Errorf("%s has changed", path)
				}
			}
			if err := loadDir(t, dir).Check(request("w0"), now); err != nil {
				t.Error(err)
			}
			openssl(t, "verify", "-purpose", "sslclient",
				"-CAfile", filepath.Join(dir, "ca.crt"), filepath.Join(dir, "admin.crt"))
			if got := openssl(t, "pkey", "-in", filepath.Join(dir, "sa.key"), "-pubout") + "\n"; got != string(loadDir(t, dir).SAPub) {
				t.Error("sa.pub is not what openssl derives from sa.key")
			}
		})
	}
}

func TestKeysThatNoMachineCanUse(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	tests := []struct {
		name string
		args []string
		want error
	}{
		{"encrypted PKCS8", []string{"genpkey", "-algorithm", "RSA", "-aes256", "-pass", "pass:secret", "-out", path}, errEncryptedKey},
		{"encrypted PKCS1", []string{"genrsa", "-traditional", "-aes256", "-passout", "pass:secret", "-out", path, "2048"}, errEncryptedKey},
		{"Ed25519", []string{"genpkey", "-algorithm", "ED25519", "-out", path}, errKeyKind},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			openssl(t, test.args...)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parseKey(data); err != test.want {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if _, err := parseCertificate(bytes.Clone(data)); err != errKeyInPublicFile {
				t.Errorf("as a certificate: %v", err)
			}
		})
	}
}
