package templates

import "testing"

func TestRegistries(t *testing.T) {
	t.Parallel()
	const fault = "containerd does not read /etc/containerd/certs.d, which has the registries of cluster.yaml: its config.toml needs config_path = '/etc/containerd/certs.d' in the section "
	says := func(dump, version string) map[string]string {
		return map[string]string{"containerd": "case $1 in config) echo \"" + dump + "\" ;; *) echo containerd github.com/containerd/containerd " + version + " ;; esac"}
	}
	boots := map[string]boot{
		"containerd 1":            {stubs: says("    config_path = \\\"/etc/containerd/certs.d\\\"", "1.7.27"), want: outcome{}},
		"containerd 2":            {stubs: says("      config_path = '/etc/containerd/certs.d:/etc/docker/certs.d'", "v2.1.3"), want: outcome{}},
		"another directory":       {stubs: says("      config_path = '/etc/docker/certs.d'", "v2.1.3"), want: outcome{code: 1, err: fault + "[plugins.'io.containerd.cri.v1.images'.registry]"}},
		"none, with containerd 1": {stubs: says("    config_path = \\\"\\\"", "1.6.20"), want: outcome{code: 1, err: fault + `[plugins."io.containerd.grpc.v1.cri".registry]`}},
		"none, with Debian's":     {stubs: says("    config_path = \\\"\\\"", "1.6.20~ds1"), want: outcome{code: 1, err: fault + `[plugins."io.containerd.grpc.v1.cri".registry]`}},
	}
	for name, b := range boots {
		b.try = "registries"
		boots[name] = b
	}
	runAll(t, boots)
}
