package spec

import (
	"maps"
	"slices"
	"strings"

	"kindling/generator/internal/yamlfile"
)

// kubeletLabels are the labels in Kubernetes' own namespaces that the NodeRestriction admission plugin lets a kubelet set on
// itself, in addition to those in kubelet.kubernetes.io and node.kubernetes.io.
var kubeletLabels = []string{
	"beta.kubernetes.io/arch", "beta.kubernetes.io/instance-type", "beta.kubernetes.io/os",
	"failure-domain.beta.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone",
	"kubernetes.io/arch", "kubernetes.io/hostname", "kubernetes.io/os",
	"topology.kubernetes.io/region", "topology.kubernetes.io/zone",
}

func (c *checker) checkLabels(p yamlfile.Path, n Node) {
	if n.Labels == nil {
		return
	}
	p = p.With("labels")
	if !isKubernetesNode(n) {
		c.Errorf(p, "a machine of role %s has no Node object, so it cannot have labels; remove them", n.Role)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(n.Labels)) {
		p, value := p.With(key), n.Labels[key]
		switch fault := qualifiedFault(key); {
		case fault != "":
			c.KeyErrorf(p, "is not a valid label key: it %s", fault)
		case slices.Contains(controlPlaneLabels, key):
			c.KeyErrorf(p, "kubeadm sets this label, on control planes; remove it")
		case slices.Contains(ownLabels, key):
			c.KeyErrorf(p, "kubelet sets this label to what the machine is; remove it")
		case !KubeletMaySet(key) && !strings.HasPrefix(key, roleLabels):
			c.KeyErrorf(p, "a kubelet may not set this label on itself (NodeRestriction); use your own prefix, or set the label with kubectl later")
		}
		if fault := labelValueFault(value); fault != "" {
			c.Errorf(p, "%s is not a valid label value: it %s", yamlfile.Quote(value), fault)
		}
	}
}

func isKubernetesNode(n Node) bool { return n.Role != EtcdMember && n.Role != LoadBalance }

// roleLabels begin the labels that `kubectl get nodes` shows as roles. No kubelet may set them; the control planes do.
const roleLabels = "node-role.kubernetes.io/"

var controlPlaneLabels = []string{roleLabels + "control-plane", roleLabels + "master"}

// ownLabels are those by which Kubernetes tells machines apart: pods that must run on every machine choose by them.
var ownLabels = []string{"beta.kubernetes.io/arch", "beta.kubernetes.io/os", "kubernetes.io/arch", "kubernetes.io/hostname", "kubernetes.io/os"}

// KubeletMaySet reports whether a kubelet may set a label on its own Node: the NodeRestriction admission plugin decides.
func KubeletMaySet(key string) bool {
	namespace, _, _ := strings.Cut(key, "/")
	in := func(domain string) bool { return namespace == domain || strings.HasSuffix(namespace, "."+domain) }
	if !strings.Contains(key, "/") || !in("kubernetes.io") && !in("k8s.io") {
		return true
	}
	return in("kubelet.kubernetes.io") || in("node.kubernetes.io") || slices.Contains(kubeletLabels, key)
}

func (c *checker) checkTaints(p yamlfile.Path, n Node) {
	if n.Taints == nil {
		return
	}
	p = p.With("taints")
	if !isKubernetesNode(n) {
		c.Errorf(p, "a machine of role %s has no Node object, so it cannot have taints; remove them", n.Role)
		return
	}
	seen := map[[2]string]int{}
	for i, taint := range n.Taints {
		p, id := p.With(i), [2]string{taint.Key, taint.Effect}
		if fault := qualifiedFault(taint.Key); fault != "" {
			c.Errorf(p.With("key"), "%s is not a valid taint key: it %s", yamlfile.Quote(taint.Key), fault)
		}
		if fault := labelValueFault(taint.Value); fault != "" {
			c.Errorf(p.With("value"), "%s is not a valid taint value: it %s", yamlfile.Quote(taint.Value), fault)
		}
		if first, ok := seen[id]; ok {
			c.Errorf(p, "has the same key and effect as taints[%d]; keep one of them", first)
		} else {
			seen[id] = i
		}
	}
}
