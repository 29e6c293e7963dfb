package machines

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestFaultWipedControlPlanes changes a cluster after its first boot, and then loses each control plane in turn. Each comes
// back with its own document, and changes nothing in the cluster.
func TestFaultWipedControlPlanes(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	id := c.writeBefore()
	c.moveOn()
	for _, name := range c.names("control-plane") {
		c.admin.mustKubectl("cordon", name)
		c.replace(name, id)
		c.checkMovedOn()
		c.Eventually("the Node of "+name+" is in service", func() (string, bool) {
			marks := c.admin.mustKubectl("get", "node", name, "--output=jsonpath={.spec.unschedulable}{.spec.taints[*].key}")
			return marks, marks == "node-role.kubernetes.io/control-plane"
		})
	}
}

// TestFaultWipedUnderLoad loses etcd's leader and then each other control plane, while clients write and read.
func TestFaultWipedUnderLoad(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	id := c.writeBefore()
	history := c.underLoad(func() {
		leader := c.leader()
		order := append([]string{leader}, slices.DeleteFunc(c.names("control-plane"), func(name string) bool { return name == leader })...)
		t.Logf("wiped in this order, the leader first: %v", order)
		for _, name := range order {
			c.replace(name, id)
		}
	})
	t.Attr("outcome", history.Summary())
}

// replace wipes a control plane, boots it again, and checks that it is a member of the same cluster as before.
func (c *cluster) replace(name, id string) {
	c.t.Helper()
	began := time.Now()
	c.wipe(name)
	c.Boot(name)
	c.checkCluster()
	c.checkWritten(id)
	c.t.Logf("%s was replaced in %.0f s", name, time.Since(began).Seconds())
}

// moveOn changes what kubeadm made at the first boot. Without kube-proxy the pod network needs another way to the API.
func (c *cluster) moveOn() {
	c.t.Helper()
	c.admin.mustKubectl("--namespace=kube-system", "set", "env", "daemonset/flannel", "KUBERNETES_SERVICE_HOST=api.demo.test", "KUBERNETES_SERVICE_PORT=6443")
	c.waitForRollout("--namespace=kube-system", "daemonset/flannel")
	c.admin.mustKubectl("--namespace=kube-system", "delete", "daemonset", "kube-proxy")
	c.admin.mustKubectl("--namespace=kube-system", "scale", "deployment", "coredns", "--replicas=3")
	c.admin.mustKubectl("--namespace=kube-system", "delete", "secret", "--ignore-not-found", c.tokenSecret())
	config := c.admin.mustKubectl("--namespace=kube-system", "get", "configmap", "kubelet-config", "--output=jsonpath={.data.kubelet}")
	file := filepath.Join(c.t.TempDir(), "kubelet")
	if err := os.WriteFile(file, []byte(config+"maxPods: 99\n"), 0o644); err != nil {
		c.t.Fatal(err)
	}
	c.admin.mustKubectl("--namespace=kube-system", "delete", "configmap", "kubelet-config")
	c.admin.mustKubectl("--namespace=kube-system", "create", "configmap", "kubelet-config", "--from-file=kubelet="+file)
}

func (c *cluster) checkMovedOn() {
	c.t.Helper()
	for what, want := range map[string]string{
		"daemonset kube-proxy --ignore-not-found":                    "",
		"deployment coredns --output=jsonpath={.spec.replicas}":      "3",
		"secret --ignore-not-found --output=name " + c.tokenSecret(): "",
	} {
		got := c.admin.mustKubectl(append([]string{"--namespace=kube-system", "get"}, strings.Fields(what)...)...)
		if got != want {
			c.t.Errorf("%s is %q again", what, got)
		}
	}
	if config := c.admin.mustKubectl("--namespace=kube-system", "get", "configmap", "kubelet-config", "--output=jsonpath={.data.kubelet}"); !strings.Contains(config, "maxPods: 99\n") {
		c.t.Errorf("kubelet-config is the old one again:\n%s", config)
	}
}

func (c *cluster) tokenSecret() string {
	id, _, _ := strings.Cut(readFile(c.t, filepath.Join(c.documents.PKI(), "bootstrap-token")), ".")
	return "bootstrap-token-" + strings.TrimSpace(id)
}

// TestFaultFiveMembers grows a cluster from three to five control planes, loses two of the five at the same time, and
// shrinks it to three again.
func TestFaultFiveMembers(t *testing.T) {
	three := generate(t, "three.yaml")
	c := newCluster(t, three, nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	id := c.writeBefore()

	c.grow("five.yaml", three.PKI())
	c.Boot("cp3", "cp4")
	c.checkCluster()
	c.checkWritten(id)

	c.wipe("cp1", "cp3")
	c.Boot("cp1", "cp3")
	c.checkCluster()
	c.checkWritten(id)

	c.shrink("cp4", 4)
	c.shrink("cp3", 3)
	c.grow("three.yaml", three.PKI())
	c.checkVoters()
	c.checkNodesReady()
	c.checkWritten(id)
	t.Attr("outcome", "three members, five, five again, and three")
}

// shrink removes a control plane as docs/first-boot.md says. left is how many remain.
func (c *cluster) shrink(name string, left int) {
	c.t.Helper()
	commands, found := strings.CutPrefix(bashBlock(c.t, "first-boot.md", "What you do"), "name=cp4\n")
	if !found {
		c.t.Fatal("docs/first-boot.md removes another machine")
	}
	c.PowerOff(name)
	c.Eventually("the load balancer has noticed that "+name+" is off", func() (string, bool) {
		up := c.Balanced()
		return fmt.Sprint(up), up == left
	})
	if out, err := c.Operate("env", "KUBECONFIG="+c.admin.kubeconfig, "PATH="+filepath.Dir(c.admin.program)+":"+os.Getenv("PATH"),
		"bash", "-euo", "pipefail", "-c", "name="+name+"\n"+commands); err != nil {
		c.t.Fatalf("removing %s: %v\n%s", name, err, out)
	}
}

// TestFaultMemberGoneForEver loses a control plane for good: another machine, with another name and address, takes its place.
func TestFaultMemberGoneForEver(t *testing.T) {
	three := generate(t, "three.yaml")
	c := newCluster(t, three, nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	id := c.writeBefore()
	c.PowerOff("cp2")
	c.Eventually("the Node of cp2 is deleted", func() (string, bool) {
		out, err := c.admin.kubectl("delete", "node", "cp2", "--ignore-not-found")
		return out, err == nil
	})
	c.grow("other.yaml", three.PKI())
	c.Boot("cp3")
	c.waitForLine("cp3", "etcd: waiting: https://10.0.0.9:2380, not in this document, does not answer")
	time.Sleep(5 * time.Minute) // cp2 may be silent for so long, and nothing moves meanwhile
	c.waitForLine("cp3", "name=cp2 url=https://10.0.0.9:2380")
	c.waitUntilDone(c.names("")...)
	c.checkVoters()
	c.checkNodesReady()
	c.checkWritten(id)
}

// grow switches the cluster to another spec, and adds the machines that are new in it.
func (c *cluster) grow(spec, pki string) {
	c.t.Helper()
	documents := generateWith(c.t, spec, pki)
	c.documents, c.spec = documents, readSpec(c.t, documents.Spec())
	for _, n := range c.spec.Nodes {
		if !c.Has(n.Name) {
			c.Add(c.machine(n))
		}
	}
	c.BalanceLoad(c.at(loadBalancer), c.firstAddresses("control-plane")...)
	c.admin = newAdmin(c)
}

// writeBefore writes what must survive the fault. It returns the ID of etcd's cluster, which must stay the same.
func (c *cluster) writeBefore() (id string) {
	c.t.Helper()
	c.admin.mustKubectl("create", "configmap", "written", "--from-literal=when=before")
	return c.clusterID(c.etcdMembers()[0])
}

// checkWritten checks that every member's etcd is in the cluster with this ID, and that what writeBefore wrote is there.
func (c *cluster) checkWritten(id string) {
	c.t.Helper()
	for _, name := range c.etcdMembers() {
		if now := c.clusterID(name); now != id {
			c.t.Errorf("%s is in cluster %s, and was in %s", name, now, id)
		}
	}
	if written := c.admin.mustKubectl("get", "configmap", "written", "--output=jsonpath={.data.when}"); written != "before" {
		c.t.Errorf("what was written before is %q", written)
	}
}
