package plan

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sourced is what bash makes of node.env.
func sourced(t *testing.T, file []byte, name string) string {
	t.Helper()
	bash := exec.Command("bash", "-c", `set -eu; . /dev/stdin; printf %s "${!1}"`, "bash", name)
	bash.Stdin = strings.NewReader(string(file))
	out, err := bash.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s\n%q", err, out, file)
	}
	return string(out)
}

func TestEnv(t *testing.T) {
	for _, value := range []string{"", "cp0", "10.0.0.7,fd00::7", "a b", "$(touch /tmp/x)", "`id`", "it's", "a\nb", "\\", "ü", "-n", "*", "~", "!x"} {
		file, err := env{"B": value, "A": "first"}.bytes()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(file), "A=first\nB=") {
			t.Errorf("not sorted: %q", file)
		}
		if diff := cmp.Diff(value, sourced(t, file, "B")); diff != "" {
			t.Error(diff)
		}
	}
}

func TestEnvRefusesNUL(t *testing.T) {
	if _, err := (env{"A": "a\x00b"}).bytes(); err == nil || !strings.Contains(err.Error(), "A: ") {
		t.Errorf("err = %v", err)
	}
}

func FuzzEnv(f *testing.F) {
	for _, seed := range []string{"", "a b", "$(id)", "'", "\"", "\n", "\\'", "\x7f", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		file, err := env{"A": value}.bytes()
		if err != nil {
			if !strings.Contains(value, "\x00") {
				t.Fatal(err)
			}
			return
		}
		if got := sourced(t, file, "A"); got != value {
			t.Errorf("%q came back as %q from %q", value, got, file)
		}
	})
}
