package pki

import (
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCompleteAddsWhatIsMissing(t *testing.T) {
	authorities := []string{"ca.key", "ca.crt", "front-proxy-ca.key", "front-proxy-ca.crt", "etcd/ca.key", "etcd/ca.crt"}
	everything := slices.Concat(authorities, []string{"sa.key", "sa.pub", "bootstrap-token", "admin.key", "admin.crt",
		"super-admin.key", "super-admin.crt", "nodes/w0/kubelet-client.key", "nodes/w0/kubelet-client.crt"})
	r := request("w0")
	r.SuperAdmin = true

	tests := []struct {
		name  string
		empty func(*Bundle)
		want  []string
	}{
		{"everything", func(b *Bundle) { *b = Bundle{} }, everything},
		{"nothing", func(*Bundle) {}, nil},
		{"public service account key", func(b *Bundle) { b.SAPub = nil }, []string{"sa.pub"}},
		{"token", func(b *Bundle) { b.BootstrapToken = "" }, []string{"bootstrap-token"}},
		{"leaf", func(b *Bundle) { b.Admin = Pair{} }, []string{"admin.key", "admin.crt"}},
		{"certificate of a leaf's key", func(b *Bundle) { b.Admin.Cert = nil }, []string{"admin.crt"}},
		{"node", func(b *Bundle) { b.Nodes = nil }, everything[len(everything)-2:]},
		{"authority that nothing hangs on", func(b *Bundle) { b.EtcdCA = Pair{} }, []string{"etcd/ca.key", "etcd/ca.crt"}},
		{"after a run cut short in the first pair", func(b *Bundle) { *b = Bundle{CA: Pair{Key: b.CA.Key}} }, everything[1:]},
		{"after a run cut short in the third pair", func(b *Bundle) {
			*b = Bundle{CA: b.CA, FrontProxyCA: b.FrontProxyCA, EtcdCA: Pair{Key: b.EtcdCA.Key}}
		}, everything[5:]},
		{"after a run cut short in the last pair", func(b *Bundle) {
			b.Nodes = map[string]Pair{"w0/kubelet-client": {Key: b.Nodes["w0/kubelet-client"].Key}}
		}, []string{"nodes/w0/kubelet-client.crt"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := complete(t, r)
			test.empty(b)
			kept := b.files()
			added, err := b.Complete(r, now)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, added); diff != "" {
				t.Errorf("added (-want +got):\n%s", diff)
			}
			after := map[string]string{}
			for _, f := range b.files() {
				after[f.name] = string(f.data)
			}
			for _, f := range kept {
				if after[f.name] != string(f.data) {
					t.Errorf("%s has changed", f.name)
				}
			}
		})
	}
}

// What Complete cannot put right it reports, and leaves the bundle as it was.
func TestCompleteRefuses(t *testing.T) {
	ca := "; put the authority right, then run kindling pki init"
	tests := []struct {
		name  string
		spoil func(*Bundle)
		want  []string
	}{
		{"authority without key", func(b *Bundle) { b.CA.Key, b.Admin = nil, Pair{} }, []string{
			"ca.key: is missing, although ca.crt is there (an external authority is not supported); put it there, or for a new cluster move ca.crt away and run kindling pki init",
			"admin.crt: is missing, and cannot be made while ca.crt and ca.key are not in order" + ca,
		}},
		{"authority without certificate", func(b *Bundle) { b.EtcdCA.Cert = nil }, []string{
			"etcd/ca.crt: is missing, although etcd/ca.key is there and other files were made after it; put back the original, or for a new cluster move etcd/ca.key away and run kindling pki init",
		}},
		{"leaf without key", func(b *Bundle) { b.Admin.Key = nil }, []string{
			"admin.key: is missing, although admin.crt is there; move admin.crt away, then run kindling pki init",
		}},
		{"service account without private key", func(b *Bundle) { b.SAKey = nil }, []string{
			"sa.key: is missing, although sa.pub is there; put it there, or for a new cluster move sa.pub away and run kindling pki init",
		}},
		{"leaves of an authority that is gone", func(b *Bundle) { b.CA = Pair{} }, []string{
			"admin.crt: is not signed by ca.crt; move it away, then run kindling pki init",
			"nodes/w0/kubelet-client.crt: is not signed by ca.crt; move it away, then run kindling pki init",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := complete(t, request("w0"))
			test.spoil(b)
			before := b.files()
			_, err := b.Complete(request("w0"), now)
			if diff := cmp.Diff(test.want, found(t, err)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, b.files(), cmp.AllowUnexported(file{})); diff != "" {
				t.Error("the bundle has changed")
			}
		})
	}
}

func TestCompleteRefusesRequest(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Request)
		want   string
	}{
		{"algorithm", func(r *Request) { r.Algorithm = "ED25519" }, "ca: unknown key algorithm \"ED25519\"; one of ECDSA-P256, ECDSA-P384, RSA-2048, RSA-3072, RSA-4096"},
		{"validity", func(r *Request) { r.Validity = 0 }, "certificates must be valid for longer than no time"},
		{"group", func(r *Request) { r.AdminGroup = "" }, "the admin certificate needs a group"},
		{"node that leads out of the directory", func(r *Request) { r.NodeCertificates = []string{"w0", "..", "a/b"} },
			"node name \"..\" cannot be the name of a directory\nnode name \"a/b\" cannot be the name of a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := request()
			test.change(&r)
			_, err := new(Bundle).Complete(r, now)
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// fields are those of a certificate that are kubeadm's business.
type fields struct {
	Subject, Issuer     string
	DNSNames            []string
	IPs                 []net.IP
	NotBefore, NotAfter time.Time
	KeyUsage            x509.KeyUsage
	ExtKeyUsage         []x509.ExtKeyUsage
	Constraints, IsCA   bool
	SKI                 bool
	AKI                 string
}

func TestCertificateFields(t *testing.T) {
	r := request("w0")
	r.SuperAdmin = true
	at := now.Add(time.Hour + 123*time.Millisecond)
	b := new(Bundle)
	if _, err := b.Complete(r, at); err != nil {
		t.Fatal(err)
	}
	ca, err := parseCertificate(b.CA.Cert)
	if err != nil {
		t.Fatal(err)
	}
	authority := func(name string) fields {
		return fields{
			Subject: "CN=" + name, Issuer: "CN=" + name, DNSNames: []string{name},
			NotBefore: now.Add(time.Hour - day), NotAfter: now.Add(time.Hour + 10*year),
			KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageCertSign,
			Constraints: true, IsCA: true, SKI: true,
		}
	}
	leaf := func(subject string) fields {
		return fields{
			Subject: subject, Issuer: "CN=kubernetes",
			NotBefore: now.Add(time.Hour - day), NotAfter: now.Add(time.Hour + year),
			KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
			Constraints: true, AKI: string(ca.SubjectKeyId),
		}
	}
	want := map[string]fields{
		"ca.crt":                      authority("kubernetes"),
		"front-proxy-ca.crt":          authority("front-proxy-ca"),
		"etcd/ca.crt":                 authority("etcd-ca"),
		"admin.crt":                   leaf("CN=kubernetes-admin,O=kubeadm:cluster-admins"),
		"super-admin.crt":             leaf("CN=kubernetes-super-admin,O=system:masters"),
		"nodes/w0/kubelet-client.crt": leaf("CN=system:node:w0,O=system:nodes"),
	}
	got, serials := map[string]fields{}, map[string]bool{}
	for _, f := range b.files() {
		if !strings.HasSuffix(f.name, ".crt") {
			continue
		}
		c, err := parseCertificate(f.data)
		if err != nil {
			t.Fatal(err)
		}
		got[f.name] = fields{
			Subject: c.Subject.String(), Issuer: c.Issuer.String(), DNSNames: c.DNSNames, IPs: c.IPAddresses,
			NotBefore: c.NotBefore, NotAfter: c.NotAfter, KeyUsage: c.KeyUsage, ExtKeyUsage: c.ExtKeyUsage,
			Constraints: c.BasicConstraintsValid, IsCA: c.IsCA, SKI: len(c.SubjectKeyId) > 0, AKI: string(c.AuthorityKeyId),
		}
		serials[c.SerialNumber.String()] = true
		if c.SerialNumber.Sign() <= 0 || c.SerialNumber.Cmp(new(big.Int).Lsh(big.NewInt(1), 128)) >= 0 {
			t.Errorf("%s: serial %s", f.name, c.SerialNumber)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(serials) != len(want) {
		t.Errorf("%d serials for %d certificates", len(serials), len(want))
	}
}

// A leaf made late in its authority's life, or by a clock that is behind, stays within that life.
func TestLeafWithinItsAuthority(t *testing.T) {
	b := complete(t, request())
	ca, err := parseCertificate(b.CA.Cert)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{ca.NotBefore.Add(time.Minute), ca.NotAfter.Add(-time.Minute)} {
		b.Admin = Pair{}
		if _, err := b.Complete(request(), at); err != nil {
			t.Fatal(err)
		}
		from, to, err := Window(b.Admin.Cert)
		if err != nil {
			t.Fatal(err)
		}
		if from.Before(ca.NotBefore) || to.After(ca.NotAfter) {
			t.Errorf("made at %s: valid from %s to %s, the authority from %s to %s", at, from, to, ca.NotBefore, ca.NotAfter)
		}
	}
}

func TestAlgorithms(t *testing.T) {
	for _, algorithm := range Algorithms() {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && algorithm == "RSA-4096" {
				t.Skip("slow")
			}
			key, data, err := newKey(algorithm)
			if err != nil {
				t.Fatal(err)
			}
			if got := algorithmOf(key.Public()); got != algorithm {
				t.Errorf("made %s", got)
			}
			kind, _, _ := strings.Cut(strings.Replace(algorithm, "ECDSA", "EC", 1), "-")
			if want := fmt.Sprintf("-----BEGIN %s PRIVATE KEY-----\n", kind); !strings.HasPrefix(string(data), want) {
				t.Errorf("PEM does not begin with %q", want)
			}
			again, err := parseKey(data)
			if err != nil {
				t.Fatal(err)
			}
			if !equal(again.Public(), key.Public()) {
				t.Error("reads back as another key")
			}
		})
	}
}

func TestNewToken(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token := NewToken()
		if _, err := parseToken([]byte(token)); err != nil || seen[token] {
			t.Fatal("malformed or repeated token")
		}
		seen[token] = true
	}
}
