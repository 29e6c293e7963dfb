// Package manifest reads Kubernetes' YAML as kubectl and kubeadm do: [Check] a manifest, [ReadPatchName] and [CheckPatch] a patch of kubeadm.
// It says what these programs would refuse on a machine, or pass over without a word.
package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

// separates reports whether a line ends a document.
type separates func(line []byte) bool

// forKubectl is the rule of `kubectl apply` (apimachinery: splitYAMLDocument), forKubeadm that of its patches (YAMLReader).
func forKubectl(line []byte) bool { return bytes.HasPrefix(line, []byte("---")) }

func forKubeadm(line []byte) bool { return string(bytes.TrimRight(line, " \t\r\n")) == "---" }

// document is one of a file, and the line of the file that it begins in.
type document struct {
	text []byte
	line int
}

func split(text []byte, ends separates) []document {
	documents := []document{{line: 1}}
	number := 0
	for line := range bytes.Lines(text) {
		if number++; ends(line) {
			documents = append(documents, document{line: number + 1})
			continue
		}
		last := &documents[len(documents)-1]
		last.text = append(last.text, line...)
	}
	return documents
}

// read returns what a document says; nil for one without content.
func (d document) read(strict bool) (any, error) {
	var value any
	decode := yaml.Unmarshal
	if strict {
		decode = yaml.UnmarshalStrict
	}
	if err := decode(d.text, &value); err != nil {
		return nil, fmt.Errorf("the document from line %d on is no YAML: %s", d.line, d.fault(err))
	}
	return value, nil
}

var lineNumber = regexp.MustCompile(`line ([0-9]+)`)

// fault is the parser's error without its prefixes, in one line, with the lines of the file.
func (d document) fault(err error) string {
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "error converting YAML to JSON: "), "yaml: ")
	text = lineNumber.ReplaceAllStringFunc(text, func(found string) string {
		number, _ := strconv.Atoi(strings.TrimPrefix(found, "line ")) // digits
		return fmt.Sprintf("line %d", d.line-1+number)
	})
	return strings.Join(strings.Fields(text), " ")
}

var errNothing = errors.New("has no object in it")

// Check says what keeps `kubectl apply` from taking a manifest, all of it, or nil.
func Check(text []byte) error {
	if page(text) {
		return errors.New("is a page (HTML), not a manifest")
	}
	var errs []error
	objects := 0
	for _, d := range split(text, forKubectl) {
		value, err := d.read(false)
		if err == nil && value != nil {
			objects++
			err = objectFault(value, d.line)
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil || objects > 0 {
		return err
	}
	return errNothing
}

// page reports whether a text is what a server says in the place of a file.
func page(text []byte) bool {
	start := bytes.ToLower(bytes.TrimLeft(text, "\ufeff \t\r\n"))
	return bytes.HasPrefix(start, []byte("<!doctype")) || bytes.HasPrefix(start, []byte("<html"))
}

func objectFault(value any, line int) error {
	object, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("the document from line %d on is no object", line)
	}
	for _, field := range []string{"apiVersion", "kind"} {
		if text, ok := object[field].(string); !ok || text == "" {
			return fmt.Errorf("the object from line %d on has no %s", line, field)
		}
	}
	if items, ok := object["items"].([]any); ok && strings.HasSuffix(object["kind"].(string), "List") {
		for _, item := range items {
			if err := objectFault(item, line); err != nil {
				return err
			}
		}
		return nil
	}
	metadata, _ := object["metadata"].(map[string]any)
	if name, ok := metadata["name"].(string); !ok || name == "" {
		return fmt.Errorf("the %s from line %d on has no metadata.name", object["kind"], line)
	}
	return nil
}
