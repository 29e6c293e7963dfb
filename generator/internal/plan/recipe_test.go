package plan

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindling/generator/internal/node"
	"kindling/generator/lock"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/templates/step"

	"github.com/google/go-cmp/cmp"
)

// load is a cluster with these lines in its file.
func load(t *testing.T, lines string) *spec.Cluster {
	t.Helper()
	c, problems := spec.Load([]byte(`apiVersion: kindling/v1alpha1
kind: Cluster
name: demo
kubernetesVersion: v1.37.2
controlPlaneEndpoint: 10.0.0.100:8443
os: ubuntu
install: {method: preinstalled}
`+lines), spec.Local{Files: os.DirFS("../../../testdata/clusters")})
	if c == nil {
		t.Fatal(problems)
	}
	return c
}

const (
	stacked = `loadBalancer: {provider: haproxy}
nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7}
- {name: w0, role: worker, address: 10.0.0.30}
- {name: pool, role: worker, count: any}
`
	external = `etcd: {topology: external}
workerIdentity: token
loadBalancer: {provider: haproxy}
nodes:
- {name: etcd0, role: etcd, address: 10.0.0.21}
- {name: lb0, role: load-balancer, address: 10.0.0.5}
- {name: cp0, role: control-plane, address: 10.0.0.7}
- {name: w0, role: worker, address: 10.0.0.30}
`
	trusting = "trustedCAFile: trusted/corp-cas.pem\n"
	own      = `extraSteps:
- {name: disk, before: etcd, script: "true"}
- {name: disk-check, before: etcd, script: "true"}
- {name: last, after: ready, script: "true"}
- {name: first, before: right-machine, script: "true"}
`
	proxied = "proxy: {https: http://proxy.lab:3128}\n"
	// Documents that anyone may read, and mirrors of images.
	apart    = "secrets: {delivery: split, url: https://secrets.lab}\n"
	mirrored = "registries: {docker.io: {mirrors: [https://mirror.lab/v2/docker]}}\n"
)

func TestSteps(t *testing.T) {
	for _, test := range []struct {
		cluster string
		want    map[string]string
	}{
		{stacked, map[string]string{
			"cp0":  "right-machine host metadata-service clock runtime images etcd-disk certs etcd control-plane cluster haproxy kube-vip ready",
			"w0":   "right-machine host metadata-service clock runtime join ready",
			"pool": "right-machine host metadata-service clock runtime join ready",
		}},
		{external + own + trusting, map[string]string{
			"cp0":   "first right-machine trust host metadata-service clock runtime images disk disk-check etcd certs control-plane cluster ready last",
			"etcd0": "first right-machine trust host clock runtime images etcd-disk kubelet disk disk-check etcd",
			"lb0":   "first right-machine trust clock load-balancer",
			"w0":    "first right-machine trust host metadata-service clock runtime join ready last",
		}},
		{external + proxied + "metadataAddresses: []\nextraFiles: [{path: /etc/motd, content: hi}, {path: /etc/sysctl.d/1.conf, roles: [load-balancer], content: a=b}]\n", map[string]string{
			"cp0":   "right-machine host settings clock runtime images etcd certs control-plane cluster ready",
			"etcd0": "right-machine host settings clock runtime images etcd-disk kubelet etcd",
			"lb0":   "right-machine settings clock load-balancer",
			"w0":    "right-machine host settings clock runtime join ready",
		}},
		{external + apart + mirrored, map[string]string{
			"cp0":   "right-machine secrets host metadata-service clock runtime registries images etcd certs control-plane cluster ready",
			"etcd0": "right-machine secrets host clock runtime registries images etcd-disk kubelet etcd",
			"lb0":   "right-machine secrets clock load-balancer",
			"w0":    "right-machine secrets host metadata-service clock runtime registries join ready",
		}},
	} {
		c := load(t, test.cluster)
		got := map[string]string{}
		for _, n := range c.Nodes {
			got[n.Name] = strings.Join(names(Steps(c, n)), " ")
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func names(steps []step.Step) []string {
	var list []string
	for _, s := range steps {
		list = append(list, s.Name)
	}
	return list
}

// nodes plans every node of a cluster, with keys that are empty.
func nodes(t *testing.T, c *spec.Cluster) []node.Node {
	t.Helper()
	p, err := New(c, new(pki.Bundle), lock.New(nil, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	var list []node.Node
	for _, n := range c.Nodes {
		planned, err := p.Node(n)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, planned)
	}
	return list
}

// TestRunScript holds that bash reads what a machine gets, and that it has a function for each step, the user's own included.
func TestRunScript(t *testing.T) {
	const disk = "extraSteps:\n- name: disk\n  before: clock\n  script: |\n    cat <<-X\n    \ta\n    \tX\n    # it's {{ here }}\n    exit 0\n"
	for _, cluster := range []string{stacked, external} {
		for _, n := range nodes(t, load(t, cluster+disk)) {
			i := slices.IndexFunc(n.Files, func(f node.File) bool { return f.Path == "/etc/kindling/run.sh" })
			script := n.Files[i].Content
			if !strings.HasPrefix(string(script), "#!/bin/bash\n") {
				t.Errorf("%s: begins %.20q", n.Name, script)
			}
			file := filepath.Join(t.TempDir(), "run.sh")
			if err := os.WriteFile(file, script, 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("bash", "-n", file).CombinedOutput(); err != nil {
				t.Errorf("%s: %s", n.Name, out)
			}
			if !slices.Contains(names(n.Steps), "disk") {
				t.Errorf("%s: no step disk", n.Name)
			}
			for _, name := range names(n.Steps) {
				if function := "\nstep_" + strings.ReplaceAll(name, "-", "_") + "(){"; !strings.Contains(string(script), function) {
					t.Errorf("%s: no %q", n.Name, function)
				}
			}
		}
	}
}

// TestBadBashIsAlone: a user's script is a file of its own, whatever is in it.
func TestBadBashIsAlone(t *testing.T) {
	const bad = "shopt -s extglob\nrm -f !(x\n"
	for _, n := range nodes(t, load(t, stacked+"extraSteps:\n- {name: bad, before: clock, script: \""+strings.ReplaceAll(bad, "\n", "\\n")+"\"}\n")) {
		files := map[string]string{}
		for _, f := range n.Files {
			files[f.Path] = string(f.Content)
		}
		if diff := cmp.Diff(bad, files["/etc/kindling/steps/bad.sh"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", n.Name, diff)
		}
		if !strings.Contains(files["/etc/kindling/run.sh"], "step_bad(){ . /etc/kindling/steps/bad.sh") || strings.Contains(files["/etc/kindling/run.sh"], "extglob") {
			t.Errorf("%s: run.sh does not read the script when its step begins", n.Name)
		}
	}
}

// TestEveryStepHasAMachine holds that the list of steps has none that no machine gets.
func TestEveryStepHasAMachine(t *testing.T) {
	have := map[string]bool{}
	for _, text := range []string{stacked, external + trusting, external + proxied, stacked + apart + mirrored, strings.Replace(stacked, "count: any", "count: any, os: rocky, install: {method: binaries}", 1)} {
		c := load(t, text)
		for _, n := range c.Nodes {
			for _, name := range names(Steps(c, n)) {
				have[name] = true
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(step.Names())), slices.Sorted(maps.Keys(have))); diff != "" {
		t.Error(diff)
	}
}
