// Package flags knows the flags of Kubernetes' programs and of the etcd beside them, the fields of KubeletConfiguration, the feature gates,
// the admission plugins and the controllers, minor by minor. The data come from the programs themselves: e2e/cmd/e2e-flags writes them, and a test in e2e holds them against the
// programs that the tests run.
package flags

import (
	"embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kindling/generator/internal/kubernetes"
)

//go:embed *.txt
var files embed.FS

//go:embed KubeletConfiguration.types
var kubeletTypes string

//go:embed values.types
var valueTypes string

// table has the minors of each flag of a component, oldest first.
type table map[string][]kubernetes.Minor

var tables = sync.OnceValue(func() map[string]table {
	all := map[string]table{}
	entries, _ := files.ReadDir(".") // the files are in the program
	for _, entry := range entries {
		text, _ := files.ReadFile(entry.Name())
		flags := table{}
		for line := range strings.Lines(string(text)) {
			words := strings.Fields(line)
			for _, word := range words[1:] {
				minor, _ := strconv.Atoi(word)
				flags[words[0]] = append(flags[words[0]], kubernetes.Minor(minor))
			}
		}
		all[strings.TrimSuffix(entry.Name(), ".txt")] = flags
	}
	return all
})

var typeOf = sync.OnceValue(func() map[string]string {
	types := map[string]string{}
	for line := range strings.Lines(kubeletTypes) {
		if path, word, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			types[path] = word
		}
	}
	return types
})

// KubeletType is the type of a field of KubeletConfiguration in the newest minor whose program was asked, or "" for one that is not known. The
// path has [] for an item of a list and .* for a value of a map. A type is object, list, any, quantity, duration, or one of Go's own.
func KubeletType(path string) string { return typeOf()[path] }

var valueOf = sync.OnceValue(func() map[[2]string]string {
	types := map[[2]string]string{}
	for line := range strings.Lines(valueTypes) {
		if words := strings.Fields(line); len(words) == 3 {
			types[[2]string(words)] = words[2]
		}
	}
	return types
})

// ValueType is the type of a flag's value in the newest minor whose program was asked: bool, duration, or one of Go's numbers. It is "" for
// all else.
func ValueType(component, flag string) string { return valueOf()[[2]string{component, flag}] }

// Of are the flags of a component, such as kube-apiserver, in a minor. There are none if nobody has asked its program.
func Of(component string, minor kubernetes.Minor) []string {
	var names []string
	for name, minors := range tables()[component] {
		if slices.Contains(minors, minor) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Minors are those in which a component has a flag, oldest first.
func Minors(component, flag string) []kubernetes.Minor { return tables()[component][flag] }
