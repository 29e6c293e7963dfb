package pki

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
			r := withSuperAdmin(request("w0"))
			r.Algorithm = algorithm
			made := complete(t, r)
			dir := onDisk(t, made)
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
			if got := openssl(t, "pkey", "-in", file("sa.key"), "-pubout") + "\n"; got != string(made["sa.pub"]) {
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

// onDisk is a new directory with these files.
func onDisk(t *testing.T, f files) string {
	t.Helper()
	dir := t.TempDir()
	writeTo(t, dir, f)
	return dir
}

func writeTo(t *testing.T, dir string, f files) {
	t.Helper()
	for name, data := range f {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// disk reads a directory as a store does.
func disk(dir string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) }
}

// TestOpenSSLAcceptsCertificatesForEtcd holds that each is for what kubeadm's own would be, and for nothing else.
func TestOpenSSLAcceptsCertificatesForEtcd(t *testing.T) {
	dir := onDisk(t, complete(t, external("10.0.0.21")))
	const at = "1767225600" // now
	verify := func(ca, purpose, name string, more ...string) error {
		return exec.Command("openssl", append(append([]string{"verify", "-x509_strict", "-attime", at, "-purpose", purpose, "-CAfile", filepath.Join(dir, ca+".crt")}, more...),
			filepath.Join(dir, "nodes", name+".crt"))...).Run()
	}
	for _, test := range []struct {
		ca, purpose, name string
		more              []string
		want              bool
	}{
		{"etcd/ca", "sslserver", "etcd0/etcd/server", []string{"-verify_ip", "10.0.0.21"}, true},
		{"etcd/ca", "sslserver", "etcd0/etcd/peer", []string{"-verify_ip", "10.0.0.21"}, true},
		{"etcd/ca", "sslserver", "etcd0/etcd/server", []string{"-verify_hostname", "localhost"}, true},
		{"etcd/ca", "sslserver", "etcd0/etcd/server", []string{"-verify_ip", "::1"}, true},
		{"etcd/ca", "sslserver", "etcd0/etcd/server", []string{"-verify_ip", "10.0.0.22"}, false},
		{"etcd/ca", "sslclient", "etcd0/etcd/peer", nil, true},
		{"etcd/ca", "sslclient", "cp0/apiserver-etcd-client", nil, true},
		{"etcd/ca", "sslserver", "cp0/apiserver-etcd-client", nil, false},
		{"ca", "sslclient", "cp0/apiserver-etcd-client", nil, false},
		{"ca", "sslclient", "etcd0/etcd/peer", nil, false},
	} {
		if err := verify(test.ca, test.purpose, test.name, test.more...); (err == nil) != test.want {
			t.Errorf("%s by %s as %s %q: %v", test.name, test.ca, test.purpose, test.more, err)
		}
	}
}

// A copy of an existing cluster's /etc/kubernetes/pki, in every form in which keys come, is taken as it is; Complete
// adds what kubeadm does not keep there.
func TestCompleteAdoptsExistingCluster(t *testing.T) {
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
			dir := onDisk(t, files{"etcd/README": nil})
			for file, commonName := range map[string]string{"ca": "kubernetes", "front-proxy-ca": "front-proxy-ca", "etcd/ca": "etcd-ca"} {
				path := filepath.Join(dir, file)
				makeKey(t, path+".key")
				// -text: some keep the readable form in the file, too
				openssl(t, "req", "-x509", "-text", "-key", path+".key", "-out", path+".crt", "-subj", "/CN="+commonName,
					"-days", "3650", "-addext", "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign")
			}
			makeKey(t, filepath.Join(dir, "sa.key"))

			now := time.Now() // openssl certifies from now on
			r, made := request("w0"), files{}
			if err := Load(r, disk(dir)).Complete(now, made.add); err != nil {
				t.Fatal(err)
			}
			want := []string{"admin.crt", "admin.key", "bootstrap-token", "nodes/w0/kubelet-client.crt", "nodes/w0/kubelet-client.key", "sa.pub"}
			if diff := cmp.Diff(want, slices.Sorted(maps.Keys(made))); diff != "" {
				t.Errorf("made (-want +got):\n%s", diff)
			}
			writeTo(t, dir, made)
			if err := Load(r, disk(dir)).Check(now); err != nil {
				t.Error(err)
			}
			openssl(t, "verify", "-purpose", "sslclient",
				"-CAfile", filepath.Join(dir, "ca.crt"), filepath.Join(dir, "admin.crt"))
			if got := openssl(t, "pkey", "-in", filepath.Join(dir, "sa.key"), "-pubout") + "\n"; got != string(made["sa.pub"]) {
				t.Error("sa.pub is not what openssl derives from sa.key")
			}
		})
	}
}

// TestAuthorityOnAnotherCurve: a certificate that Go cannot read is not damaged for that.
func TestAuthorityOnAnotherCurve(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ca.crt")
	openssl(t, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1", "-nodes", "-keyout", os.DevNull, "-subj", "/CN=kubernetes", "-out", path)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseAuthority(data); err != errKeyKind {
		t.Errorf("got %v, want %v", err, errKeyKind)
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
		{"secp256k1", []string{"ecparam", "-name", "secp256k1", "-genkey", "-noout", "-out", path}, errKeyKind},
		{"RSA-PSS", []string{"genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path}, errKeyKind},
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
