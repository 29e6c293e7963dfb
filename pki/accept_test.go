package pki

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// TestImportedAuthorities has authorities that people bring along, and what their machines would do with them.
func TestImportedAuthorities(t *testing.T) {
	const (
		refused  = "; the programs on the machines refuse it: use an authority that kindling pki init makes, or one like it"
		original = "; put the original back; only for a new cluster move the whole PKI away and run kindling pki init"
		signs    = "ca.crt: cannot sign what the machines need: x509: "
	)
	rsaKey := func(bits int) crypto.Signer {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	ec := func(curve elliptic.Curve) crypto.Signer {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	p256 := ec(elliptic.P256())
	plain := func(*x509.Certificate) {}
	root := func(key crypto.Signer, change func(*x509.Certificate)) files {
		return authorityFiles(t, key, nil, nil, change)
	}
	_, outside, err := net.ParseCIDR("192.0.2.0/24")
	if err != nil {
		t.Fatal(err)
	}
	company := root(p256, func(c *x509.Certificate) { c.Subject.CommonName = "company" })
	between := func(change func(*x509.Certificate)) files {
		parent, err := parseCertificate(company["ca.crt"])
		if err != nil {
			t.Fatal(err)
		}
		return authorityFiles(t, ec(elliptic.P256()), parent, p256, change)
	}
	intermediate := between(plain)
	chain := files{"ca.crt": append(bytes.Clone(intermediate["ca.crt"]), company["ca.crt"]...), "ca.key": intermediate["ca.key"]}

	for name, test := range map[string]struct {
		ca   files
		want []string
	}{
		"P-256":    {root(p256, plain), nil},
		"P-384":    {root(ec(elliptic.P384()), plain), nil},
		"P-521":    {root(ec(elliptic.P521()), plain), nil},
		"RSA-2048": {root(rsaKey(2048), plain), nil},
		"P-224":    {root(ec(elliptic.P224()), plain), []string{"ca.crt: has a key on the curve P-224, which Kubernetes does not take; P-256, P-384 and P-521 are good" + refused}},
		"RSA-1024": {root(rsaKey(1024), plain), []string{"ca.crt: has an RSA key of 1024 bits, and not all programs take one of less than 2048 or more than 8192" + refused}},
		"RSA-2040": {root(rsaKey(2040), plain), []string{"ca.crt: has an RSA key of 2040 bits, and not all programs take one of less than 2048 or more than 8192" + refused}},

		"a chain":                  {chain, []string{"ca.crt: holds more than one certificate, with which kube-controller-manager does not start; leave the root alone in it, which signs itself and has the private key"}},
		"an old and a new root":    {files{"ca.crt": append(bytes.Clone(root(p256, plain)["ca.crt"]), root(p256, plain)["ca.crt"]...), "ca.key": root(p256, plain)["ca.key"]}, []string{"ca.crt: holds more than one certificate, with which kube-controller-manager does not start; leave the root alone in it, which signs itself and has the private key"}},
		"an intermediate":          {intermediate, []string{"ca.crt: is signed by another authority, CN=company: curl, socat and HAProxy trust a root only" + refused}},
		"one of its parent's name": {between(func(c *x509.Certificate) { c.Subject.CommonName = "company" }), []string{"ca.crt: is signed by another authority, CN=company: curl, socat and HAProxy trust a root only" + refused}},

		"other DNS names": {root(p256, func(c *x509.Certificate) {
			c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"corp.example"}
		}),
			[]string{signs + `a root or intermediate certificate is not authorized to sign for this name: DNS name "kubernetes" is not permitted by any constraint` + refused}},
		"an excluded DNS name": {root(p256, func(c *x509.Certificate) { c.ExcludedDNSDomains = []string{"svc"} }),
			[]string{signs + `a root or intermediate certificate is not authorized to sign for this name: DNS name "kubernetes.default.svc" is excluded by constraint "svc"` + refused}},
		"other addresses": {root(p256, func(c *x509.Certificate) { c.PermittedIPRanges = []*net.IPNet{outside} }),
			[]string{signs + `a root or intermediate certificate is not authorized to sign for this name: IP address "10.0.0.7" is not permitted by any constraint` + refused}},
		"its own names":    {root(p256, func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"kubernetes", "default.svc"} }), nil},
		"for clients only": {root(p256, func(c *x509.Certificate) { c.ExtKeyUsage = client }), []string{signs + "certificate specifies an incompatible key usage" + refused}},
		"for mail":         {root(p256, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection} }), []string{signs + "certificate specifies an incompatible key usage" + refused}},
		"for both":         {root(p256, func(c *x509.Certificate) { c.ExtKeyUsage = clientAndServer }), nil},
		"no path below it": {root(p256, func(c *x509.Certificate) { c.MaxPathLenZero = true }), nil},
		"a critical extension that nobody knows": {root(p256, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3}, Critical: true, Value: []byte{5, 0}}}
		}), []string{signs + "unhandled critical extension" + refused}},
		"not for signing certificates": {root(p256, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }), []string{"ca.crt: is not a certificate authority" + original}},
	} {
		t.Run(name, func(t *testing.T) {
			r := request("w0")
			r.Authorities[0].Usages, r.Authorities[0].Hosts = clientAndServer, []string{"kubernetes", "kubernetes.default.svc", "10.0.0.7"}
			f := test.ca
			err := Load(r, f.read).Complete(now, f.add)
			got := slices.DeleteFunc(found(t, err), func(line string) bool { return strings.Contains(line, "cannot be made while ca.crt") })
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if err != nil && len(f) > 2 {
				t.Error("something was made")
			}
			if err == nil {
				loaded(t, f, r, now)
			}
		})
	}
}

// authorityFiles are an authority's, signed by its parent, or by itself without one.
func authorityFiles(t *testing.T, key crypto.Signer, parent *x509.Certificate, parentKey crypto.Signer, change func(*x509.Certificate)) files {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kubernetes"}, NotBefore: now.Add(-day), NotAfter: now.Add(year),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, BasicConstraintsValid: true, IsCA: true,
	}
	change(template)
	if parent == nil {
		parent, parentKey = template, key
	}
	cert, err := sign(template, parent, key.Public(), parentKey)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return files{"ca.crt": cert, "ca.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})}
}

// TestForms has a good PKI's files in forms in which people get hold of them.
func TestForms(t *testing.T) {
	type form = func(data []byte) []byte
	text := func(change func(string) string) form {
		return func(data []byte) []byte { return []byte(change(string(data))) }
	}
	der := func(data []byte) []byte {
		block, _ := pem.Decode(data)
		return block.Bytes
	}
	relabel := func(label string) form {
		return func(data []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der(data)}) }
	}
	wide := func(data []byte) []byte {
		out := []byte{0xff, 0xfe}
		for _, unit := range utf16.Encode([]rune(string(data))) {
			out = append(out, byte(unit), byte(unit>>8))
		}
		return out
	}
	ed25519Key := func([]byte) []byte {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	}
	fault := func(file, is, remedy string) []string { return []string{file + ": " + is + "; " + remedy} }
	const original = "put the original back; only for a new cluster move the whole PKI away and run kindling pki init"
	for name, test := range map[string]struct {
		file string
		form form
		want []string
	}{
		"CRLF":                        {"ca.crt", text(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }), nil},
		"CRLF, a key":                 {"ca.key", text(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }), nil},
		"OpenSSL's text before it":    {"ca.crt", text(func(s string) string { return "Certificate:\n    Data:\n        Version: 3 (0x2)\n" + s }), nil},
		"text after it":               {"ca.crt", text(func(s string) string { return s + "the end\n" }), nil},
		"no last line end":            {"ca.crt", text(strings.TrimSpace), nil},
		"blanks at line ends":         {"ca.crt", text(func(s string) string { return strings.ReplaceAll(s, "\n", " \n") }), nil},
		"a byte-order mark":           {"ca.crt", text(func(s string) string { return "\ufeff" + s }), fault("ca.crt", "begins with a byte-order mark, so that no program finds the first line", "save it as UTF-8 without one")},
		"a byte-order mark, a key":    {"ca.key", text(func(s string) string { return "\ufeff" + s }), fault("ca.key", "begins with a byte-order mark, so that no program finds the first line", "save it as UTF-8 without one")},
		"UTF-16":                      {"ca.crt", wide, fault("ca.crt", "is UTF-16, as PowerShell writes it", "save it as ASCII or UTF-8")},
		"indented":                    {"etcd/ca.crt", text(func(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") }), fault("etcd/ca.crt", "has something before -----BEGIN in its line, as if it were cut out of YAML", "let each line begin in the first column")},
		"a tab before it":             {"sa.key", text(func(s string) string { return "\t" + s }), fault("sa.key", "has something before -----BEGIN in its line, as if it were cut out of YAML", "let each line begin in the first column")},
		"quoted":                      {"ca.crt", text(func(s string) string { return `"` + strings.ReplaceAll(s, "\n", `\n`) + `"` }), fault("ca.crt", `has \n in the place of line ends`, `write it out with printf '%b'`)},
		"line ends of an old Mac":     {"ca.crt", text(func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }), fault("ca.crt", "has a carriage return alone in the place of line ends", `convert it with tr '\r' '\n'`)},
		"base64":                      {"front-proxy-ca.crt", text(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }), fault("front-proxy-ca.crt", "is base64 of PEM, as a Secret holds it", "decode it with base64 -d")},
		"DER":                         {"ca.crt", der, fault("ca.crt", "is DER, not PEM", "convert it with openssl, -inform DER -outform PEM")},
		"DER, a short key":            {"ca.key", der, fault("ca.key", "is DER, not PEM", "convert it with openssl, -inform DER -outform PEM")},
		"a request":                   {"ca.crt", relabel("CERTIFICATE REQUEST"), fault("ca.crt", "holds no PEM certificate, but a block CERTIFICATE REQUEST", original)},
		"OpenSSL's trusted form":      {"ca.crt", relabel("TRUSTED CERTIFICATE"), fault("ca.crt", "holds no PEM certificate, but a block TRUSTED CERTIFICATE", original)},
		"a key of another form":       {"sa.key", relabel("RSA PRIVATE KEY"), fault("sa.key", "holds another form of private key than its -----BEGIN line says", "write it anew with openssl pkey")},
		"OpenSSH's form of a key":     {"sa.key", relabel("OPENSSH PRIVATE KEY"), fault("sa.key", "holds no PEM private key, but a block OPENSSH PRIVATE KEY", original)},
		"an Ed25519 key":              {"sa.key", ed25519Key, fault("sa.key", "is neither an RSA key nor an ECDSA key on P-256, P-384 or P-521, and kubeadm takes no other", "bring one of these kinds")},
		"empty":                       {"sa.key", text(func(string) string { return "" }), fault("sa.key", "holds no PEM private key", original)},
		"a leaf's, which can be made": {"admin.key", text(func(s string) string { return s[:len(s)/2] }), fault("admin.key", "is damaged: a PEM block is incomplete", "restore it, or move it away, then run kindling pki init")},
	} {
		t.Run(name, func(t *testing.T) {
			f := complete(t, request())
			f[test.file] = test.form(f[test.file])
			if diff := cmp.Diff(test.want, found(t, Load(request(), f.read).Check(now))); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// TestKeysOfTheirOwn: who has one key must not have another one's power.
func TestKeysOfTheirOwn(t *testing.T) {
	r := request("w0")
	copies := func(to, from string) func(files) {
		return func(f files) { f[to] = f[from] }
	}
	// as gives an authority another one's key.
	as := func(authority, other string) func(files) {
		return func(f files) {
			key, err := parseKey(f[other+".key"])
			if err != nil {
				t.Fatal(err)
			}
			f[authority+".key"] = f[other+".key"]
			if f[authority+".crt"], err = newAuthority(key, authority, now, year); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		spoil func(files)
		want  string
	}{
		"etcd's authority is the cluster's":  {as(EtcdCA, CA), "etcd/ca.crt: has the same key as ca.crt; give each a key of its own"},
		"the front proxy's is the cluster's": {as(FrontProxyCA, CA), "front-proxy-ca.crt: has the same key as ca.crt; give each a key of its own"},
		"the front proxy's is etcd's":        {as(FrontProxyCA, EtcdCA), "etcd/ca.crt: has the same key as front-proxy-ca.crt; give each a key of its own"},
		"the service account's":              {func(f files) { f.remove("sa.pub"); copies("sa.key", "ca.key")(f) }, "sa.key: has the same key as ca.crt; give each a key of its own"},
		"a worker's is the authority's": {func(f files) {
			f.remove("nodes/w0/kubelet-client.crt")
			copies("nodes/w0/kubelet-client.key", "ca.key")(f)
		}, "nodes/w0/kubelet-client.key: has the same key as ca.crt; give each a key of its own"},
		"a worker's is the service account's": {func(f files) {
			f.remove("nodes/w0/kubelet-client.crt")
			copies("nodes/w0/kubelet-client.key", "sa.key")(f)
		},
			"nodes/w0/kubelet-client.key: has the same key as sa.key; give each a key of its own"},
	} {
		t.Run(name, func(t *testing.T) {
			f := complete(t, r)
			test.spoil(f)
			err := Load(r, f.read).Complete(now, f.add)
			if diff := cmp.Diff([]string{test.want}, found(t, err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
