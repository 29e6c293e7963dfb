package plan

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindling/generator/internal/node"
	"kindling/generator/spec"

	"github.com/google/go-cmp/cmp"
)

func TestNoProxy(t *testing.T) {
	t.Parallel()
	const always = "localhost 127.0.0.1 ::1 10.0.0.100 .svc .cluster.local 192.168.0.0/16 10.96.0.0/12"
	for name, test := range map[string]struct{ lines, want string }{
		"the cluster's own": {stacked, always + " 10.0.0.7 10.0.0.30"},
		"its names and ranges": {"networking: {dnsDomain: demo.local, podSubnet: 10.244.0.0/16, serviceSubnet: 10.97.0.0/16}\n" + stacked,
			"localhost 127.0.0.1 ::1 10.0.0.100 .svc .demo.local 10.244.0.0/16 10.97.0.0/16 10.0.0.7 10.0.0.30"},
		"the user's, each once": {"proxy: {http: http://p, noProxy: [.corp.example, registry.lab, 10.0.0.0/24, 10.0.0.7, .svc]}\n" + stacked,
			always + " 10.0.0.7 10.0.0.30 .corp.example registry.lab 10.0.0.0/24"},
		"downloads from a range": {"proxy: {http: http://p, noProxy: [10.9.0.0/16]}\nmirrors: {dl.k8s.io: http://10.9.8.7/k8s, pkgs.k8s.io: http://10.10.0.1, github.com: https://mirror.lab}\n" +
			"cni: {manifest: http://10.9.8.6/cni.yaml, sha256: " + strings.Repeat("0a", 32) + "}\n" + stacked,
			always + " 10.0.0.7 10.0.0.30 10.9.0.0/16 10.9.8.6 10.9.8.7"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(strings.Fields(test.want), noProxy(load(t, test.lines))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestMachineRanges: they are the machines' addresses and no other machine's.
func TestMachineRanges(t *testing.T) {
	t.Parallel()
	run := func(first, last int) (list []string) {
		for i := first; i <= last; i++ {
			list = append(list, fmt.Sprintf("10.0.%d.%d", i/256, i%256))
		}
		return list
	}
	for name, test := range map[string]struct {
		addresses []string
		want      string
	}{
		"one":                      {[]string{"10.0.0.7"}, "10.0.0.7"},
		"neighbours, no one range": {[]string{"10.0.0.7", "10.0.0.8"}, "10.0.0.7 10.0.0.8"},
		"two halves":               {[]string{"10.0.0.9", "10.0.0.8"}, "10.0.0.8/31"},
		"a run":                    {run(7, 20), "10.0.0.7 10.0.0.8/29 10.0.0.16/30 10.0.0.20"},
		"thousands":                {run(0, 4095), "10.0.0.0/20"},
		"far away":                 {[]string{"65.21.0.7", "203.0.113.9", "65.21.0.6"}, "65.21.0.6/31 203.0.113.9"},
		"both families":            {[]string{"10.0.0.6,fd00::6", "10.0.0.7,fd00::7"}, "10.0.0.6/31 fd00::6/127"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var lines strings.Builder
			lines.WriteString("nodes:\n")
			for i, a := range test.addresses {
				role := "worker"
				if i == 0 {
					role = spec.ControlPlane
				}
				fmt.Fprintf(&lines, "- {name: n%d, role: %s, address: %q}\n", i, role, a)
			}
			text := lines.String()
			if strings.Contains(text, "fd00") {
				text = "networking: {podSubnet: \"10.244.0.0/16,fd00:10:244::/56\", serviceSubnet: \"10.96.0.0/16,fd00:10:96::/112\"}\n" + text
			}
			if diff := cmp.Diff(strings.Fields(test.want), machineRanges(load(t, text).Nodes)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestProxyFile reads the variables as bash does, and holds that systemd, which reads them for containerd, has nothing to expand there.
func TestProxyFile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		proxy, http, https string
		mode               int
	}{
		"one for all":               {"{http: http://proxy.lab:3128, https: http://proxy.lab:3128}", "http://proxy.lab:3128", "http://proxy.lab:3128", 0o644},
		"http alone":                {"{http: http://proxy.lab:3128}", "http://proxy.lab:3128", "", 0o644},
		"https alone, by https":     {"{https: https://proxy.lab}", "", "https://proxy.lab:443", 0o644},
		"no port, and a slash":      {`{http: "HTTP://Proxy.lab/"}`, "http://Proxy.lab:80", "", 0o644},
		"IPv6":                      {`{http: "http://[fd00::9]"}`, "http://[fd00::9]:80", "", 0o644},
		"a password, at its oddest": {`{http: "http://me:a%40b$HOME%25n;'&@proxy.lab:8080"}`, "http://me:a%40b$HOME%25n;%27&@proxy.lab:8080", "", 0o600},
		"a user alone":              {"{https: http://token@proxy.lab:8080}", "", "http://token@proxy.lab:8080", 0o600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := load(t, "proxy: "+test.proxy+"\n"+stacked)
			file, err := newProxyFile(c)
			if err != nil {
				t.Fatal(err)
			}
			if file.Mode != test.mode || file.Secret != (test.mode == 0o600) {
				t.Errorf("mode %o, secret %t", file.Mode, file.Secret)
			}
			if strings.ContainsAny(string(file.Content), "\\\"") {
				t.Errorf("systemd and bash read this otherwise: %s", file.Content)
			}
			const print = `set -eu; . /dev/stdin; printf '%s\n' "${http_proxy-}" "${HTTP_PROXY-}" "${https_proxy-}" "${HTTPS_PROXY-}" "$no_proxy" "$NO_PROXY"`
			command := exec.Command("bash", "-c", print)
			command.Stdin, command.Env = strings.NewReader(string(file.Content)), []string{}
			out, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			direct := strings.Join(noProxy(c), ",")
			want := []string{test.http, test.http, test.https, test.https, direct, direct, ""}
			if diff := cmp.Diff(want, strings.Split(string(out), "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestWhoHasTheProxy: load balancers run no containerd, and without a proxy nobody has anything of it.
func TestWhoHasTheProxy(t *testing.T) {
	t.Parallel()
	has := func(lines string) map[string]string {
		found := map[string]string{}
		for _, n := range nodes(t, load(t, external+lines)) {
			var list []string
			for _, f := range n.Files {
				if f.Path == "/etc/kindling/proxy.env" {
					list = append(list, "file")
				}
				if filepath.Base(f.Path) == "run.sh" && strings.Contains(string(f.Content), "proxy.env") {
					list = append(list, "script")
				}
			}
			if slices.ContainsFunc(n.Units, func(u node.Unit) bool { return u.Name == containerdService && u.DropIn != "" }) {
				list = append(list, "containerd")
			}
			found[n.Name] = strings.Join(list, " ")
		}
		return found
	}
	if diff := cmp.Diff(map[string]string{"cp0": "file script containerd", "etcd0": "file script containerd", "lb0": "file script", "w0": "file script containerd"}, has(proxied)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"cp0": "", "etcd0": "", "lb0": "", "w0": ""}, has("")); diff != "" {
		t.Errorf("without a proxy (-want +got):\n%s", diff)
	}
}
