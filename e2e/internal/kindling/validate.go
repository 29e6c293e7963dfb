package kindling

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Validate runs `kindling validate`. It returns what the command prints, and an error if it refuses the spec.
func Validate(t testing.TB, spec string) (string, error) {
	t.Helper()
	return runProgram(t, "validate", "--file", spec)
}

// TryGenerate runs `kindling generate` alone, without making keys first.
func TryGenerate(t testing.TB, spec, pki string) error {
	t.Helper()
	_, err := runProgram(t, "generate", "--file", spec, "--pki", pki, "--output", filepath.Join(t.TempDir(), "out"))
	return err
}

// Schema is the JSON schema of cluster.yaml.
func Schema(t testing.TB) []byte {
	t.Helper()
	schema, err := runProgram(t, "schema")
	if err != nil {
		t.Fatal(err)
	}
	return []byte(schema)
}

func runProgram(t testing.TB, args ...string) (string, error) {
	t.Helper()
	kindling, err := program()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), commandTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, kindling, args...).CombinedOutput()
	if strings.Contains(string(out), "goroutine ") {
		t.Fatalf("kindling %s panics:\n%s", args[0], out)
	}
	if err != nil {
		err = fmt.Errorf("kindling %s: %w\n%s", args[0], err, out)
	}
	return string(out), err
}

var notPinned = regexp.MustCompile(`kindling\.lock does not pin (.*), without which`)

// Pin writes a kindling.lock beside a spec with all that `kindling validate` has found missing, as if publishers had it.
func Pin(spec, validated string) error {
	found := notPinned.FindStringSubmatch(validated)
	if found == nil {
		return nil
	}
	var downloads, manifests strings.Builder
	repositories := map[string]string{}
	for item := range strings.SplitSeq(found[1], ", ") {
		sum := sha256.Sum256([]byte(item))
		if program, rest, ok := strings.Cut(item, " of "); ok {
			repositories[rest] += fmt.Sprintf("    %s: 1.0-0\n", program)
		} else if words := strings.Fields(item); len(words) == 4 && words[2] == "for" {
			fmt.Fprintf(&downloads, "- {program: %s, version: %s, arch: %s, url: https://example.com/%[1]s-linux-%[3]s.tgz, size: 1, sha256: %x}\n", words[0], words[1], words[3], sum)
		} else {
			fmt.Fprintf(&manifests, "- {url: %q, size: 1, sha256: %x}\n", item, sum)
		}
	}
	text := "apiVersion: kindling/v1alpha1\nkind: Lock\n"
	if downloads.Len() > 0 {
		text += "downloads:\n" + downloads.String()
	}
	if len(repositories) > 0 {
		text += "repositories:\n"
	}
	for url, packages := range repositories {
		text += fmt.Sprintf("- url: %s\n  key: %s\n  packages:\n%s", url, strings.Repeat("0A", 20), packages)
	}
	if manifests.Len() > 0 {
		text += "manifests:\n" + manifests.String()
	}
	return os.WriteFile(filepath.Join(filepath.Dir(spec), "kindling.lock"), []byte(text), 0o644)
}
