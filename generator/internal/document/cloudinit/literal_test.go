package cloudinit

import (
	"bytes"
	"testing"
)

// FuzzLiteral holds that the short way writes what the YAML library writes.
func FuzzLiteral(f *testing.F) {
	for _, seed := range []string{"", "\n", "a\n", "a", "a\n\n", " a\n", "a \n", "a\n  b\n", "a\nb", "- a\n", "a: b\n", "# a\n", "'a'\n", "a\tb\n", "é\n", "---\n", "...\n", "%a\n", "|\n", "0\n", "=\n"} {
		f.Add("/etc/a", "", seed)
		f.Add("/etc/b", "0600", seed)
	}
	f.Add("/etc/a b", "", "a\n")
	f.Add("/1.5", "", "a\n")
	f.Fuzz(func(t *testing.T, path, permissions, content string) {
		if permissions != "" {
			permissions = "0600"
		}
		element := file{Path: path, Permissions: permissions, Content: content}
		var short, long bytes.Buffer
		if !appendLiteral(&short, element) {
			return
		}
		if err := encode(&long, []file{element}); err != nil {
			t.Fatal(err)
		}
		if short.String() != long.String() {
			t.Errorf("%q, the library %q", &short, &long)
		}
	})
}
