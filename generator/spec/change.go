package spec

import (
	"reflect"
	"regexp"
	"strings"

	"kindling/generator/internal/yamlfile"
)

// Change is what a change needs once the cluster runs, the least first.
type Change int

// The kinds of change.
const (
	// Nothing has to be done: running machines do not need to know.
	Nothing Change = iota
	// ByItself is what the running machines find out.
	ByItself
	// NextBoot is for machines that boot blank with a new document.
	NextBoot
	// ByHand needs a procedure, which a remark names.
	ByHand
	// Never is what cannot be changed after the first boot.
	Never
)

// String is the change in words.
func (c Change) String() string {
	return [...]string{"nothing to do", "by itself", "next boot with a new document", "by hand", "cannot be changed after the first boot"}[c]
}

// words are those of the tag `change`.
var words = map[string]Change{"yes": Nothing, "new machines": NextBoot, "by hand": ByHand, "no": Never}

var inBrackets = regexp.MustCompile(`\[[^\]]*\]`)

// ChangeOf is what a change of a field needs, by its path as [Cluster.Values] writes it, and the remark of cluster.yaml's reference.
func ChangeOf(path string) (change Change, remark string) {
	path = inBrackets.ReplaceAllString(path, "[]")
	for _, s := range yamlfile.Sections(reflect.TypeFor[Cluster]()) {
		for _, f := range yamlfile.FieldsOf(s.Type) {
			for _, place := range s.Places {
				if strings.TrimPrefix(place+"."+f.Name, ".") == path {
					word, remark, _ := strings.Cut(s.Type.Field(f.Index).Tag.Get("change"), "; ")
					return words[word], remark
				}
			}
		}
	}
	return NextBoot, ""
}
