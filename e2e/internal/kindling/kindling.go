// Package kindling runs the command under test as its users do.
package kindling

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// commandTimeout ends a command that hangs.
const commandTimeout = 5 * time.Minute

// Formats that any node's document can be printed in.
const (
	CloudInit = "cloud-init"
	Ignition  = "ignition"
	Butane    = "butane"
)

// Encodings that a document can be printed in. Ignition has no Base64, and Butane has only Text.
const (
	Text   = "text"
	Gzip   = "gzip"
	Base64 = "base64"
)

// program is built once for all tests of a package. Only this process holds its file open, so nothing is left of it at the
// end.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kindling-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	path, err := build(dir)
	if err != nil {
		return "", err
	}
	file, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), file), err
})

// programAhead builds kindling in dir, with a clock that is ahead.
func programAhead(dir string, ahead time.Duration) (string, error) {
	main := filepath.Join(Source(), "cmd/kindling/main.go")
	text, err := os.ReadFile(main)
	if err != nil {
		return "", err
	}
	const clock = "os.Stderr, time.Now)"
	changed := strings.Replace(string(text), clock, fmt.Sprintf("os.Stderr, func() time.Time { return time.Now().Add(%d) })", ahead), 1)
	if changed == string(text) {
		return "", fmt.Errorf("%s has no %q", main, clock)
	}
	replacement, overlay := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {main: replacement}})
	if err := errors.Join(err, os.WriteFile(replacement, []byte(changed), 0o644), os.WriteFile(overlay, list, 0o644)); err != nil {
		return "", err
	}
	return build(dir, "-overlay", overlay)
}

func build(dir string, flags ...string) (string, error) {
	program := filepath.Join(dir, "kindling")
	build := exec.Command("go", append(append([]string{"build", "-buildvcs=false", "-o", program}, flags...), "./cmd/kindling")...)
	build.Dir = Source()
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return program, nil
}

// Source returns the directory of kindling's own module.
func Source() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// Documents are a cluster's documents, with what they were made from.
type Documents struct {
	spec, pki, out string
	program        string
}

// Generate makes the documents of a cluster with a copy of the PKI, to which it adds what this cluster still lacks.
func Generate(t testing.TB, spec, pki string) (Documents, error) {
	t.Helper()
	kindling, err := program()
	if err != nil {
		t.Fatal(err)
	}
	d := documentsIn(t.TempDir(), kindling, spec)
	if pki != "" {
		if err := os.CopyFS(d.pki, os.DirFS(pki)); err != nil {
			t.Fatal(err)
		}
	}
	return d, d.generate()
}

// GenerateIn makes the documents of a cluster below an empty directory, with all keys.
func GenerateIn(dir, spec string) (Documents, error) {
	kindling, err := program()
	if err != nil {
		return Documents{}, err
	}
	d := documentsIn(dir, kindling, spec)
	return d, d.generate()
}

// Matchbox makes the documents again, and returns the directories that matchbox serves: its own, and the set.
func (d Documents) Matchbox(t testing.TB) (data, assets string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "matchbox")
	d.mustRun(t, "generate", "--output", d.out, "--matchbox", data)
	return data, d.out
}

// GenerateAhead makes the documents and all keys of a cluster on a computer whose clock is ahead.
func GenerateAhead(t testing.TB, spec string, ahead time.Duration) (Documents, error) {
	t.Helper()
	kindling, err := programAhead(t.TempDir(), ahead)
	if err != nil {
		t.Fatal(err)
	}
	d := documentsIn(t.TempDir(), kindling, spec)
	return d, d.generate()
}

// Renewed makes the documents again, after `kindling pki renew` with these arguments, by the clock of this computer.
func (d Documents) Renewed(t testing.TB, args ...string) Documents {
	t.Helper()
	var err error
	if d.program, err = program(); err != nil {
		t.Fatal(err)
	}
	d.mustRun(t, append([]string{"pki", "renew"}, args...)...)
	d.mustRun(t, "generate", "--output", d.out)
	return d
}

// NewToken makes another bootstrap token, and the documents again. It returns what ends the old one, and is a Secret for the new one.
func (d Documents) NewToken(t testing.TB) []byte {
	t.Helper()
	secrets := d.mustRun(t, "token", "--new")
	d.mustRun(t, "generate", "--output", d.out)
	return secrets
}

// GenerateLocked makes the documents of a cluster whose downloads it pins first, from a directory laid out by host and path.
func GenerateLocked(t testing.TB, spec, pki, downloads string) Documents {
	t.Helper()
	kindling, err := program()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	// The spec may name files beside it.
	if err := errors.Join(os.CopyFS(dir, os.DirFS(filepath.Dir(spec))), os.CopyFS(filepath.Join(dir, "pki"), os.DirFS(pki))); err != nil {
		t.Fatal(err)
	}
	d := documentsIn(dir, kindling, filepath.Join(dir, filepath.Base(spec)))
	d.lock(t, downloads)
	if err := d.generate(); err != nil {
		t.Fatal(err)
	}
	return d
}

// lock has no keys to read.
func (d Documents) lock(t testing.TB, downloads string) {
	t.Helper()
	if out, err := exec.Command(d.program, "lock", "--upgrade", "--file", d.spec, "--from", downloads).CombinedOutput(); err != nil {
		t.Fatalf("kindling lock: %v\n%s", err, out)
	}
}

func documentsIn(dir, program, spec string) Documents {
	return Documents{spec: spec, pki: filepath.Join(dir, "pki"), out: filepath.Join(dir, "out"), program: program}
}

func (d Documents) generate() error {
	if _, err := d.run("pki", "init"); err != nil {
		return err
	}
	_, err := d.run("generate", "--output", d.out)
	return err
}

// Spec returns the cluster.yaml that the documents were made from.
func (d Documents) Spec() string { return d.spec }

// PKI returns the directory with the keys that the documents were made with.
func (d Documents) PKI() string { return d.pki }

// CopyTo copies the program and the set, as kindling and out/, to a directory.
func (d Documents) CopyTo(t testing.TB, dir string) {
	t.Helper()
	program, err := os.ReadFile(d.program)
	err = errors.Join(err, os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "kindling"), program, 0o755), os.CopyFS(filepath.Join(dir, "out"), os.DirFS(d.out)))
	if err != nil {
		t.Fatal(err)
	}
}

// Nodes returns the names of the nodes.
func (d Documents) Nodes(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(d.out, "nodes"))
	if err != nil {
		t.Fatal(err)
	}
	var nodes []string
	for _, entry := range entries {
		nodes = append(nodes, entry.Name())
	}
	return nodes
}

// SecretPart returns the secret part of a node, or nil if its document has all in it.
func (d Documents) SecretPart(t testing.TB, node string) []byte {
	t.Helper()
	part, err := os.ReadFile(filepath.Join(d.out, "secret", node))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return part
}

// Serve is the command that serves the set, with more arguments.
func (d Documents) Serve(args ...string) []string {
	return append([]string{d.program, "serve", "--output", d.out}, args...)
}

// File returns one of the generated files of a node, or nil if the node does not have it.
func (d Documents) File(t testing.TB, node, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(d.out, "nodes", node, file))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return content
}

// UserData is the user-data that the node's provider gets: in the encoding that it takes, or else as text. It is nil for a node with
// Ignition.
func (d Documents) UserData(t testing.TB, node string) []byte {
	t.Helper()
	for _, name := range []string{"user-data.gz", "user-data.b64"} {
		if userData := d.File(t, node, name); userData != nil {
			return userData
		}
	}
	return d.File(t, node, "user-data")
}

// Document returns a node's document in a format and an encoding, whatever its operating system and its provider take.
func (d Documents) Document(t testing.TB, node, format, encoding string) []byte {
	t.Helper()
	return d.mustRun(t, "node", node, "--format", format, "--encoding", encoding)
}

// WithSnippets is [Documents.Document] as text. It is not ok if the node has snippets, and they are none for this format.
func (d Documents) WithSnippets(t testing.TB, node, format string) (document []byte, ok bool) {
	t.Helper()
	document, err := d.run("node", node, "--format", format, "--encoding", Text)
	if err != nil && !strings.Contains(err.Error(), "would be left out: the format "+format+" has no snippets") {
		t.Fatal(err)
	}
	return document, err == nil
}

// Kubeconfig returns the operator's kubeconfig.
func (d Documents) Kubeconfig(t testing.TB) []byte {
	t.Helper()
	return d.mustRun(t, "kubeconfig")
}

// Token returns the bootstrap token as a fresh Secret.
func (d Documents) Token(t testing.TB) []byte {
	t.Helper()
	return d.mustRun(t, "token")
}

func (d Documents) mustRun(t testing.TB, args ...string) []byte {
	t.Helper()
	out, err := d.run(args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// run runs kindling for this cluster and returns what it prints.
func (d Documents) run(args ...string) ([]byte, error) {
	args = append(args, "--file", d.spec, "--pki", d.pki)
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, d.program, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("kindling %v: %w\n%s", args, err, stderr.Bytes())
	}
	return stdout.Bytes(), nil
}

var request = regexp.MustCompile(`(?m)^(?:note|warning): \S+ \S+ (\S+ \S+: \d+),`)

// Requests returns the requests in what `kindling serve` has logged: node, path and status of each.
func Requests(log string) []string {
	var requests []string
	for _, found := range request.FindAllStringSubmatch(log, -1) {
		requests = append(requests, found[1])
	}
	return requests
}

// Rotated makes the documents again, after `kindling pki rotate` has brought all that can be rotated to a stage.
func (d Documents) Rotated(t testing.TB, stage string) Documents {
	t.Helper()
	d.mustRun(t, "pki", "rotate", "ca", "etcd-ca", "front-proxy-ca", "service-account", "--stage", stage)
	d.mustRun(t, "generate", "--output", d.out)
	return d
}
