package cloudinit

import (
	"bytes"
	"testing"

	"kindling/generator/internal/node"
)

// FuzzLiteral holds that the short way writes what the YAML library writes.
func FuzzLiteral(f *testing.F) {
	for _, seed := range []string{"", "\n", "a\n", "a", "a\n\n", " a\n", "a \n", "a\n  b\n", "a\nb", "- a\n", "a: b\n", "# a\n", "'a'\n", "a\tb\n", "é\n", "---\n", "...\n", "%a\n", "|\n", "0\n", "=\n"} {
		f.Add("/etc/a", 0o644, []byte(seed))
		f.Add("/etc/b", 0o600, []byte(seed))
	}
	f.Add("/etc/a b", 0o644, []byte("a\n"))
	f.Add("/1.5", 0o644, []byte("a\n"))
	f.Fuzz(func(t *testing.T, path string, mode int, content []byte) {
		element := node.File{Path: path, Mode: mode & 0o7777, Content: content}
		var short, long bytes.Buffer
		if !appendLiteral(&short, element) {
			return
		}
		if err := encode(&long, []file{entry(element)}); err != nil {
			t.Fatal(err)
		}
		if short.String() != long.String() {
			t.Errorf("%q, the library %q", &short, &long)
		}
	})
}
