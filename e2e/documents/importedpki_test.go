package documents

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
)

// importedKeys are commands that make the private key of an authority, as people have them, and why kindling refuses it; nothing if it
// must not.
var importedKeys = map[string]struct{ command, refused string }{
	"RSA-1024":              {"openssl genrsa 1024", "has an RSA key of 1024 bits"},
	"RSA-2048 PKCS#8":       {"openssl genrsa 2048", ""},
	"RSA-2048 PKCS#1":       {"openssl genrsa -traditional 2048", ""},
	"RSA-3072":              {"openssl genrsa 3072", ""},
	"RSA-4096":              {"openssl genrsa 4096", ""},
	"RSA text before":       {"openssl genrsa -traditional 2048 | openssl rsa -traditional -text", ""},
	"RSA encrypted":         {"openssl genrsa -aes128 -passout pass:secret 2048", "is encrypted"},
	"RSA-PSS":               {"openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", "is neither an RSA key nor an ECDSA key"},
	"P-224":                 {"openssl ecparam -name secp224r1 -genkey", "has a key on the curve P-224"},
	"P-256 PKCS#8":          {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", ""},
	"P-256 SEC 1":           {"openssl ecparam -name prime256v1 -genkey -noout", ""},
	"P-256 with parameters": {"openssl ecparam -name prime256v1 -genkey", ""},
	"P-256 explicit curve":  {"openssl ecparam -name prime256v1 -genkey -param_enc explicit", "is neither an RSA key nor an ECDSA key"},
	"P-384":                 {"openssl ecparam -name secp384r1 -genkey -noout", ""},
	"P-521":                 {"openssl ecparam -name secp521r1 -genkey -noout", ""},
	"secp256k1":             {"openssl ecparam -name secp256k1 -genkey -noout", "is neither an RSA key nor an ECDSA key"},
	"Ed25519":               {"openssl genpkey -algorithm ED25519", "is neither an RSA key nor an ECDSA key"},
	"CRLF":                  {"openssl ecparam -name prime256v1 -genkey | sed 's/$/\\r/'", ""},
	"DER":                   {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER", "is DER, not PEM"},
}

// importPKI makes what people bring along, in the directory $PKI, with keys that make_key prints.
const importPKI = `
mkdir -p "$PKI/etcd" && cd "$PKI"
for ca in ca:kubernetes etcd/ca:etcd-ca front-proxy-ca:front-proxy-ca; do
	name=${ca%:*}
	make_key >"$name.key"
	openssl req -x509 -new -key "$name.key" $IN -passin pass:secret -days 3650 -subj "/CN=${ca#*:}" -addext keyUsage=critical,keyCertSign,digitalSignature,keyEncipherment -out "$name.pem"
	openssl x509 -in "$name.pem" -text >"$name.crt"
	case $FORM in CRLF) sed -i 's/$/\r/' "$name.crt" ;; esac
	rm "$name.pem"
done
make_key >sa.key
openssl pkey -in sa.key $IN -passin pass:secret -pubout >sa.pub
chmod -R go= .
`

// TestImportedPKI brings authorities in every form to kindling, and has the programs of a control plane use those that it takes: kubeadm signs
// with them, etcd serves and curl and etcdctl ask it, and HAProxy checks a server with the API server's certificate.
func TestImportedPKI(t *testing.T) {
	spec := filepath.Join(t.TempDir(), "cluster.yaml")
	if err := os.WriteFile(spec, []byte(importedSpec), 0o644); err != nil {
		t.Fatal(err)
	}
	for form, test := range importedKeys {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			pki := filepath.Join(t.TempDir(), "pki")
			openssl := exec.Command("bash", "-euo", "pipefail", "-c", "make_key() { "+test.command+" 2>/dev/null; }\n"+importPKI)
			openssl.Env = append(os.Environ(), "PKI="+pki, "FORM="+form, "IN=")
			if form == "DER" {
				openssl.Env = append(openssl.Env, "IN=-inform DER")
			}
			if out, err := openssl.CombinedOutput(); err != nil {
				t.Fatalf("openssl: %v\n%s", err, out)
			}
			documents, err := kindling.Generate(t, spec, pki)
			switch {
			case test.refused == "" && err != nil:
				t.Fatal(err)
			case test.refused == "":
				checkPKIInUse(t, documents)
			case err == nil:
				t.Error("is accepted")
			case !strings.Contains(err.Error(), "ca.key: "+test.refused) && !strings.Contains(err.Error(), "ca.crt: "+test.refused):
				t.Errorf("is refused without the cause %q: %v", test.refused, err)
			}
		})
	}
}

const importedSpec = `apiVersion: kindling/v1alpha1
kind: Cluster
name: imported
kubernetesVersion: ` + build.KubernetesVersion + `
controlPlaneEndpoint: api.demo.test:8443
loadBalancer: {provider: haproxy}
os: ubuntu
install: {method: preinstalled}
cni: {manifest: none}
nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7}
- {name: w0, role: worker, address: 10.0.0.10}
`

// usePKI is what a control plane does with its keys. openssl stands for the API server.
const usePKI = `
ip addr add 10.0.0.7/32 dev lo
ip addr add 10.0.0.10/32 dev lo
` + signScript + `
cd /etc/kubernetes/pki
/etcd --name cp0 --data-dir /run/etcd --log-level error --client-cert-auth --peer-client-cert-auth \
	--cert-file etcd/server.crt --key-file etcd/server.key --trusted-ca-file etcd/ca.crt \
	--peer-cert-file etcd/peer.crt --peer-key-file etcd/peer.key --peer-trusted-ca-file etcd/ca.crt \
	--listen-client-urls https://10.0.0.7:2379 --advertise-client-urls https://10.0.0.7:2379 \
	--listen-peer-urls https://10.0.0.7:2380 --initial-advertise-peer-urls https://10.0.0.7:2380 --initial-cluster cp0=https://10.0.0.7:2380 &
curl="curl -sS -f --retry 30 --retry-delay 1 --retry-all-errors --max-time 5"
$curl --cacert etcd/ca.crt --cert apiserver-etcd-client.crt --key apiserver-etcd-client.key https://10.0.0.7:2379/health | grep '"health":"true"'
$curl --http1.1 --cacert etcd/ca.crt --cert etcd/peer.crt --key etcd/peer.key https://10.0.0.7:2380/members | grep 10.0.0.7
/etcdctl --endpoints https://10.0.0.7:2379 --cacert etcd/ca.crt --cert etcd/healthcheck-client.crt --key etcd/healthcheck-client.key endpoint health

openssl s_server -quiet -www -accept 10.0.0.7:6443 -cert apiserver.crt -key apiserver.key -CAfile ca.crt -verify 1 >/run/server 2>&1 &
haproxy -f /etc/kindling/haproxy.cfg >/run/haproxy 2>&1 &
$curl --cacert ca.crt --cert apiserver-kubelet-client.crt --key apiserver-kubelet-client.key https://10.0.0.7:6443/ >/run/page
for _ in {1..30}; do
	! grep 'server kube-apiserver/cp0 succeeded.*Layer7 check passed' /run/haproxy || exit 0
	sleep 1
done
cat /run/server /run/haproxy
exit 1
`

// checkPKIInUse has the programs of a control plane use its keys.
func checkPKIInUse(t *testing.T, documents kindling.Documents) {
	boot := firstboot.Ignition(t, documents.Document(t, "cp0", kindling.Ignition, kindling.Text))
	var layers []string
	for _, program := range []build.Program{build.Kubeadm(build.KubernetesVersion), build.Etcd("etcd", build.EtcdVersion), build.Etcd("etcdctl", build.EtcdVersion)} {
		path, err := program.Path()
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, filepath.Dir(path))
	}
	sandbox := boot.With(t, layers...)
	if _, err := sandbox.Inside(context.Background(), usePKI); err != nil {
		t.Errorf("the machine's programs: %v", err)
	}
	// kubeadm leaves out the text before a certificate, which the documents keep.
	script := "openssl x509 -in /etc/kubernetes/pki/ca.crt -out /run/ca.crt; mount --bind /run/ca.crt /etc/kubernetes/pki/ca.crt\n" + verifyScript(true, kubeconfigsOf(boot.Tree))
	if _, err := sandbox.Inside(context.Background(), script); err != nil {
		t.Errorf("a certificate does not verify: %v", err)
	}
}
