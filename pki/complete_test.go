package pki

import (
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
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
	r := withSuperAdmin(request("w0"))
	good := complete(t, r)
	keep := func(names ...string) func(files) {
		return func(f files) {
			maps.DeleteFunc(f, func(name string, _ []byte) bool { return !slices.Contains(names, name) })
		}
	}

	tests := []struct {
		name  string
		spoil func(files)
		want  []string
	}{
		{"everything", keep(), everything},
		{"nothing", func(files) {}, nil},
		{"public service account key", func(f files) { f.remove("sa.pub") }, []string{"sa.pub"}},
		{"token", func(f files) { f.remove("bootstrap-token") }, []string{"bootstrap-token"}},
		{"leaf", func(f files) { f.remove("admin.key", "admin.crt") }, []string{"admin.key", "admin.crt"}},
		{"certificate of a leaf's key", func(f files) { f.remove("admin.crt") }, []string{"admin.crt"}},
		{"node", func(f files) { f.remove(everything[len(everything)-2:]...) }, everything[len(everything)-2:]},
		{"authority that nothing hangs on", func(f files) { f.remove("etcd/ca.key", "etcd/ca.crt") }, []string{"etcd/ca.key", "etcd/ca.crt"}},
		{"after a run cut short in the first pair", keep("ca.key"), everything[1:]},
		{"after a run cut short in the third pair", keep(authorities[:5]...), everything[5:]},
		{"after a run cut short in the last pair", func(f files) { f.remove("nodes/w0/kubelet-client.crt") }, []string{"nodes/w0/kubelet-client.crt"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := maps.Clone(good)
			test.spoil(f)
			b, kept := Load(r, f.read), maps.Clone(f)
			missing := b.Missing()
			if err := b.Complete(now, f.add); err != nil {
				t.Fatal(err)
			}
			var added []string
			for _, name := range r.Files() {
				if kept[name] == nil {
					added = append(added, name)
				}
			}
			if diff := cmp.Diff(test.want, added); diff != "" {
				t.Errorf("added (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(added, missing); diff != "" {
				t.Errorf("counted as missing (-added +missing):\n%s", diff)
			}
			if err := b.Check(now); err != nil {
				t.Errorf("the bundle itself: %v", err)
			}
			loaded(t, f, r, now)
		})
	}
}

// What Complete cannot put right it reports, and makes nothing.
func TestCompleteRefuses(t *testing.T) {
	ca := "; put the authority right, then run kindling pki init"
	tests := []struct {
		name string
		lost []string
		want []string
	}{
		{"authority without key", []string{"ca.key", "admin.key", "admin.crt"}, []string{
			"ca.key: is missing, although ca.crt is there (an external authority is not supported); put it there, or for a new cluster move ca.crt away and run kindling pki init",
			"admin.crt: is missing, and cannot be made while ca.crt and ca.key are not in order" + ca,
		}},
		{"authority without certificate", []string{"etcd/ca.crt"}, []string{
			"etcd/ca.crt: is missing, although etcd/ca.key is there and other files were made after it; put back the original, or for a new cluster move etcd/ca.key away and run kindling pki init",
		}},
		{"leaf without key", []string{"admin.key"}, []string{
			"admin.key: is missing, although admin.crt is there; move admin.crt away, then run kindling pki init",
		}},
		{"service account without private key", []string{"sa.key"}, []string{
			"sa.key: is missing, although sa.pub is there; put it there, or for a new cluster move sa.pub away and run kindling pki init",
		}},
		{"leaves of an authority that is gone", []string{"ca.key", "ca.crt"}, []string{
			"admin.crt: is not signed by ca.crt; move it away, then run kindling pki init",
			"nodes/w0/kubelet-client.crt: is not signed by ca.crt; move it away, then run kindling pki init",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := complete(t, request("w0"))
			f.remove(test.lost...)
			before := maps.Clone(f)
			err := Load(request("w0"), f.read).Complete(now, f.add)
			if diff := cmp.Diff(test.want, found(t, err)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, f); diff != "" {
				t.Error("files have changed")
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
		{"algorithm", func(r *Request) { r.Algorithm = "ED25519" }, "unknown key algorithm \"ED25519\"; one of ECDSA-P256, ECDSA-P384, RSA-2048, RSA-3072, RSA-4096"},
		{"validity", func(r *Request) { r.Validity = 0 }, "certificates must be valid for longer than no time"},
		{"name that leads out of the PKI", func(r *Request) { r.Leaves[0].Name = "../admin" },
			"\"../admin.key\" cannot be the name of a file\n\"../admin.crt\" cannot be the name of a file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := request()
			test.change(&r)
			err := Load(r, files{}.read).Complete(now, files{}.add)
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Leaves that have expired are not in the way of those that are missing.
func TestCompleteBesideExpiredLeaves(t *testing.T) {
	f := complete(t, request("w0"))
	b := finish(t, f, request("w0", "w1"), now.Add(year+day))
	var ended []string
	for _, e := range b.Ending(now.Add(year + day)) {
		ended = append(ended, e.Name)
	}
	if diff := cmp.Diff([]string{"admin", "nodes/w0/kubelet-client"}, ended); diff != "" {
		t.Errorf("ended (-want +got):\n%s", diff)
	}
}

// Whatever moment a run ends at, what it has saved is kept, no certificate is without its key, and the next run goes on.
func TestCompleteGoesOn(t *testing.T) {
	r := request("w0", "w1", "w2", "w3", "w4", "w5", "w6", "w7")
	full := errors.New("disk full")
	for batches := 0; ; batches++ {
		f, left := files{}, batches
		err := Load(r, f.read).Complete(now, func(more map[string][]byte) error {
			if left--; left < 0 {
				return full
			}
			return f.add(more)
		})
		for name := range f {
			if pair, ok := strings.CutSuffix(name, ".crt"); ok && f[pair+".key"] == nil {
				t.Errorf("after %d batches: %s is without its key", batches, name)
			}
		}
		kept := maps.Clone(f)
		finish(t, f, r, now)
		loaded(t, f, r, now)
		for name, data := range kept {
			if string(f[name]) != string(data) {
				t.Errorf("after %d batches: %s has changed", batches, name)
			}
		}
		if err == nil {
			return
		}
		if !errors.Is(err, full) {
			t.Fatal(err)
		}
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
	r, f := withSuperAdmin(request("w0")), files{}
	ca := finish(t, f, r, now.Add(time.Hour+123*time.Millisecond)).Pair(CA).cert
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
	for name, data := range f {
		if !strings.HasSuffix(name, ".crt") {
			continue
		}
		c, err := parseCertificate(data)
		if err != nil {
			t.Fatal(err)
		}
		got[name] = fields{
			Subject: c.Subject.String(), Issuer: c.Issuer.String(), DNSNames: c.DNSNames, IPs: c.IPAddresses,
			NotBefore: c.NotBefore, NotAfter: c.NotAfter, KeyUsage: c.KeyUsage, ExtKeyUsage: c.ExtKeyUsage,
			Constraints: c.BasicConstraintsValid, IsCA: c.IsCA, SKI: len(c.SubjectKeyId) > 0, AKI: string(c.AuthorityKeyId),
		}
		serials[c.SerialNumber.String()] = true
		if c.SerialNumber.Sign() <= 0 || c.SerialNumber.Cmp(new(big.Int).Lsh(big.NewInt(1), 128)) >= 0 {
			t.Errorf("%s: serial %s", name, c.SerialNumber)
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
	f := complete(t, request())
	ca := loaded(t, f, request(), now).Pair(CA).cert
	for _, at := range []time.Time{ca.NotBefore.Add(time.Minute), ca.NotAfter.Add(-time.Minute)} {
		f.remove("admin.key", "admin.crt")
		made := finish(t, f, request(), at).Pair(Admin).cert
		if made.NotBefore.Before(ca.NotBefore) || made.NotAfter.After(ca.NotAfter) {
			t.Errorf("made at %s: valid from %s to %s, the authority from %s to %s", at, made.NotBefore, made.NotAfter, ca.NotBefore, ca.NotAfter)
		}
	}
}

func TestAlgorithms(t *testing.T) {
	for _, algorithm := range Algorithms() {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
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
