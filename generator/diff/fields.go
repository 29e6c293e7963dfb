// Package diff compares a finished set with the next one: which files each machine would get otherwise, and what a running cluster needs
// for that. It says whether files differ, and never what is in them.
package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kindling/generator"
	"kindling/generator/spec"
)

// Field is a change of cluster.yaml, or of another input.
type Field struct {
	// Name is the field's path, a node as nodes[NAME], or the file of another input.
	Name string
	// Old and New values; empty for a field that is not there, and both empty where a secret may be in them.
	Old, New string
	spec.Change
	// Remark on the change, if there is one.
	Remark string
}

// String has the field, its values, and what it needs.
func (f Field) String() string {
	text := f.Name
	if f.Old != "" || f.New != "" {
		text += fmt.Sprintf(": %s -> %s", orNone(f.Old), orNone(f.New))
	}
	text += ": " + f.Change.String()
	if f.Remark != "" {
		text += "; " + f.Remark
	}
	return text
}

func orNone(value string) string {
	if value == "" {
		return "(none)"
	}
	return value
}

// Fields compares what two sets were made from.
func Fields(before, after generator.Index) []Field {
	if before.Spec == nil {
		return []Field{{Name: "cluster.yaml", Change: spec.NextBoot, Remark: "the last set is of an earlier release, which does not say what it was made from"}}
	}
	var list []Field
	samePKI := before.PKI == after.PKI
	if !samePKI && !after.Follows(before, "ca") {
		list = append(list, Field{Name: "pki/ca.crt", Change: spec.Never, Remark: "machines with another CA are another cluster"})
	}
	rotations := slices.Concat(slices.Collect(maps.Keys(before.Rotation)), slices.Collect(maps.Keys(after.Rotation)))
	slices.Sort(rotations)
	for _, word := range slices.Compact(rotations) {
		f := Field{Name: "pki rotate " + word, Old: string(before.Rotation[word]), New: string(after.Rotation[word]), Change: spec.NextBoot, Remark: "control planes first"}
		if !after.Follows(before, word) {
			f.Change, f.Remark = spec.Never, "machines have not booted with documents of the stage between"
		}
		if f.Old != f.New {
			list = append(list, f)
		}
	}
	if before.Lock != after.Lock {
		list = append(list, Field{Name: "kindling.lock", Change: spec.NextBoot})
	}
	list = append(list, nodeFields(before, after)...)
	names := maps.Clone(before.Spec)
	maps.Copy(names, after.Spec)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		was, is := before.Spec[name], after.Spec[name]
		node := nodeOf(name)
		_, had := before.Nodes[node]
		_, has := after.Nodes[node]
		if was == is || node != "" && had != has {
			continue
		}
		hidden := strings.HasPrefix(was+is, "sha256:") || strings.HasPrefix(is, "sha256:")
		if hidden && was != "" && is != "" && !samePKI {
			continue // the fingerprints have another salt
		}
		f := Field{Name: name}
		f.Change, f.Remark = spec.ChangeOf(name)
		if !hidden {
			f.Old, f.New = was, is
		}
		list = append(list, f)
	}
	return list
}

// nodeFields are the nodes that come and go.
func nodeFields(before, after generator.Index) []Field {
	var list []Field
	for _, name := range slices.Sorted(maps.Keys(after.Nodes)) {
		if _, had := before.Nodes[name]; !had {
			list = append(list, Field{Name: "nodes[" + name + "]", New: after.Nodes[name].Role, Change: spec.NextBoot})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before.Nodes)) {
		if _, has := after.Nodes[name]; !has {
			f := Field{Name: "nodes[" + name + "]", Old: before.Nodes[name].Role, Change: spec.ByHand, Remark: "drain it, switch it off, and remove its Node with kubectl"}
			if f.Old == spec.EtcdMember || f.Old == spec.LoadBalance {
				f.Remark = "switch it off"
			}
			list = append(list, f)
		}
	}
	return list
}

// nodeOf is the node in nodes[NAME].field, or nothing.
func nodeOf(field string) string {
	rest, found := strings.CutPrefix(field, "nodes[")
	if !found {
		return ""
	}
	name, _, _ := strings.Cut(rest, "]")
	return name
}
