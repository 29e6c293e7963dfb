package machines

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/rig"
)

// checkCluster waits until every machine is done, and checks that they are one working cluster.
func (c *cluster) checkCluster() {
	c.t.Helper()
	c.waitUntilDone(c.names("")...)
	c.checkVoters()
	c.checkOneCluster()
	c.checkBalanced()
	c.checkNodesReady()
}

func (c *cluster) waitUntilDone(names ...string) {
	c.t.Helper()
	for _, name := range names {
		c.Eventually(name+" is done", func() (string, bool) {
			status, err := statusOf(c.Rig, name)
			return fmt.Sprintf("%v %v; its last word: %s", status, err, c.lastWord(name)), status.State == "done"
		})
	}
}

// lastWord returns the last line that a machine's boot script has printed. It has the cause where the status has a symptom.
func (c *cluster) lastWord(name string) string {
	said := c.Said(name)
	word, _, _ := strings.Cut(said[max(0, strings.LastIndex(said, "kindling "+name)):], "\n")
	return word
}

// checkVoters checks that etcd's members are the right machines, and that all of them vote.
func (c *cluster) checkVoters() {
	c.t.Helper()
	want := c.etcdMembers()
	c.Eventually(fmt.Sprintf("etcd has %d voters", len(want)), func() (string, bool) {
		list, err := c.etcdctl(want[len(want)-1], "member", "list")
		var voters []string
		for line := range strings.Lines(list) {
			// ID, status, name, peer URLs, client URLs, is learner
			if fields := strings.Split(strings.TrimSpace(line), ", "); len(fields) == 6 && fields[1] == "started" && fields[5] == "false" {
				voters = append(voters, fields[2])
			}
		}
		slices.Sort(voters)
		return fmt.Sprint(list, err), err == nil && slices.Equal(voters, want)
	})
}

// checkOneCluster checks that every member's etcd is in the same cluster.
func (c *cluster) checkOneCluster() {
	c.t.Helper()
	ids := map[string]bool{}
	for _, name := range c.etcdMembers() {
		c.Eventually("etcd on "+name+" reports its cluster", func() (string, bool) {
			list, err := c.etcdctl(name, "member", "list", "--write-out=fields")
			for line := range strings.Lines(list) {
				if id, ok := strings.CutPrefix(line, `"ClusterID" : `); ok {
					ids[strings.TrimSpace(id)] = true
					return "", true
				}
			}
			return fmt.Sprint(list, err), false
		})
	}
	if len(ids) != 1 {
		c.t.Errorf("the members are in %d clusters: %v", len(ids), slices.Collect(maps.Keys(ids)))
	}
}

// etcdctl asks a machine's own etcd.
func (c *cluster) etcdctl(name string, args ...string) (string, error) {
	endpoint := netip.AddrPortFrom(c.node(name).addresses()[0], 2379).String()
	if len(c.names("etcd")) > 0 {
		return c.externalEtcdctl(endpoint, args...)
	}
	command := []string{"--namespace=kube-system", "exec", "etcd-" + name, "--",
		"etcdctl", "--endpoints=https://" + endpoint, "--cacert=/etc/kubernetes/pki/etcd/ca.crt", "--cert=/etc/kubernetes/pki/etcd/peer.crt", "--key=/etc/kubernetes/pki/etcd/peer.key"}
	return c.admin.kubectl(append(command, args...)...)
}

// externalEtcdctl asks etcd as an API server would. The cluster does not know external etcd's pods.
func (c *cluster) externalEtcdctl(endpoint string, args ...string) (string, error) {
	etcdctl, err := rig.Release(c.spec.KubernetesVersion).Etcdctl(context.Background())
	if err != nil {
		return "", err
	}
	pki := c.documents.PKI()
	client := filepath.Join(pki, "nodes", c.names("control-plane")[0], "apiserver-etcd-client")
	return c.Operate(append([]string{etcdctl, "--endpoints=https://" + endpoint, "--cacert=" + filepath.Join(pki, "etcd/ca.crt"), "--cert=" + client + ".crt", "--key=" + client + ".key"}, args...)...)
}

// checkBalanced checks that every control plane's API server is in service at the rig's load balancer.
func (c *cluster) checkBalanced() {
	c.t.Helper()
	if len(c.names("load-balancer")) > 0 {
		return // the cluster has its own, whose last step waits until an API server is in service
	}
	want := len(c.names("control-plane"))
	c.Eventually(fmt.Sprintf("the load balancer has %d API servers", want), func() (string, bool) {
		up := c.Balanced()
		return fmt.Sprint(up), up == want
	})
}

// checkNodesReady checks that the cluster has the right Nodes, and that all of them are Ready.
func (c *cluster) checkNodesReady() {
	c.t.Helper()
	want := append(c.names("control-plane"), c.names("worker")...)
	c.Eventually(fmt.Sprintf("%d Nodes are Ready", len(want)), func() (string, bool) {
		nodes, err := c.admin.readyNodes(c.t.Context())
		return fmt.Sprint(nodes, err), len(nodes) == len(want) && allReady(nodes, want)
	})
}

func allReady(nodes map[string]bool, want []string) bool {
	for _, name := range want {
		if !nodes[name] {
			return false
		}
	}
	return true
}

// checkWorkload checks that CoreDNS runs, and that a pod reaches another one, on a worker, by the name of its Service.
func (c *cluster) checkWorkload() {
	c.t.Helper()
	image := strings.TrimSpace(c.run(c.names("control-plane")[0], "bash", "-c", "kubeadm config images list --kubernetes-version "+c.spec.KubernetesVersion+" | grep /etcd:"))
	workload := filepath.Join(c.t.TempDir(), "workload.yaml")
	text := strings.ReplaceAll(readFile(c.t, "testdata/workload.yaml"), "@ETCD@", image)
	if err := os.WriteFile(workload, []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
	c.admin.mustKubectl("apply", "--filename="+workload)
	for _, deployment := range []string{"--namespace=kube-system coredns", "--namespace=default server", "--namespace=default client"} {
		namespace, name, _ := strings.Cut(deployment, " ")
		c.waitForRollout(namespace, "deployment/"+name)
	}
	on := c.admin.mustKubectl("get", "pods", "--selector=app=server", "--output=jsonpath={.items[0].spec.nodeName}")
	if !slices.Contains(c.names("worker"), on) {
		c.t.Errorf("the server's pod is on %q, which is not a worker", on)
	}
	const service = "--endpoints=http://server.default.svc.cluster.local:2379"
	c.Eventually("a pod reaches a Service by its name", func() (string, bool) {
		out, err := c.admin.kubectl("exec", "deployment/client", "--", "etcdctl", service, "put", "greeting", "hello")
		return fmt.Sprint(out, err), err == nil && out == "OK\n"
	})
	addresses := strings.Fields(c.admin.mustKubectl("get", "service", "server", "--output=jsonpath={.spec.clusterIPs[*]}"))
	if len(addresses) != len(c.spec.Nodes[0].addresses()) {
		c.t.Errorf("the Service has the addresses %v, but the nodes have %v", addresses, c.spec.Nodes[0].addresses())
	}
	for _, address := range addresses {
		url := "http://" + net.JoinHostPort(address, "2379") + "/version"
		for _, name := range append(c.names("control-plane"), c.names("worker")...) {
			c.Eventually(name+" reaches the Service at "+address, func() (string, bool) {
				out, err := c.Exec(name, "curl", "-sSg", "--max-time", "5", url)
				return fmt.Sprint(out, err), strings.Contains(out, "etcdserver")
			})
		}
	}
}

// waitForRollout waits until all pods of a Deployment or a DaemonSet are up.
func (c *cluster) waitForRollout(namespace, object string) {
	c.t.Helper()
	defer func() {
		if c.t.Failed() {
			c.logPods(namespace)
		}
	}()
	c.Eventually(object+" is up", func() (string, bool) {
		out, err := c.admin.kubectl("rollout", "status", namespace, object, "--timeout=50s")
		if err == nil {
			return out, true
		}
		pods, _ := c.admin.kubectl("get", "pods", "--all-namespaces", "--output=custom-columns=:metadata.name,:status.phase,:status.conditions[*].status,:status.containerStatuses[*].state.waiting.reason")
		return out + pods, false
	})
}

// logPods logs what is known about pods that do not come up.
func (c *cluster) logPods(namespace string) {
	for _, question := range []string{
		"get pods --all-namespaces --output=wide",
		"get events " + namespace + " --field-selector=type=Warning",
		"logs --namespace=kube-system --selector=part=pod-network --prefix --tail=5",
		"logs --namespace=kube-system --selector=k8s-app=kube-proxy --prefix --tail=5",
	} {
		answer, _ := c.admin.kubectl(strings.Fields(question)...)
		c.t.Logf("kubectl %s:\n%s", question, answer)
	}
}

// checkSameKeys checks that every control plane has the CAs and the service-account key from the operator's directory.
func (c *cluster) checkSameKeys() {
	c.t.Helper()
	for _, file := range []string{"ca.crt", "ca.key", "front-proxy-ca.crt", "front-proxy-ca.key", "etcd/ca.crt", "etcd/ca.key", "sa.key", "sa.pub"} {
		want, err := os.ReadFile(filepath.Join(c.documents.PKI(), file))
		if err != nil {
			c.t.Fatal(err)
		}
		for _, name := range c.names("control-plane") {
			if got := c.run(name, "cat", "/etc/kubernetes/pki/"+file); secretOf(c.t, file, []byte(got)) != secretOf(c.t, file, want) {
				c.t.Errorf("%s of %s is not the operator's", file, name)
			}
		}
	}
}

// secretOf returns a private key's secret number, since keys on machines lack their public half. It returns other files as
// they are.
func secretOf(t *testing.T, file string, content []byte) string {
	t.Helper()
	if !strings.HasSuffix(file, ".key") {
		return string(content)
	}
	block, _ := pem.Decode(content)
	if block == nil {
		t.Fatalf("%s is not PEM", file)
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return key.D.String()
}

// checkEndpoints checks that everything that says where the cluster is names controlPlaneEndpoint, and no machine.
func (c *cluster) checkEndpoints() {
	c.t.Helper()
	places := map[string]string{
		"cluster-info":               c.admin.mustKubectl("--namespace=kube-public", "get", "configmap", "cluster-info", "--output=jsonpath={.data.kubeconfig}"),
		"kube-proxy's configuration": c.admin.mustKubectl("--namespace=kube-system", "get", "configmap", "kube-proxy", `--output=jsonpath={.data.kubeconfig\.conf}`),
	}
	for _, name := range c.names("worker") {
		places["kubelet.conf of "+name] = c.run(name, "cat", "/etc/kubernetes/kubelet.conf")
	}
	want := "server: https://" + c.spec.ControlPlaneEndpoint
	for _, place := range slices.Sorted(maps.Keys(places)) {
		var servers []string
		for line := range strings.Lines(places[place]) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "server:") {
				servers = append(servers, line)
			}
		}
		if !slices.Equal(servers, []string{want}) {
			c.t.Errorf("%s has %q, want %q", place, servers, want)
		}
	}
}

// checkKubeadmConfig checks that each control plane would upload the same ClusterConfiguration.
func (c *cluster) checkKubeadmConfig() {
	c.t.Helper()
	running := func() string {
		return c.admin.mustKubectl("--namespace=kube-system", "get", "configmap", "kubeadm-config", "--output=jsonpath={.data}")
	}
	want := running()
	for _, name := range c.names("control-plane") {
		c.run(name, "kubeadm", "init", "phase", "upload-config", "kubeadm", "--config=/etc/kindling/kubeadm/init.yaml")
		if got := running(); got != want {
			c.t.Errorf("%s wrote another kubeadm-config:\n%s\nwant:\n%s", name, got, want)
		}
	}
}

// checkMaintenance checks that kubeadm's commands for the years after the first boot work on every control plane.
func (c *cluster) checkMaintenance() {
	c.t.Helper()
	for _, name := range c.names("control-plane") {
		expiration := c.run(name, "kubeadm", "certs", "check-expiration")
		for _, certificate := range []string{"apiserver", "etcd-peer", "front-proxy-ca", "super-admin.conf"} {
			if !strings.Contains(expiration, certificate) {
				c.t.Errorf("check-expiration on %s does not list %s:\n%s", name, certificate, expiration)
			}
		}
		if strings.Contains(expiration, "MISSING") || strings.Contains(expiration, "invalid") {
			c.t.Errorf("check-expiration on %s:\n%s", name, expiration)
		}
		plan := c.run(name, "kubeadm", "upgrade", "plan", c.spec.KubernetesVersion)
		if !strings.Contains(plan, "Cluster version: "+c.spec.KubernetesVersion[1:]) {
			c.t.Errorf("upgrade plan on %s does not show the version:\n%s", name, plan)
		}
	}
}

// checkTokenIsUnseen checks that no console, journal or log of a step has the bootstrap token.
func (c *cluster) checkTokenIsUnseen() {
	c.t.Helper()
	secret := c.secretOfToken()
	for _, name := range c.names("") {
		for place, text := range map[string]string{
			"console": c.Console(name),
			"journal": c.run(name, "journalctl", "--no-pager", "--output=cat"),
			"logs":    c.run(name, "bash", "-c", "cat /var/lib/kindling/*.log"),
		} {
			if strings.Contains(text, secret) {
				c.t.Errorf("the %s of %s has the bootstrap token", place, name)
			}
		}
	}
}

// secretOfToken is the part of the bootstrap token that nobody may see.
func (c *cluster) secretOfToken() string {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.documents.PKI(), "bootstrap-token"))
	if err != nil {
		c.t.Fatal(err)
	}
	_, secret, _ := strings.Cut(strings.TrimSpace(string(text)), ".")
	if len(secret) != 16 {
		c.t.Fatal("the bootstrap token does not have two parts")
	}
	return secret
}

// checkWorkersOutlive powers a control plane off for longer than the cluster waits for a machine, and checks that all
// workers stay Ready meanwhile.
func (c *cluster) checkWorkersOutlive(name string) {
	c.t.Helper()
	c.PowerOff(name)
	workers := c.names("worker")
	c.Eventually("the cluster has noticed that "+name+" is off", func() (string, bool) {
		nodes, err := c.admin.readyNodes(context.Background())
		if err == nil && !allReady(nodes, workers) {
			c.t.Fatalf("while %s is off, not every worker is Ready: %v", name, nodes)
		}
		return fmt.Sprint(nodes, err), err == nil && !nodes[name]
	})
	time.Sleep(5 * time.Second) // as long as the controller takes to look at all of them
	nodes, err := c.admin.readyNodes(context.Background())
	if err != nil || !allReady(nodes, workers) {
		c.t.Errorf("while %s is off, not every worker is Ready: %v %v", name, nodes, err)
	}
}
