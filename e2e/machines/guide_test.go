package machines

import (
	"fmt"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v4"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/rig"
)

// newGuide adds machines that do what the guide says and have no documents. change is newCluster's.
func newGuide(t *testing.T, spec string, change func(*cluster, *rig.Machine)) *cluster {
	t.Helper()
	return newCluster(t, generate(t, spec), func(c *cluster, m *rig.Machine) {
		m.Seed = c.guideSeed(c.node(m.Name))
		if change != nil {
			change(c, m)
		}
	})
}

// guideSeed returns user-data that does what the guide says for this machine.
func (c *cluster) guideSeed(n node) firstboot.Seed {
	type file struct {
		Path        string `yaml:"path"`
		Permissions string `yaml:"permissions"`
		Content     string `yaml:"content"`
	}
	var document struct {
		Hostname   string     `yaml:"hostname"`
		WriteFiles []file     `yaml:"write_files"`
		RunCmd     [][]string `yaml:"runcmd"`
	}
	add := func(path, source string) {
		document.WriteFiles = append(document.WriteFiles, file{path, "0600", readFile(c.t, source)})
	}
	document.Hostname = n.Name
	if n.Role == "control-plane" {
		for _, name := range []string{"ca.crt", "ca.key", "front-proxy-ca.crt", "front-proxy-ca.key", "etcd/ca.crt", "etcd/ca.key", "sa.key", "sa.pub"} {
			add("/etc/kubernetes/pki/"+name, filepath.Join(c.documents.PKI(), name))
		}
	}
	what := "join"
	if n.Name == c.spec.Nodes[0].Name {
		what = "init"
	}
	add("/etc/guide/guide.sh", "testdata/guide/guide.sh")
	add("/etc/guide/flannel.yaml", "testdata/flannel.yaml")
	add("/etc/guide/kubeadm.yaml", "testdata/guide/"+what+".yaml")
	if what == "join" && n.Role == "control-plane" {
		config := &document.WriteFiles[len(document.WriteFiles)-1].Content
		*config += fmt.Sprintf("controlPlane: {localAPIEndpoint: {advertiseAddress: %s}}\n", n.Address)
	}
	document.RunCmd = [][]string{{"bash", "/etc/guide/guide.sh", what}}
	text, err := yaml.Marshal(document)
	if err != nil {
		c.t.Fatal(err)
	}
	return firstboot.Seed{
		"user-data": append([]byte("#cloud-config\n"), text...),
		"meta-data": []byte("instance-id: " + n.Name + "\n"),
	}
}
