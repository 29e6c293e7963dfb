package formation

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"kindling/e2e/internal/kindling"
)

var stepsLine = regexp.MustCompile(`(?m)^STEPS=.*$`)

// How long a member may be silent that nobody names: minutes, for find.
const patience, impatience = "-mmin +5", "-mmin +0"

// The steps that need neither kubelet nor a container runtime.
const formationSteps = `STEPS="right-machine etcd"`

// writeFiles does what cloud-init does with the write_files of a node's document, and leaves out the other steps.
func writeFiles(t testing.TB, documents kindling.Documents, node, root string) {
	t.Helper()
	var document struct {
		WriteFiles []struct{ Path, Content, Encoding, Permissions string } `yaml:"write_files"`
	}
	if err := yaml.Unmarshal(documents.File(t, node, "user-data"), &document); err != nil {
		t.Fatalf("user-data of %s: %v", node, err)
	}
	for _, file := range document.WriteFiles {
		content, mode := []byte(file.Content), uint64(0o644)
		var err error
		if file.Encoding != "" {
			content, err = unpack(file.Content, file.Encoding)
		}
		if err == nil && file.Permissions != "" {
			mode, err = strconv.ParseUint(file.Permissions, 8, 32)
		}
		if err != nil {
			t.Fatalf("user-data of %s: %s: %v", node, file.Path, err)
		}
		if file.Path == "/etc/kindling/run.sh" {
			if n := len(stepsLine.FindAll(content, -1)); n != 1 {
				t.Fatalf("run.sh has %d lines with its steps", n)
			}
			content = stepsLine.ReplaceAll(content, []byte(formationSteps))
			content = bytes.Replace(content, []byte(patience), []byte(impatience), 1)
		}
		writeFile(t, filepath.Join(root, file.Path), content, os.FileMode(mode))
	}
}

func unpack(content, encoding string) ([]byte, error) {
	packed, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(content), ""))
	if err != nil || encoding == "b64" {
		return packed, err
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}

// nodeEnv is the value of a variable of node.env.
func nodeEnv(t testing.TB, root, name string) string {
	t.Helper()
	for line := range strings.Lines(readFile(t, filepath.Join(root, "etc/kindling/node.env"))) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+"="); ok {
			return strings.Trim(value, `'"`)
		}
	}
	t.Fatalf("node.env has no %s", name)
	return ""
}

func writeFile(t testing.TB, name string, content []byte, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, mode); err != nil {
		t.Fatal(err)
	}
}

// readFile is empty for a file that is not there.
func readFile(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}
