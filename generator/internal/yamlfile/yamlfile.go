// Package yamlfile reads a YAML file that people write by hand into Go structs, and reports everything that is wrong with it at
// once, each [Problem] with its line and column, its field and a hint. The structs' `json` and `jsonschema` tags are the rules.
//
//	var config Config
//	file := kind.Read(data, &config)
//	if file.Decoded() && config.Port == 22 {
//		file.Errorf(yamlfile.Path{"port"}, "22 is taken by SSH; choose another")
//	}
//	problems := file.Problems()
//
// It is stricter than YAML: aliases, anchors, merge keys and tags are refused, as are unknown and duplicate keys, and strings
// that YAML reads as something else. A field that Read has refused counts as faulty: what Errorf would say of it is left out, so
// that one mistake is one problem.
package yamlfile

import (
	"reflect"

	"go.yaml.in/yaml/v4"
)

// Kind is a kind of file, in the words that messages use.
type Kind struct {
	// Name of such a file, such as cluster.yaml.
	Name string
	// MaxSize in bytes.
	MaxSize int
	// Keys are some of those that it has at its top.
	Keys string
	// Start says how to get one to start from, and Reference where all keys are listed.
	Start, Reference string
}

// File is a file that was read, with what is wrong with it so far.
type File struct {
	data     []byte
	root     *yaml.Node
	problems Problems
	// faulty has the paths of refused and missing fields.
	faulty map[string]bool
	// unquoted has the strings that YAML takes for something else. The value is what the user wrote, and if that is wrong
	// anyway, there is more to say than "put it in quotes".
	unquoted []unquoted
}

type unquoted struct {
	node  *yaml.Node
	field string
}

// Read parses data and fills the struct that v points to.
func (k Kind) Read(data []byte, v any) *File {
	f := &File{data: data, faulty: map[string]bool{}}
	if problem := k.unreadable(data); problem != nil {
		f.problems = Problems{*problem}
		return f
	}
	f.root, f.problems = k.parse(data)
	if f.root != nil {
		target := reflect.ValueOf(v).Elem()
		d := decoder{File: f, kind: k, target: target.Type()}
		d.decode(f.root, target)
	}
	return f
}

// Decoded reports whether the struct has been filled, even if some of its values are faulty.
func (f *File) Decoded() bool { return f.root != nil }
