package spec

import (
	"cmp"
	"reflect"

	"kindling/generator/internal/yamlfile"
)

// entry is what users read about a field, in the schema and in docs/cluster.yaml.md.
type entry struct {
	yamlfile.Field
	meaning string
	// fallback says in words what counts when the field is left out. Empty if Default has the value itself.
	fallback string
	// change says what a change does once the cluster runs: "yes", "new machines", "by hand" or "no", and a remark after a semicolon.
	change string
}

// entries are those of a struct's fields, in their order.
func (c comments) entries(t reflect.Type) []entry {
	var list []entry
	for _, f := range yamlfile.FieldsOf(t) {
		inGo := t.Field(f.Index)
		said := c[t.Name()+"."+inGo.Name]
		list = append(list, entry{f, said.forUsers(), said.fallback, inGo.Tag.Get("change")})
	}
	return list
}

// description is the entry as text.
func (e entry) description() string {
	text := e.meaning
	if fallback := cmp.Or(e.fallback, e.Default); fallback != "" {
		text += " Default: " + fallback + "."
	}
	if e.change != "" {
		text += " May change after the first boot: " + e.change + "."
	}
	return text
}
