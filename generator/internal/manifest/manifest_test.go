package manifest

import (
	"errors"
	"strings"
	"testing"

	"kindling/generator/internal/kubernetes"

	"github.com/google/go-cmp/cmp"
)

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestCheck(t *testing.T) {
	const object = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
	for name, test := range map[string]struct{ manifest, want string }{
		"one object":                     {object, ""},
		"several, empty ones among them": {"---\n# Source: x\n---\n" + object + "--- # the next\n" + object + "---\n", ""},
		"JSON":                           {`{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}`, ""},
		"a list":                         {"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n", ""},
		"CRLF":                           {strings.ReplaceAll(object, "\n", "\r\n"), ""},
		"empty":                          {"", "has no object in it"},
		"comments alone":                 {"# to be written\n---\n", "has no object in it"},
		"a page":                         {"\n<!DOCTYPE html>\n<html>404</html>\n", "is a page (HTML), not a manifest"},
		"a page without its type":        {"<HTML><body>Log in</body></HTML>", "is a page (HTML), not a manifest"},
		"an error's words":               {"404: Not Found", "the object from line 1 on has no apiVersion"},
		"a word":                         {"404\n", "the document from line 1 on is no object"},
		"a kustomization's list":         {"- a\n- b\n", "the document from line 1 on is no object"},
		"no kind":                        {object + "---\napiVersion: v1\nmetadata: {name: b}\n", "the object from line 5 on has no kind"},
		"an apiVersion that is a number": {"apiVersion: 1\nkind: A\n", "the object from line 1 on has no apiVersion"},
		"no name":                        {"apiVersion: v1\nkind: Namespace\nmetadata: {generateName: a}\n", "the Namespace from line 1 on has no metadata.name"},
		"an item without a name":         {"apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Namespace}]\n", "the Namespace from line 1 on has no metadata.name"},
		"a template of Helm": {object + "---\nkind: {{ .Values.kind }}\n",
			"the document from line 5 on is no YAML: invalid map key: map[interface {}]interface {}{\".Values.kind\":interface {}(nil)}"},
		"a tab, later":       {object + "---\nkind:\n\tA\n", "the document from line 5 on is no YAML: line 6: found character that cannot start any token"},
		"a tab":              {"kind:\n\tA\n", "the document from line 1 on is no YAML: line 2: found character that cannot start any token"},
		"two things at once": {"kind: A\n---\napiVersion: v1\n", "the object from line 1 on has no apiVersion\nthe object from line 3 on has no kind"},
	} {
		if diff := cmp.Diff(test.want, text(Check([]byte(test.manifest)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestReadPatchName(t *testing.T) {
	const all = "etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubeletconfiguration"
	for name, test := range map[string]struct {
		minor kubernetes.Minor
		want  PatchName
		err   string
	}{
		"etcd.yaml":                       {37, PatchName{"etcd", "strategic"}, ""},
		"kube-apiserver0+merge.yaml":      {37, PatchName{"kube-apiserver", "merge"}, ""},
		"kube-apiserver-tls+json.json":    {37, PatchName{"kube-apiserver", "json"}, ""},
		"kubeletconfiguration.yaml":       {28, PatchName{"kubeletconfiguration", "strategic"}, ""},
		"kube-scheduler.bak.yaml":         {37, PatchName{"kube-scheduler", "strategic"}, ""},
		"corednsdeployment+merge.yaml":    {31, PatchName{"corednsdeployment", "merge"}, ""},
		"corednsdeployment.yaml":          {30, PatchName{}, "kubeadm v1.30.0 passes over it: the name of a patch begins with " + all},
		"kubeproxydaemonset.yaml":         {36, PatchName{}, "kubeadm v1.36.0 passes over it: the name of a patch begins with " + all + ", corednsdeployment"},
		"kube-api-server0+merge.yaml":     {30, PatchName{}, "kubeadm v1.30.0 passes over it: the name of a patch begins with " + all},
		"kubelet.yaml":                    {30, PatchName{}, "kubeadm v1.30.0 passes over it: the name of a patch begins with " + all},
		"Etcd.yaml":                       {30, PatchName{}, "kubeadm v1.30.0 passes over it: the name of a patch begins with " + all},
		"0-etcd.yaml":                     {30, PatchName{}, "kubeadm v1.30.0 passes over it: the name of a patch begins with " + all},
		"kube-apiserver0+merge.yml":       {37, PatchName{}, "kubeadm passes over a file that ends in .yml; call it kube-apiserver0+merge.yaml"},
		"kube-apiserver+merg.yaml":        {37, PatchName{}, "kubeadm breaks off: after the + of its name comes json, merge, strategic"},
		"kube-apiserver+.yaml":            {37, PatchName{}, "kubeadm breaks off: after the + of its name comes json, merge, strategic"},
		"kube-apiserver.x+merge.yaml":     {37, PatchName{}, "kubeadm does not see the + of its name; write it before the first dot"},
		"kube-apiserver0+merge.yaml~":     {37, PatchName{}, "is no patch"},
		"kube-apiserver0+merge.yaml.orig": {37, PatchName{}, "is no patch"},
		".kube-apiserver.yaml.swp":        {37, PatchName{}, "is no patch"},
		".etcd.yaml":                      {37, PatchName{}, "is no patch"},
		"README.md":                       {37, PatchName{}, "is no patch"},
		"LICENSE":                         {37, PatchName{}, "is no patch"},
	} {
		got, err := ReadPatchName(name, kubernetes.Version{Minor: test.minor})
		if diff := cmp.Diff(test.err, text(err)); diff != "" || got != test.want {
			t.Errorf("%s: %+v (-want +got):\n%s", name, got, diff)
		}
		if errors.Is(err, ErrForeign) != (test.err == "is no patch") {
			t.Errorf("%s: foreign or not", name)
		}
	}
}

func TestCheckPatch(t *testing.T) {
	pod, kubelet := PatchName{"kube-apiserver", "strategic"}, PatchName{"kubeletconfiguration", "strategic"}
	merge, operations := PatchName{"etcd", "merge"}, PatchName{"etcd", "json"}
	for name, test := range map[string]struct {
		as          PatchName
		patch, want string
	}{
		"containers by name":           {pod, "spec:\n  containers:\n  - {name: kube-apiserver, resources: {}}\n", ""},
		"several patches":              {pod, "spec: {priority: 1}\n---\nmetadata: {labels: {a: b}}\n", ""},
		"a whole Pod":                  {pod, "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver}\nspec: {}\n", ""},
		"the kubelet's":                {kubelet, "maxPods: 50\n", ""},
		"operations":                   {operations, "- {op: add, path: /spec/containers/0/env, value: []}\n- {op: remove, path: /metadata/labels}\n", ""},
		"operations in JSON":           {operations, `[{"op": "replace", "path": "/spec/priority", "value": null}]`, ""},
		"a merge with nameless items":  {merge, "spec: {containers: [{image: x}]}\n", ""},
		"empty":                        {pod, "\n", "has no object in it"},
		"comments alone":               {pod, "# nothing yet\n", "has no object in it"},
		"a page":                       {pod, "<!doctype html>", "is a page (HTML), not a patch"},
		"a list":                       {pod, "- a\n", "is no mapping, which a strategic patch has to be"},
		"operations called merge":      {merge, "- {op: add, path: /a, value: b}\n", "is no mapping, which a merge patch has to be"},
		"a mapping called json":        {operations, "spec: {}\n", "is no list of operations, which a json patch has to be"},
		"a field of spec at the top":   {pod, "containers:\n- {name: kube-apiserver}\n", "containers is no field of a Pod, and a patch with it changes nothing; is it one of spec's?"},
		"a container without a name":   {pod, "spec:\n  containers:\n  - {image: x}\n", "spec.containers[0] has no name, by which kubeadm finds the one to patch"},
		"a volume without a name":      {pod, "spec:\n  volumes:\n  - {hostPath: {path: /a}}\n", "spec.volumes[0] has no name, by which kubeadm finds the one to patch"},
		"an operation of no name":      {operations, "- {op: set, path: /a, value: b}\n", "operation 1 has no op of RFC 6902, such as add or replace"},
		"a path without its slash":     {operations, "- {op: remove, path: a/b}\n", "operation 1 has no path that begins with /"},
		"an operation without a value": {operations, "- {op: add, path: /a}\n", "operation 1 has no value"},
		"a move without a from":        {operations, "- {op: move, path: /a}\n", "operation 1 has no from"},
		"a key twice":                  {kubelet, "maxPods: 1\nmaxPods: 2\n", `the document from line 1 on is no YAML: unmarshal errors: line 2: key "maxPods" already set in map`},
		"no YAML":                      {kubelet, "a: [\n", "the document from line 1 on is no YAML: line 1: did not find expected node content"},
	} {
		if diff := cmp.Diff(test.want, text(CheckPatch(test.as, []byte(test.patch)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
