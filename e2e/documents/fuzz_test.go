package documents

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/specgen"
)

// bytesOf are the bytes of a spec: the same for the same number.
func bytesOf(number int) []byte {
	data := make([]byte, 1024)
	seed := [32]byte{}
	binary.LittleEndian.PutUint64(seed[:], uint64(number))
	rand.NewChaCha8(seed).Read(data)
	return data
}

// FuzzAccepted checks that `kindling generate` makes the documents of whatever `kindling validate` accepts, and of nothing else.
func FuzzAccepted(f *testing.F) {
	for number := range 8 {
		f.Add(bytesOf(number))
	}
	pki := sharedPKI(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		spec := specgen.Make(data, specgen.Releases)
		generated(t, write(t, spec), pki)
	})
}

// sharedPKI is a PKI with authorities and no leaves, to which each spec adds its own.
func sharedPKI(tb testing.TB) string {
	documents, err := kindling.Generate(tb, write(tb, specgen.Make(nil, specgen.Releases)), "")
	if err != nil {
		tb.Fatal(err)
	}
	for _, leaf := range []string{"admin.crt", "admin.key", "super-admin.crt", "super-admin.key"} {
		if err := os.Remove(filepath.Join(documents.PKI(), leaf)); err != nil {
			tb.Fatal(err)
		}
	}
	return documents.PKI()
}

// write writes a spec and its files, and returns the path of cluster.yaml.
func write(tb testing.TB, spec specgen.Spec) string {
	tb.Helper()
	dir := tb.TempDir()
	files := map[string]string{"cluster.yaml": string(spec.Text)}
	for name, content := range spec.Files {
		files[name] = content
	}
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return filepath.Join(dir, "cluster.yaml")
}

// tooLarge is the one thing that `kindling validate` cannot know: how large the documents get.
const tooLarge = "the document has "

// generated makes the documents of a spec, and returns false if it is refused, as it must be by all commands alike.
func generated(t *testing.T, spec, pki string) (kindling.Documents, bool) {
	t.Helper()
	said, refused := kindling.Validate(t, spec)
	if refused != nil {
		if kindling.TryGenerate(t, spec, pki) == nil {
			t.Errorf("validate refuses what generate takes:\n%v\n%s", refused, read(t, spec))
		}
		return kindling.Documents{}, false
	}
	if err := kindling.Pin(spec, said); err != nil {
		t.Fatal(err)
	}
	documents, err := kindling.Generate(t, spec, pki)
	switch {
	case err != nil && strings.Contains(err.Error(), tooLarge):
		return documents, false
	case err != nil:
		t.Fatalf("validate accepts what generate refuses:\n%v\n%s", err, read(t, spec))
	}
	return documents, true
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
