package machines

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/rig"

	"sigs.k8s.io/yaml"
)

// TestKubeletValues holds what kindling refuses in kubeletConfiguration against the real kubelet, which does not start with the first
// of two lines, and reads the second.
func TestKubeletValues(t *testing.T) {
	kubelet, err := build.Kubernetes("kubelet", string(rig.Current)).Path()
	if err != nil {
		t.Fatal(err)
	}
	for _, lines := range [][2]string{
		{"maxPods: -1", "maxPods: 200"},
		{"imageGCHighThresholdPercent: 170", "imageGCHighThresholdPercent: 90"},
		{"imageGCHighThresholdPercent: 70", "imageGCHighThresholdPercent: 70, imageGCLowThresholdPercent: 60"},
		{"containerLogMaxFiles: 1", "containerLogMaxFiles: 2"},
		{"containerLogMonitorInterval: 1s", "containerLogMonitorInterval: 3s"},
		{"containerLogMaxWorkers: -1", "containerLogMaxWorkers: 2"},
		{"kubeAPIQPS: -5", "kubeAPIQPS: 5"},
		{"nodeLeaseDurationSeconds: -1", "nodeLeaseDurationSeconds: 40"},
		{"nodeStatusMaxImages: -2", "nodeStatusMaxImages: -1"},
		{"oomScoreAdj: 1001", "oomScoreAdj: -999"},
		{"port: 70000", "port: 10250"},
		{"readOnlyPort: 70000", "readOnlyPort: 0"},
		{"runOnce: true", "runOnce: false"},
		{"topologyManagerPolicy: best", "topologyManagerPolicy: best-effort"},
		{"topologyManagerScope: node", "topologyManagerScope: pod"},
		{"hairpinMode: bridge", "hairpinMode: none"},
		{"memorySwap: {swapBehavior: UnlimitedSwap}", "memorySwap: {swapBehavior: LimitedSwap}"},
		{"enforceNodeAllocatable: [podz]", "enforceNodeAllocatable: [pods]"},
		{"enforceNodeAllocatable: [pods, system-reserved]", "enforceNodeAllocatable: [pods, system-reserved], systemReservedCgroup: /system.slice"},
		{"maxParallelImagePulls: 3, serializeImagePulls: true", "maxParallelImagePulls: 3, serializeImagePulls: false"},
		{"shutdownGracePeriod: 10s, shutdownGracePeriodCriticalPods: 20s", "shutdownGracePeriod: 20s, shutdownGracePeriodCriticalPods: 10s"},
		{"registerWithTaints: [{key: gpu, effect: NoSched}]", "registerWithTaints: [{key: gpu, effect: NoSchedule}]"},
		{"reservedSystemCPUs: 0-", "reservedSystemCPUs: 0-1"},
		{"logging: {format: yaml}", "logging: {format: json}"},
		{"maxPods: many", "maxPods: 1"},
		{"--max-pods=-1", "--max-pods=0x20"},
		{"--image-gc-high-threshold=170", "--image-gc-high-threshold=90"},
		{"--hairpin-mode=bridge", "--hairpin-mode=none"},
		{"--topology-manager-policy=best", "--topology-manager-policy=restricted"},
		{"--enforce-node-allocatable=podz", "--enforce-node-allocatable=pods"},
		{"--reserved-cpus=0-", "--reserved-cpus=0"},
		{"--logging-format=yaml", "--logging-format=json"},
		{"--event-qps=-1", "--event-qps=10"},
	} {
		for i, fields := range lines {
			refused := i == 0
			t.Run(fields, func(t *testing.T) {
				t.Parallel()
				if err := tryFields(t, fields); (err != nil) != refused {
					t.Errorf("kindling: %v", err)
				}
				if out := startKubelet(t, kubelet, fields); strings.Contains(out, "validate CRI v1 runtime API") == refused {
					t.Errorf("the kubelet: %s", out)
				}
			})
		}
	}
}

// tryFields makes the documents of a cluster with these fields, or with a flag.
func tryFields(t *testing.T, fields string) error {
	t.Helper()
	dir := t.TempDir()
	spec := filepath.Join(dir, "cluster.yaml")
	kubelet := "kubeletConfiguration: {" + fields + "}"
	if name, value, ok := flagOf(fields); ok {
		kubelet = fmt.Sprintf("extraArgs: {kubelet: [{name: %s, value: %q}]}", name, value)
	}
	text := "apiVersion: kindling/v1alpha1\nkind: Cluster\nname: demo\nkubernetesVersion: " + string(rig.Current) + "\ncontrolPlaneEndpoint: api.demo.test:6443\nos: ubuntu\n" +
		"install: {method: preinstalled}\ncni: {manifest: none}\n" + kubelet + "\nnodes: [{name: cp0, role: control-plane, address: 10.0.0.7}]\n"
	if err := os.WriteFile(spec, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := kindling.GenerateIn(dir, spec)
	return err
}

// flagOf is the flag that a text such as --max-pods=1 is.
func flagOf(text string) (name, value string, ok bool) {
	flag, ok := strings.CutPrefix(text, "--")
	name, value, _ = strings.Cut(flag, "=")
	return name, value, ok
}

// startKubelet starts a kubelet with these fields or this flag, and returns what it says last. Where it takes them, it ends since no container runtime is
// there.
func startKubelet(t *testing.T, kubelet, fields string) string {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "config.yaml")
	var flags []string
	if _, _, ok := flagOf(fields); ok {
		flags, fields = []string{fields}, ""
	}
	text, err := yaml.YAMLToJSON(fmt.Appendf(nil, "{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration, containerRuntimeEndpoint: %q, failCgroupV1: false, authentication: {webhook: {enabled: false}}, authorization: {mode: AlwaysAllow}, %s}",
		"unix://"+dir+"/none.sock", fields))
	if err := errors.Join(err, os.WriteFile(config, text, 0o600)); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), kubelet, append(flags, "--config", config, "--root-dir", dir, "--cert-dir", dir)...).CombinedOutput()
	if err == nil {
		t.Fatal("it has ended as if all was well")
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
