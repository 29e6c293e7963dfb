package cloudinit

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"strings"
	"testing"

	"kindling/generator/internal/node"

	"go.yaml.in/yaml/v4"
)

// roundTrip reads a file's content back out of user-data, as cloud-init does.
func roundTrip(t *testing.T, content []byte, packed bool) (path string, out []byte) {
	t.Helper()
	in := node.File{Path: "/f", Mode: 0o600, Content: content}
	if packed {
		var zipped bytes.Buffer
		w := gzip.NewWriter(&zipped)
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		in.Gzip = zipped.Bytes()
	}
	document, err := Readable().UserData(node.Node{Files: []node.File{in}})
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		WriteFiles []file `yaml:"write_files"`
	}
	if err := yaml.Unmarshal(document, &read); err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	f := read.WriteFiles[0]
	out = []byte(f.Content)
	if f.Encoding == "" {
		return string(f.Path), out
	}
	if out, err = base64.StdEncoding.DecodeString(string(f.Content)); err != nil {
		t.Fatal(err)
	}
	if f.Encoding == "gz+b64" {
		r, err := gzip.NewReader(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if out, err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return string(f.Path), out
}

func FuzzRoundTrip(f *testing.F) {
	for _, seed := range []string{
		"", "a\n", "no end of line", "  leading", "\n\n", "trailing  \n", "a: b\n# c\n", "{{ jinja }}\n", "\ttab\n", "a\r\nb", "\x00", "\xff", "\ufeff", "\u0085",
		"---\n", "|\n", "- x", "'", "\"", "true", "0644", "a\n ", " \n", "\n a",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, content []byte, packed bool) {
		if path, got := roundTrip(t, content, packed); path != "/f" || !bytes.Equal(got, content) {
			t.Errorf("%s: %q came back as %q", path, content, got)
		}
	})
}

// TestQuoted has words that YAML 1.1 takes for something else than YAML 1.2 does (yaml.org/type): pyyaml would refuse or change them.
func TestQuoted(t *testing.T) {
	for _, word := range []string{"=", "<<", "~", "y", "N", "Yes", "off", "1:20", "190:20:30.15", "0777", "0b11", "1_000", "2026-01-01", ".5", ".inf", "12e03", "null", "-"} {
		out, err := Readable().UserData(node.Node{Files: []node.File{node.Public("/f", []byte(word))}})
		if want := "\n  content: \"" + word + "\"\n"; err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%q: %v, no %q in\n%s", word, err, want, out)
		}
	}
}
