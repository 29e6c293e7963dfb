package kubeadm

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kindling/generator/internal/kubernetes"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "record the golden files; the run then fails, so that nobody forgets to read them")

const golden = "../../../testdata/kubeadm"

// full uses every field of the hub.
func full(v kubernetes.Version) Config {
	return Config{
		Version: v,
		Node: Node{
			Name: "cp0", CRISocket: "unix:///var/run/containerd/containerd.sock", AdvertiseAddress: "10.0.0.7",
			KubeletArgs: []Arg{{"node-ip", "10.0.0.7"}, {"v", "2"}, {"v", "3"}},
			Taints:      []Taint{{"dedicated", "etcd", "NoSchedule"}},
		},
		Cluster: Cluster{
			Name: "demo", ControlPlaneEndpoint: "api.demo.test:6443", ImageRepository: "registry.k8s.io",
			PodSubnet: "192.168.0.0/16", ServiceSubnet: "10.96.0.0/12", DNSDomain: "cluster.local",
			CertSANs:              []string{"api.example.test"},
			APIServerArgs:         []Arg{{"audit-log-path", "-"}},
			ControllerManagerArgs: []Arg{{"v", "2"}},
			SchedulerArgs:         []Arg{{"v", "2"}},
			EtcdArgs:              []Arg{{"quota-backend-bytes", "8589934592"}},
			EtcdDataDir:           "/var/lib/etcd", EncryptionAlgorithm: "ECDSA-P256",
			CertificateValidityPeriod: 8760 * time.Hour,
			VolumePluginDir:           "/var/lib/kubelet/volumeplugins",
		},
		Token:            Token{"abcdef.0123456789abcdef", 24 * time.Hour},
		PatchesDirectory: "/etc/kindling/patches",
		DiscoveryFile:    "/etc/kindling/discovery.conf",
	}
}

// oldestPatches are the first releases of every minor that documents can be made for.
func oldestPatches() []kubernetes.Version {
	versions := slices.Clone(supported)
	for minor := supported[len(supported)-1].Minor + 1; minor <= kubernetes.NewestMinor; minor++ {
		versions = append(versions, kubernetes.Version{Minor: minor})
	}
	return versions
}

// TestGolden has the documents of every minor that can be generated, so that a difference between versions shows as one
// between files.
func TestGolden(t *testing.T) {
	recorded := false
	for _, v := range oldestPatches() {
		c := full(v)
		external := func(c Config) ([]byte, error) {
			c.Cluster.EtcdDataDir, c.Cluster.ExternalEtcd = "", &ExternalEtcd{[]string{"https://10.0.0.21:2379", "https://[fd00::22]:2379"}, "/ca.crt", "/client.crt", "/client.key"}
			return Init(c)
		}
		for name, document := range map[string]func(Config) ([]byte, error){"init": Init, "init-external-etcd": external, "join": Join} {
			got, err := document(c)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(golden, fmt.Sprintf("v%s-%s.yaml", v.Minor, name))
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
				recorded = true
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
	if recorded {
		t.Fatal("recorded; read the difference, then run again without -update")
	}
}

// TestEtcdMachine has a machine that needs no more of kubeadm than etcd's manifest.
func TestEtcdMachine(t *testing.T) {
	c := full(kubernetes.Version{Minor: 37, Patch: 2})
	c.Token = Token{}
	got, err := Init(c)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(got), "bootstrapTokens") {
		t.Errorf("it has a token:\n%s", got)
	}
	kubelet, err := StandaloneKubelet()
	if err != nil {
		t.Fatal(err)
	}
	want := `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: systemd
authentication:
  anonymous:
    enabled: false
  webhook:
    enabled: false
authorization:
  mode: AlwaysAllow
containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock
enableServer: false
staticPodPath: /etc/kubernetes/manifests
`
	if diff := cmp.Diff(want, string(kubelet)); diff != "" {
		t.Error(diff)
	}
}

func TestJoin(t *testing.T) {
	c := full(kubernetes.Version{Minor: 37, Patch: 2})
	c.Node = Node{Name: "w0", CRISocket: "unix:///run/x.sock", Taints: []Taint{}}
	c.PatchesDirectory = ""
	got, err := Join(c)
	if err != nil {
		t.Fatal(err)
	}
	want := `apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
nodeRegistration:
  name: w0
  criSocket: unix:///run/x.sock
  taints: []
discovery:
  file:
    kubeConfigPath: /etc/kindling/discovery.conf
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

// TestLossIsAnError has what a config API or a version cannot say.
func TestLossIsAnError(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"P-384 before 1.34": {func(c *Config) {
			c.Version = kubernetes.Version{Minor: 33}
			c.Cluster.EncryptionAlgorithm = "ECDSA-P384"
		}, "pki.algorithm"},
		"too old":         {func(c *Config) { c.Version = kubernetes.Version{Minor: 27, Patch: 16} }, "v1.27.16"},
		"too old a patch": {func(c *Config) { c.Version = kubernetes.Version{Minor: 29, Patch: 14} }, "v1.29.15"},
		"too new":         {func(c *Config) { c.Version = kubernetes.Version{Minor: kubernetes.NewestMinor + 1} }, "v" + kubernetes.NewestMinor.String()},
	} {
		t.Run(name, func(t *testing.T) {
			c := full(kubernetes.Version{Minor: 37, Patch: 2})
			test.change(&c)
			if _, err := Init(c); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("err = %v, want one with %q", err, test.want)
			}
		})
	}
}
