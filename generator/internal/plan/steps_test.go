package plan

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindling/generator/spec"
	"kindling/templates/step"

	"github.com/google/go-cmp/cmp"
)

const oneNode = "nodes: [{name: cp0, role: control-plane, address: 10.0.0.7}]\n"

// load is a cluster with these lines in its file.
func load(t *testing.T, lines string) *spec.Cluster {
	t.Helper()
	c, problems := spec.Load([]byte(`apiVersion: kindling/v1alpha1
kind: Cluster
name: demo
kubernetesVersion: v1.37.2
controlPlaneEndpoint: api.demo.test:6443
os: ubuntu
` + lines))
	if c == nil {
		t.Fatal(problems)
	}
	return c
}

func TestStepsOf(t *testing.T) {
	c := load(t, oneNode+`extraSteps:
- {name: disk, before: etcd, script: "true"}
- {name: disk-check, before: etcd, script: "true"}
- {name: last, after: ready, script: "true"}
- {name: first, before: right-machine, script: "true"}
`)
	want := map[string]string{
		spec.ControlPlane:    "first right-machine host clock runtime images certs disk disk-check etcd control-plane cluster ready last",
		externalControlPlane: "first right-machine host clock runtime images disk disk-check etcd certs control-plane cluster ready last",
		spec.EtcdMember:      "first right-machine host clock runtime images kubelet disk disk-check etcd",
		spec.LoadBalance:     "first right-machine clock load-balancer",
		spec.Worker:          "first right-machine host clock runtime join ready last",
		tokenWorker:          "first right-machine host clock runtime join ready last",
		pool:                 "first right-machine host clock runtime join ready last",
	}
	for role, steps := range want {
		if diff := cmp.Diff(steps, strings.Join(stepsOf(c, role), " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
	}
	if diff := cmp.Diff("right-machine host clock runtime join ready", strings.Join(stepsOf(load(t, oneNode), spec.Worker), " ")); diff != "" {
		t.Errorf("the list has changed: %s", diff)
	}
}

// TestRunScript holds that bash reads the minified script, that it has a function for each step, and the user's own.
func TestRunScript(t *testing.T) {
	c := load(t, oneNode+`extraSteps: [{name: disk, before: clock, script: "cat <<-X\n\ta\n\tX\n# it's {{ here }}\nexit 0"}]`)
	for role, kind := range kinds {
		script, err := runScript(c, role)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(script), "#!/bin/bash\n") {
			t.Errorf("%s: begins %.20q", role, script)
		}
		file := filepath.Join(t.TempDir(), "run.sh")
		if err := os.WriteFile(file, script, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("bash", "-n", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %s", role, out)
		}
		for _, name := range append([]string{"disk"}, kind.steps...) {
			if function := "\nstep_" + strings.ReplaceAll(name, "-", "_") + "(){"; !strings.Contains(string(script), function) {
				t.Errorf("%s: no %q", role, function)
			}
		}
	}
}

func TestRunScriptRefusesBadBash(t *testing.T) {
	_, err := runScript(load(t, oneNode+`extraSteps:
- {name: good, before: host, script: "true"}
- {name: bad, before: host, script: "if true; then\n  echo"}
`), spec.Worker)
	if err == nil || !strings.Contains(err.Error(), "extraSteps[1].script: 1:1: `if` statement must end with `fi`") {
		t.Errorf("err = %v", err)
	}
}

// TestStepNames holds that extraSteps may stand beside every step there is, and beside no other.
func TestStepNames(t *testing.T) {
	have := map[string]bool{"haproxy": true, "kube-vip": true} // in the clusters that have it
	for _, kind := range kinds {
		for _, name := range kind.steps {
			have[name] = true
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(have)), slices.Sorted(slices.Values(step.Names()))); diff != "" {
		t.Error(diff)
	}
}
