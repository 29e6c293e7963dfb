package manifest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kindling/generator/internal/kubernetes"
)

// targets are what kubeadm can patch in this release (kubeadm: app/util/patches).
func targets(v kubernetes.Version) []string {
	list := []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubeletconfiguration"}
	if v.PatchesCoreDNS() {
		list = append(list, "corednsdeployment")
	}
	if v.PatchesKubeProxy() {
		list = append(list, "kubeproxydaemonset")
	}
	return list
}

// PatchName is what the name of a patch's file says: TARGET[SUFFIX][+TYPE].EXTENSION.
type PatchName struct {
	Target string // such as kube-apiserver
	Type   string // json, merge or strategic
}

// ErrForeign is the error of a file that is none of kubeadm's: it may lie beside the patches.
var ErrForeign = errors.New("is no patch")

var patchTypes = []string{"json", "merge", "strategic"}

var patchForm = regexp.MustCompile(`^([^.+]*)(\+[^.]*)?(\..*)?$`)

// ReadPatchName reads the name of a file as kubeadm does. Where kubeadm would pass over a file that is meant to be a patch, or break off,
// the error says why.
func ReadPatchName(name string, v kubernetes.Version) (PatchName, error) {
	parts := patchForm.FindStringSubmatch(name)
	extension := name[strings.LastIndexByte(name, '.')+1:]
	known := targets(v)
	target := slices.IndexFunc(known, func(t string) bool { return strings.HasPrefix(name, t) })
	isYAML := extension == "yaml" || extension == "json"
	switch {
	case strings.HasPrefix(name, "."), target < 0 && !isYAML, strings.HasSuffix(name, "~"):
		return PatchName{}, ErrForeign
	case !isYAML && extension == "yml":
		return PatchName{}, fmt.Errorf("kubeadm passes over a file that ends in .yml; call it %s.yaml", strings.TrimSuffix(name, ".yml"))
	case !isYAML:
		return PatchName{}, ErrForeign
	case target < 0:
		return PatchName{}, fmt.Errorf("kubeadm %s passes over it: the name of a patch begins with %s", v, strings.Join(known, ", "))
	}
	kind := "strategic"
	if strings.Contains(name, "+") && (len(parts) < 3 || parts[2] == "") {
		return PatchName{}, errors.New("kubeadm does not see the + of its name; write it before the first dot")
	}
	if len(parts) > 2 && parts[2] != "" {
		kind = parts[2][1:]
		if !slices.ContainsFunc(patchTypes, func(t string) bool { return t == kind }) {
			return PatchName{}, fmt.Errorf("kubeadm breaks off: after the + of its name comes %s", strings.Join(patchTypes, ", "))
		}
	}
	return PatchName{known[target], kind}, nil
}

// CheckPatch says what is wrong with the content of a patch, all of it, or nil.
func CheckPatch(name PatchName, text []byte) error {
	if page(text) {
		return errors.New("is a page (HTML), not a patch")
	}
	var errs []error
	patches := 0
	for _, d := range split(text, forKubeadm) {
		value, err := d.read(true)
		if err == nil && value != nil {
			patches++
			err = patchFault(name, value)
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil || patches > 0 {
		return err
	}
	return errNothing
}

func patchFault(name PatchName, value any) error {
	if name.Type == "json" {
		return operationsFault(value)
	}
	object, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("is no mapping, which a %s patch has to be", name.Type)
	}
	if !name.isPod() {
		return nil
	}
	for key := range object {
		if !slices.Contains([]string{"apiVersion", "kind", "metadata", "spec", "status", "$patch", "$retainKeys"}, key) {
			return fmt.Errorf("%s is no field of a Pod, and a patch with it changes nothing; is it one of spec's?", key)
		}
	}
	if name.Type == "strategic" {
		return namelessFault(object)
	}
	return nil
}

// isPod reports whether the target is a static pod.
func (n PatchName) isPod() bool { return n.Target == "etcd" || strings.HasPrefix(n.Target, "kube-") }

// namelessFault finds items of lists that a strategic merge cannot match (core/v1's patchMergeKey).
func namelessFault(pod map[string]any) error {
	spec, _ := pod["spec"].(map[string]any)
	for _, list := range []string{"containers", "initContainers", "volumes"} {
		items, _ := spec[list].([]any)
		for i, item := range items {
			if fields, _ := item.(map[string]any); fields["name"] == nil {
				return fmt.Errorf("spec.%s[%d] has no name, by which kubeadm finds the one to patch", list, i)
			}
		}
	}
	return nil
}

// operationsFault checks a JSON patch (RFC 6902).
func operationsFault(value any) error {
	list, ok := value.([]any)
	if !ok {
		return errors.New("is no list of operations, which a json patch has to be")
	}
	for i, item := range list {
		operation, _ := item.(map[string]any)
		op, _ := operation["op"].(string)
		path, hasPath := operation["path"].(string)
		switch {
		case !slices.Contains([]string{"add", "remove", "replace", "move", "copy", "test"}, op):
			return fmt.Errorf("operation %d has no op of RFC 6902, such as add or replace", i+1)
		case !hasPath || path != "" && path[0] != '/':
			return fmt.Errorf("operation %d has no path that begins with /", i+1)
		case slices.Contains([]string{"add", "replace", "test"}, op) && !has(operation, "value"):
			return fmt.Errorf("operation %d has no value", i+1)
		case slices.Contains([]string{"move", "copy"}, op) && !has(operation, "from"):
			return fmt.Errorf("operation %d has no from", i+1)
		}
	}
	return nil
}

func has(m map[string]any, key string) bool {
	_, ok := m[key]
	return ok
}
