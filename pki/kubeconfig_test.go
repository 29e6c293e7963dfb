package pki

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

func TestKubeconfigYAML(t *testing.T) {
	tests := []struct {
		name string
		k    Kubeconfig
		want string
	}{
		{"embedded", Kubeconfig{
			Cluster: "demo", Server: "https://api.demo.test:6443", User: "kubernetes-admin",
			CACert: []byte("authority"), Client: Pair{Cert: []byte("cert"), Key: []byte("key")},
		}, `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: "YXV0aG9yaXR5"
    server: "https://api.demo.test:6443"
  name: "demo"
contexts:
- context:
    cluster: "demo"
    user: "kubernetes-admin"
  name: "kubernetes-admin@demo"
current-context: "kubernetes-admin@demo"
users:
- name: "kubernetes-admin"
  user:
    client-certificate-data: "Y2VydA=="
    client-key-data: "a2V5"
`},
		{"files", Kubeconfig{
			Cluster: "demo", Server: "https://10.0.0.5:6443", User: "system:node:w0", CAFile: "/etc/kubernetes/pki/ca.crt",
			ClientCertFile: "/etc/kindling/kubelet-client.crt", ClientKeyFile: "/etc/kindling/kubelet-client.key",
		}, `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority: "/etc/kubernetes/pki/ca.crt"
    server: "https://10.0.0.5:6443"
  name: "demo"
contexts:
- context:
    cluster: "demo"
    user: "system:node:w0"
  name: "system:node:w0@demo"
current-context: "system:node:w0@demo"
users:
- name: "system:node:w0"
  user:
    client-certificate: "/etc/kindling/kubelet-client.crt"
    client-key: "/etc/kindling/kubelet-client.key"
`},
		{"token", Kubeconfig{Cluster: "demo", Server: "https://[fd00::5]:6443", User: "tls-bootstrap-token-user", CACert: []byte("authority"), Token: "abcdef.0123456789abcdef"}, `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: "YXV0aG9yaXR5"
    server: "https://[fd00::5]:6443"
  name: "demo"
contexts:
- context:
    cluster: "demo"
    user: "tls-bootstrap-token-user"
  name: "tls-bootstrap-token-user@demo"
current-context: "tls-bootstrap-token-user@demo"
users:
- name: "tls-bootstrap-token-user"
  user:
    token: "abcdef.0123456789abcdef"
`},
		{"no credentials", Kubeconfig{Cluster: "demo", Server: "https://api:6443", User: "nobody", CACert: []byte("authority")}, `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: "YXV0aG9yaXR5"
    server: "https://api:6443"
  name: "demo"
contexts:
- context:
    cluster: "demo"
    user: "nobody"
  name: "nobody@demo"
current-context: "nobody@demo"
users:
- name: "nobody"
  user: {}
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, string(test.k.YAML())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever a value holds, it stays a value.
func TestKubeconfigQuotes(t *testing.T) {
	for _, odd := range []string{"a: b", "#x", "null", "1e3", "\"\\\n\t- x", "é\u2028<&>\x7f", "{{ x }}", "~"} {
		var got struct {
			Clusters []struct {
				Name    string
				Cluster struct{ Server string }
			}
			CurrentContext string `json:"current-context"`
		}
		if err := yaml.Unmarshal(Kubeconfig{Cluster: odd, Server: odd, User: "u"}.YAML(), &got); err != nil {
			t.Errorf("%q: %v", odd, err)
			continue
		}
		if len(got.Clusters) != 1 || got.Clusters[0].Name != odd || got.Clusters[0].Cluster.Server != odd || got.CurrentContext != "u@"+odd {
			t.Errorf("%q reads back as %+v", odd, got)
		}
	}
}
