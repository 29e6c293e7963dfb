package machines

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFields boots machines with everything that users can add, and checks that all of it is there. The pod network's
// manifest is the wrong one at first.
func TestFields(t *testing.T) {
	t.Parallel()
	served := t.TempDir()
	serve := func(text string) {
		if err := os.WriteFile(filepath.Join(served, "cni.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	serve("kind: Wrong\n")
	c := newCluster(t, generateWith(t, "fields.yaml", ""), nil)
	c.ServeFiles(netip.MustParsePrefix("10.0.0.4/24"), os.DirFS(served))
	proxy := c.ServeProxy(netip.MustParsePrefix("10.0.0.8/24"), nil, nil)
	c.Boot(c.names("")...)
	c.waitForLine("cp0", "cluster: failed: http://10.0.0.4/cni.yaml does not have the SHA-256 of cluster.yaml: 2375f044c1f28e7598ad6549be4b7231fd6d6752b1a6efbc1739970c4ec01596")
	serve(readFile(t, "testdata/flannel.yaml"))
	c.checkCluster()

	kubectl := c.admin.mustKubectl
	on := func(name string, command ...string) string { return strings.TrimSpace(c.run(name, command...)) }
	static := func(component, path string) string {
		return kubectl("--namespace=kube-system", "get", "pod", component+"-cp0", "--output=jsonpath="+path)
	}
	const command = "{.spec.containers[0].command}"
	const containerd = "tr '\\0' '\\n' </proc/$(pgrep -xo containerd)/environ"
	for what, test := range map[string]struct{ got, want string }{
		"proxy":                             {strings.Join(proxy.Asked(), " "), "10.0.0.4/cni.yaml"},
		"proxy, a containerd that runs":     {on("w0", "bash", "-c", containerd), "HTTP_PROXY=http://10.0.0.8:3128"},
		"extraFiles, a sysctl":              {on("w0", "cat", "/proc/sys/net/core/somaxconn"), "8192"},
		"extraFiles, a sysctl of others":    {on("cp0", "cat", "/proc/sys/net/core/somaxconn"), "4096"},
		"a kubelet with swap":               {on("w0", "systemctl", "show", "--property=LoadState", "swap.target"), "LoadState=loaded"},
		"a kubelet without":                 {on("cp0", "systemctl", "show", "--property=LoadState", "swap.target"), "LoadState=masked"},
		"certSANs":                          {on("cp0", "openssl", "x509", "-in", "/etc/kubernetes/pki/apiserver.crt", "-noout", "-ext", "subjectAltName"), "DNS:api.example.com"},
		"imageRepository":                   {static("etcd", "{.spec.containers[0].image}"), "registry.example.com:5000/k8s/etcd:"},
		"pki.algorithm":                     {on("cp0", "openssl", "x509", "-in", "/etc/kubernetes/pki/apiserver.crt", "-noout", "-text"), "NIST CURVE: P-384"},
		"pki.caCertificateValidityPeriod":   {on("cp0", "bash", "-c", "openssl x509 -in /etc/kubernetes/pki/ca.crt -noout -checkend $((43800 * 3600 + 1)) || true"), "will expire"},
		"networking.serviceSubnet":          {kubectl("get", "service", "kubernetes", "--output=jsonpath={.spec.clusterIP}"), "10.97.0.1"},
		"networking.dnsDomain":              {on("w0", "cat", "/var/lib/kubelet/config.yaml"), "clusterDomain: demo.local"},
		"etcd.dataDir":                      {on("cp0", "ls", "/var/lib/etcd/data/member"), "wal"},
		"network":                           {on("cp0", "ip", "-4", "addr", "show", "eth0"), "10.0.0.7/24"},
		"network of a node":                 {on("w0", "ip", "-4", "addr", "show", "eth0"), "10.0.0.10/16"},
		"network.mtu":                       {on("cp0", "ip", "link", "show", "eth0"), "mtu 1400"},
		"addons, in their order":            {kubectl("--namespace=first", "get", "configmap", "second", "--output=name"), "configmap/second"},
		"extraArgs.apiServer":               {static("kube-apiserver", command), "--event-ttl=2h0m0s"},
		"extraArgs.controllerManager":       {static("kube-controller-manager", command), "--terminated-pod-gc-threshold=100"},
		"extraArgs.scheduler":               {static("kube-scheduler", command), "--v=3"},
		"extraArgs.etcd":                    {static("etcd", command), "--quota-backend-bytes=4294967296"},
		"extraArgs.kubelet":                 {on("w0", "cat", "/var/lib/kubelet/kubeadm-flags.env"), "--image-gc-high-threshold=83"},
		"extraArgs.kubelet of a node":       {kubectl("get", "node", "w0", "--output=jsonpath={.spec.providerID}"), "example://w0"},
		"kubeletConfiguration":              {kubectl("get", "node", "cp0", "--output=jsonpath={.status.capacity.pods}"), "77"},
		"kubeletConfiguration, no string":   {on("w0", "cat", "/var/lib/kubelet/config.yaml"), "memory.available: 51Mi"},
		"kubeletConfiguration of a node":    {kubectl("get", "node", "w0", "--output=jsonpath={.status.capacity.pods}"), "99"},
		"kubeProxy.mode":                    {kubectl("--namespace=kube-system", "get", "configmap", "kube-proxy", "--output=jsonpath={.data}"), `mode: iptables`},
		"featureGates, a component":         {static("kube-scheduler", command), "--feature-gates=ContainerStopSignals=true"},
		"featureGates, kubelet":             {on("w0", "cat", "/var/lib/kubelet/config.yaml"), "ContainerStopSignals: true"},
		"extraVolumes, the audit log":       {on("cp0", "head", "-c", "200", "/var/log/kubernetes/audit.log"), `"kind":"Event"`},
		"extraVolumes of the others":        {static("kube-controller-manager", "{.spec.volumes[*].name}") + static("kube-scheduler", "{.spec.volumes[*].name}"), "machine-id"},
		"extraFiles of a role":              {on("w0", "bash", "-c", "ls /etc/kubernetes/enc /etc/kubernetes/audit 2>&1 || true"), "'/etc/kubernetes/enc': No such file or directory"},
		"a token joins without anonymous":   {on("w0", "curl", "-ks", "https://10.0.0.7:6443/api/v1/namespaces/kube-public/configmaps/cluster-info"), `"code": 401`},
		"patches of a static pod":           {static("kube-scheduler", "{.metadata.annotations}"), `"example.com/patched":"yes"`},
		"patches of kubelet, control plane": {on("cp0", "cat", "/var/lib/kubelet/config.yaml"), "imageMaximumGCAge: 240h0m0s"},
		"patches of kubelet, worker":        {on("w0", "cat", "/var/lib/kubelet/config.yaml"), "imageMaximumGCAge: 240h0m0s"},
		"extraFiles":                        {on("w0", "cat", "/etc/motd"), "made by kindling"},
		"extraFiles from a source":          {on("w0", "/usr/local/bin/rack"), "7"},
		"extraFiles of a node":              {on("w0", "stat", "--format=%a", "/etc/rack"), "640"},
		"extraSteps, the first":             {on("w0", "cat", "/var/lib/disk"), "w0"},
		"extraSteps, the last":              {on("cp0", "stat", "--format=%F", "/var/lib/last"), "regular empty file"},
		"sshAuthorizedKeys":                 {on("cp0", "cat", "/home/debian/.ssh/authorized_keys"), "admin@example.com"},
		"labels":                            {kubectl("get", "node", "w0", "--output=jsonpath={.metadata.labels}"), `"example.com/disk":"ssd"`},
		"extraSteps, always":                {c.Console("w0"), "count: boot 1 of w0"},
		"taints":                            {kubectl("get", "node", "w0", "--output=jsonpath={.spec.taints}"), `"key":"example.com/gpu"`},
		"no taints":                         {"{" + kubectl("get", "node", "cp0", "--output=jsonpath={.spec.taints}") + "}", "{}"},
	} {
		if !strings.Contains(test.got, test.want) {
			t.Errorf("%s: %q is not in %s", what, test.want, test.got)
		}
	}
	c.Eventually("the control planes have labelled the worker", func() (string, bool) {
		labels := kubectl("get", "node", "w0", "--output=jsonpath={.metadata.labels}")
		return labels, strings.Contains(labels, `"node-role.kubernetes.io/gpu":""`) && strings.Contains(labels, `"node-role.kubernetes.io/rack":"7"`)
	})
	c.PowerOff("w0")
	c.Boot("w0")
	c.waitForLine("w0", "count: boot 2 of w0")
	kubectl("create", "secret", "generic", "at-rest", "--from-literal=password=open-sesame")
	if stored, err := c.etcdctl("cp0", "get", "/registry/secrets/default/at-rest"); err != nil || !strings.Contains(stored, "k8s:enc:secretbox:v1:k1:") || strings.Contains(stored, "open-sesame") {
		t.Errorf("the Secret is not encrypted in etcd: %q %v", stored, err)
	}
	expiration := on("cp0", "openssl", "x509", "-in", "/etc/kubernetes/pki/apiserver.crt", "-noout", "-enddate")
	end, err := time.Parse("notAfter=Jan _2 15:04:05 2006 MST", expiration)
	if left := time.Until(end); err != nil || left < 4000*time.Hour || left > 4380*time.Hour {
		t.Errorf("pki.certificateValidityPeriod: %s, %v", expiration, err)
	}
}

// TestNoKubeProxy boots a control plane without kube-proxy. Its pod network asks the API server directly, as those do that take
// kube-proxy's place.
func TestNoKubeProxy(t *testing.T) {
	t.Parallel()
	c := newCluster(t, generate(t, "no-kube-proxy.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	if sets := c.admin.mustKubectl("--namespace=kube-system", "get", "daemonsets,configmaps", "--output=name"); strings.Contains(sets, "kube-proxy") {
		t.Errorf("there is kube-proxy:\n%s", sets)
	}
}

// TestSnippets boots a machine with cloud-config of its own, and one with Butane: its user is there, owns files, and kindling is the last to
// start, whatever the user's own commands do.
func TestSnippets(t *testing.T) {
	t.Parallel()
	c := newCluster(t, generate(t, "snippets.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	for _, name := range c.names("") {
		for _, test := range [][]string{
			{"1500", "id", "-u", "app"},
			{"app app 640", "stat", "--format=%U %G %a", "/etc/app.conf"},
			{"app root 644", "stat", "--format=%U %G %a", "/etc/app.numbers"},
			{"app app 600", "stat", "--format=%U %G %a", "/etc/app.snippet"},
			{"=", "cat", "/etc/app.snippet"},
			{"before", "cat", "/etc/app.order"},
		} {
			if got := strings.TrimSpace(c.run(name, test[1:]...)); got != test[0] {
				t.Errorf("%s: %v: %q, want %q", name, test[1:], got, test[0])
			}
		}
	}
	if got := c.run("cp0", "readlink", "/etc/localtime"); !strings.HasSuffix(strings.TrimSpace(got), "zoneinfo/Europe/Berlin") {
		t.Errorf("the time zone is %s", got)
	}
	c.PowerOff("cp0")
	c.Boot("cp0")
	c.checkCluster()
	if got := strings.Fields(c.run("cp0", "cat", "/var/lib/boots")); len(got) != 2 {
		t.Errorf("bootcmd ran at %d boots of 2", len(got))
	}
}
