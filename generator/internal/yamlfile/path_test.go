package yamlfile

import "testing"

func TestPathString(t *testing.T) {
	for want, p := range map[string]Path{
		"":                             nil,
		"name":                         {"name"},
		"nodes[1].role":                {"nodes", 1, "role"},
		`nodes[0].labels["a.b/c"]`:     {"nodes", 0, "labels", "a.b/c"},
		`["abcdef.0123456789abcde f"]`: {"abcdef.0123456789abcde f"},
		`[(a secret, not shown)]`:      {"abcdef.0123456789abcdef"},
		"extraArgs.etcd[2].name":       Path{"extraArgs"}.With("etcd", 2).With("name"),
	} {
		if got := p.String(); got != want {
			t.Errorf("%#v: %s, want %s", p, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	for source, want := range map[string]int{"": 1, "a": 1, "a\n": 2, "a\r\nb": 2, "a\rb": 2, "a\u2028b\u0085c": 3, "\ufeffa": 1} {
		if got := Lines([]byte(source)); len(got) != want {
			t.Errorf("%q: %q", source, got)
		}
	}
}
