package machines

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kindling/e2e/internal/leaf"
)

// issuer is where the rig's OpenID provider is.
var issuer = netip.MustParsePrefix("10.0.0.9/24")

// metadata is where the rig's metadata service is.
var metadata = netip.MustParsePrefix("10.0.0.4/24")

// registriesLine is what the console says to write, and in which section.
var registriesLine = regexp.MustCompile(`config\.toml needs (config_path = '\S+') in the section (\[\S+\]);`)

// TestFaultEverything boots machines of both formats with most of what users can add: keys that are delivered apart, encryption at rest, an audit
// log, an OpenID provider and a registry with a CA of their own, a proxy with a password, kube-proxy with nftables, snippets, swap.
func TestFaultEverything(t *testing.T) {
	c := newCluster(t, generate(t, "everything.yaml"), nil)
	c.serve()
	c.ServeRegistry(registry, c.certificate("images.test", registry), "mirror/rig/pause")
	proxy := c.ServeProxy(netip.MustParsePrefix("10.0.0.8/24"), url.UserPassword("kindling", "100%&$x"), map[string]netip.Addr{"mirror.test": c.at(fileServer).Addr()})
	token := c.serveOpenID("alice")
	c.ServeFiles(metadata, fstest.MapFS{"user-data": {Data: []byte("keys")}})
	c.Boot(c.names("")...)
	for _, name := range c.names("") { // the image's containerd knows of no registries
		c.waitForLine(name, "registries: failed: containerd does not read /etc/containerd/certs.d")
		line := registriesLine.FindStringSubmatch(c.Said(name))
		if line == nil {
			t.Fatalf("%s does not say what to write: %s", name, lastLine(c.Said(name)))
		}
		c.run(name, "bash", "-c", `printf '%s\n' "$@" >>/etc/containerd/config.toml && systemctl restart containerd`, "write", line[2], line[1])
	}
	c.checkCluster()
	c.checkWorkload()
	c.checkRegistry()
	c.checkMetadata()

	if asked := proxy.Asked(); !slices.Contains(asked, "mirror.test/flannel.yaml") {
		t.Errorf("the proxy was asked for %v", asked)
	}
	for _, name := range c.names("control-plane") {
		c.checkEncrypted(name)
		if log := c.run(name, "head", "-c", "200", "/var/log/kubernetes/audit.log"); !strings.Contains(log, `"kind":"Event"`) {
			t.Errorf("the audit log of %s: %s", name, log)
		}
		c.checkKnows(name, token, "https://10.0.0.9#alice")
	}
	for _, name := range c.names("worker") {
		if found := c.run(name, "bash", "-c", "grep -rlIs c2VjcmV0LWF0LXJlc3Q /etc /var/lib/cloud /var/lib/kindling || true"); found != "" {
			t.Errorf("%s has the key at rest in %s", name, found)
		}
		if state := c.run(name, "systemctl", "show", "--property=LoadState", "swap.target"); state != "LoadState=loaded\n" {
			t.Errorf("the swap of %s: %s", name, state)
		}
	}
	for _, name := range c.names("") {
		for _, test := range [][]string{
			{"app app 640", "stat", "--format=%U %G %a", "/etc/app.conf"},
			{"before", "cat", "/etc/app.order"},
			{"8192", "cat", "/proc/sys/net/core/somaxconn"},
		} {
			if got := strings.TrimSpace(c.run(name, test[1:]...)); got != test[0] {
				t.Errorf("%s: %v: %q, want %q", name, test[1:], got, test[0])
			}
		}
		if rules := c.run(name, "nft", "list", "tables"); !strings.Contains(rules, "table ip kube-proxy") {
			t.Errorf("kube-proxy's tables on %s: %s", name, rules)
		}
	}
	for name, want := range map[string]string{"w0": "77", "w1": "99"} {
		if pods := c.admin.mustKubectl("get", "node", name, "--output=jsonpath={.status.capacity.pods}"); pods != want {
			t.Errorf("%s takes %s pods", name, pods)
		}
		c.Eventually("the control planes have labelled "+name, func() (string, bool) {
			labels := c.admin.mustKubectl("get", "node", name, "--output=jsonpath={.metadata.labels}")
			return labels, strings.Contains(labels, `"node-role.kubernetes.io/gpu":""`)
		})
	}
}

// checkEncrypted checks that a Secret is not readable in a control plane's etcd.
func (c *cluster) checkEncrypted(name string) {
	c.t.Helper()
	c.admin.mustKubectl("create", "secret", "generic", "at-rest-"+name, "--from-literal=password=open-sesame")
	if stored, err := c.etcdctl(name, "get", "/registry/secrets/default/at-rest-"+name); err != nil || !strings.Contains(stored, "k8s:enc:secretbox:v1:k1:") || strings.Contains(stored, "open-sesame") {
		c.t.Errorf("the Secret is not encrypted in etcd on %s: %q %v", name, stored, err)
	}
}

// checkMetadata checks that pods do not reach the metadata service, but another server, and that their machines reach both.
func (c *cluster) checkMetadata() {
	c.t.Helper()
	ask := fmt.Sprintf(`
		ask() { for server in %s %s; do "$@" curl -s --max-time 9 -o /dev/null -w '%%{http_code} ' "http://$server/" || true; done; echo; }
		ask env
		for pod in $(ls /run/netns); do ask ip netns exec "$pod"; done`, metadata.Addr(), c.at(fileServer).Addr())
	pods := 0
	for _, name := range slices.Concat(c.names("control-plane"), c.names("worker")) {
		answers := strings.Split(strings.TrimSpace(c.run(name, "bash", "-c", ask)), "\n")
		for i, answer := range answers {
			if want := map[bool]string{true: "200 200", false: "000 200"}[i == 0]; strings.TrimSpace(answer) != want {
				c.t.Errorf("%s: the machine and its pods: %q", name, answers)
			}
		}
		pods += len(answers) - 1
	}
	if pods == 0 {
		c.t.Error("no machine has a pod with a network of its own")
	}
}

// certificate is one of a server of the rig, from the CA that the specs' caFile has.
func (c *cluster) certificate(name string, at netip.Prefix) tls.Certificate {
	c.t.Helper()
	pair, err := tls.X509KeyPair(leaf.Etcd(c.t, sharedPKI, name, at.Addr().String(), time.Now().Add(-time.Hour)))
	if err != nil {
		c.t.Fatal(err)
	}
	return pair
}

// serveOpenID serves what an OpenID provider has for those who check its tokens (OpenID Connect Discovery, RFC 7517), and returns a
// token (RFC 7519) of a user.
func (c *cluster) serveOpenID(user string) (token string) {
	c.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		c.t.Fatal(err)
	}
	base64URL := base64.RawURLEncoding.EncodeToString
	document := func(v any) []byte {
		text, err := json.Marshal(v)
		if err != nil {
			c.t.Fatal(err)
		}
		return text
	}
	at := "https://" + issuer.Addr().String()
	c.ServeFilesTLS(issuer, c.certificate("openid.test", issuer), fstest.MapFS{
		".well-known/openid-configuration": {Data: document(map[string]any{"issuer": at, "jwks_uri": at + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})},
		"keys": {Data: document(map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "n": base64URL(key.N.Bytes()), "e": base64URL(big.NewInt(int64(key.E)).Bytes()),
		}}})},
	})
	signed := base64URL(document(map[string]string{"alg": "RS256", "kid": "1"})) + "." +
		base64URL(document(map[string]any{"iss": at, "aud": "kindling", "sub": user, "exp": time.Now().Add(24 * time.Hour).Unix()}))
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		c.t.Fatal(err)
	}
	return signed + "." + base64URL(signature)
}

// checkKnows checks as whom a control plane's API server knows the owner of a token.
func (c *cluster) checkKnows(name, token, user string) {
	c.t.Helper()
	ask := fmt.Sprintf(`curl -sS --cacert /etc/kubernetes/pki/ca.crt -H "Authorization: Bearer %s" -H "Content-Type: application/json" --data '%s' https://%s:6443/apis/authentication.k8s.io/v1/selfsubjectreviews`,
		token, `{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}`, c.node(name).Address)
	c.Eventually("the API server of "+name+" knows a user of the OpenID provider", func() (string, bool) {
		out, err := c.Exec(name, "bash", "-c", ask)
		return out, err == nil && strings.Contains(out, `"username": "`+user+`"`)
	})
}
