package staticpod

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "record the golden files; the run then fails, so that nobody forgets to read them")

func TestGolden(t *testing.T) {
	for name, test := range map[string]func() ([]byte, error){
		"kube-vip.yaml": func() ([]byte, error) {
			return KubeVIP(KubeVIPConfig{Image: KubeVIPImage, NodeName: "cp0", Address: "10.0.0.100", PrefixLength: 32, Port: 6443, Interface: "eth0", APIServer: "10.0.0.7:6443", Kubeconfig: "/etc/kubernetes/kube-vip.conf"})
		},
		"kube-vip-ipv6.yaml": func() ([]byte, error) {
			return KubeVIP(KubeVIPConfig{Image: KubeVIPImage, NodeName: "cp0", Address: "fd00::100", PrefixLength: 128, Port: 443, Interface: "eth0", APIServer: "[fd00::7]:6443", Kubeconfig: "/etc/kubernetes/kube-vip.conf"})
		},
		"haproxy.yaml": func() ([]byte, error) {
			return HAProxy(HAProxyImage, "/etc/kindling/haproxy.cfg", "/etc/kubernetes/pki/ca.crt")
		},
		"kube-vip-rights.yaml": KubeVIPRights,
	} {
		got, err := test()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("../../../testdata/static-pods", name)
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s: recorded; read the difference, then run again without -update", name)
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-golden +got):\n%s", file, diff)
		}
	}
}
