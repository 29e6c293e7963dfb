package verify

import (
	"fmt"
	"slices"
	"strings"

	"kindling/generator/spec"

	"go.yaml.in/yaml/v4"
)

// checkMachines looks at each machine, and at whether they fit together.
func (s *set) checkMachines() {
	s.checkAlike()
	s.checkPeers()
	for _, m := range s.ordered() {
		s.checkValues(m)
		s.checkKeys(m)
		s.checkLeast(m)
		s.checkKubeadm(m)
	}
}

// Files that have the same content on all machines that have one of them.
var shared = []struct {
	name  string
	paths []string
}{
	{"cluster's CA", []string{"/etc/kubernetes/pki/ca.crt", "/etc/kindling/pki/ca.crt"}},
	{"front proxy's CA", []string{"/etc/kubernetes/pki/front-proxy-ca.crt"}},
	{"CA of etcd", []string{"/etc/kubernetes/pki/etcd/ca.crt"}},
	{"service account's key", []string{"/etc/kubernetes/pki/sa.key"}},
	{"service account's public key", []string{"/etc/kubernetes/pki/sa.pub"}},
}

// checkAlike compares what has to be the same everywhere.
func (s *set) checkAlike() {
	for _, file := range shared {
		s.alike("has another "+file.name+" than", func(m *machine) (string, bool) {
			for _, path := range file.paths {
				if content, found := m.gets.File(path); found {
					return string(content), true
				}
			}
			return "", false
		})
	}
	for _, name := range []string{"PEERS", "ETCD_TOKEN", "ETCD_CLUSTER_ID", "ETCD_BOOTSTRAP_EXPECT", "ETCD_INITIAL_CLUSTER_STATE"} {
		s.alike(nodeEnv+" has another "+name+" than", func(m *machine) (string, bool) {
			value, found := m.env[name]
			return value, found
		})
	}
	s.alike("its kubeadm configuration gives the cluster other values than", func(m *machine) (string, bool) {
		_, cluster, found := strings.Cut(string(initConfig(m)), "\nkind: ClusterConfiguration\n")
		cluster, _, _ = strings.Cut(cluster, "\n---\n")
		return cluster, found && m.Role == spec.ControlPlane
	})
	s.alike("has another bootstrap token than", func(m *machine) (string, bool) {
		tokens := tokensOf(m)
		return strings.Join(tokens, " "), len(tokens) > 0
	})
}

// alike names the machines whose value differs from that of most.
func (s *set) alike(fault string, of func(m *machine) (value string, found bool)) {
	having := map[string][]*machine{}
	most := ""
	for _, m := range s.ordered() {
		if value, found := of(m); found {
			having[value] = append(having[value], m)
		}
	}
	for value, machines := range having {
		if more := len(machines) - len(having[most]); more > 0 || more == 0 && value < most {
			most = value
		}
	}
	for _, m := range s.ordered() {
		if value, found := of(m); found && value != most {
			s.wrong(m, "%s %s", fault, having[most][0].name)
		}
	}
}

// checkPeers holds the lists of etcd's members against the index.
func (s *set) checkPeers() {
	role := spec.ControlPlane
	for _, n := range s.index.Nodes {
		if n.Role == spec.EtcdMember {
			role = spec.EtcdMember
		}
	}
	want := map[string]string{}
	for name, n := range s.index.Nodes {
		if n.Role == role {
			host, _, _ := strings.Cut(n.Address, ",")
			if strings.Contains(host, ":") {
				host = "[" + host + "]"
			}
			want[name] = host
		}
	}
	for _, m := range s.ordered() {
		if m.Role != role && m.Role != spec.ControlPlane {
			continue
		}
		named := map[string]bool{}
		for line := range strings.Lines(m.env["PEERS"]) {
			var name, host, id string
			_, err := fmt.Sscan(line, &name, &host, &id)
			named[name] = true
			switch wanted, member := want[name]; {
			case err != nil:
				s.wrong(m, "%s has a line in PEERS that is not NAME HOST ID", nodeEnv)
			case !member:
				s.wrong(m, "PEERS has %q, which is no member of etcd in index.json", name)
			case wanted != host:
				s.wrong(m, "PEERS has %s at %s, and index.json at %s", name, host, wanted)
			}
		}
		for _, name := range s.names() {
			if want[name] != "" && !named[name] {
				s.wrong(m, "PEERS does not have %s", name)
			}
		}
	}
}

const initFile = "/etc/kindling/kubeadm/init.yaml"

func initConfig(m *machine) []byte {
	text, _ := m.gets.File(initFile)
	return text
}

// kubeadmConfig is what kubeadm makes certificates from.
type kubeadmConfig struct {
	LocalAPIEndpoint struct {
		AdvertiseAddress string `yaml:"advertiseAddress"`
	} `yaml:"localAPIEndpoint"`
	NodeRegistration struct {
		Name string `yaml:"name"`
	} `yaml:"nodeRegistration"`
	ControlPlaneEndpoint string `yaml:"controlPlaneEndpoint"`
	KubernetesVersion    string `yaml:"kubernetesVersion"`
	ClusterName          string `yaml:"clusterName"`
}

// checkKubeadm looks at the configuration from which kubeadm makes the certificates of a control plane: it names the endpoint and the
// machine's address.
func (s *set) checkKubeadm(m *machine) {
	if m.Role != spec.ControlPlane {
		return
	}
	var config kubeadmConfig
	text := initConfig(m)
	for part := range strings.SplitSeq(string(text), "\n---\n") {
		if yaml.Unmarshal([]byte(part), &config) != nil {
			s.wrong(m, "%s is not YAML", initFile)
			return
		}
	}
	first, _, _ := strings.Cut(m.Address, ",")
	for _, field := range []struct{ name, got, want string }{
		{"localAPIEndpoint.advertiseAddress", config.LocalAPIEndpoint.AdvertiseAddress, first},
		{"controlPlaneEndpoint", config.ControlPlaneEndpoint, s.index.Endpoint},
		{"nodeRegistration.name", config.NodeRegistration.Name, m.name},
		{"kubernetesVersion", config.KubernetesVersion, s.index.KubernetesVersion},
		{"clusterName", config.ClusterName, s.index.Cluster},
	} {
		if field.got != field.want {
			s.wrong(m, "%s says %s: %q, and index.json %q", initFile, field.name, field.got, field.want)
		}
	}
}

// tokensOf are the bootstrap tokens in a machine's document.
func tokensOf(m *machine) []string {
	var tokens []string
	for _, path := range []string{initFile, discoveryFile} {
		text, _ := m.gets.File(path)
		for _, match := range token.FindAllSubmatch(text, -1) {
			tokens = append(tokens, string(match[1]))
		}
	}
	slices.Sort(tokens)
	return slices.Compact(tokens)
}
