// Package kindling runs the command under test as its users do.
package kindling

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

const commandTimeout = time.Minute

// Formats that any node's document can be printed in.
const (
	CloudInit = "cloud-init"
	Ignition  = "ignition"
	Butane    = "butane"
)

// program is built once for all tests of a package.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kindling-")
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "kindling")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", program, "./cmd/kindling")
	build.Dir = Source()
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return program, nil
})

// Source is the directory of kindling's own module.
func Source() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// Documents are a cluster's, with what they are made from.
type Documents struct {
	spec, pki, out string
}

// Generate makes the documents of a cluster with a copy of the PKI, in which it makes what this cluster still lacks.
func Generate(t testing.TB, spec, pki string) (Documents, error) {
	t.Helper()
	dir := t.TempDir()
	d := Documents{spec: spec, pki: filepath.Join(dir, "pki"), out: filepath.Join(dir, "out")}
	if pki != "" {
		if err := os.CopyFS(d.pki, os.DirFS(pki)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Run("pki", "init", "--file", d.spec, "--pki", d.pki); err != nil {
		return d, err
	}
	_, err := Run("generate", "--file", d.spec, "--pki", d.pki, "--output", d.out)
	return d, err
}

// Spec is the cluster.yaml that the documents were made from.
func (d Documents) Spec() string { return d.spec }

// PKI is the directory with the keys that the documents were made with.
func (d Documents) PKI() string { return d.pki }

// Nodes are the names of the nodes.
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

// File is one of the generated files of a node. A file that the node does not have is nil.
func (d Documents) File(t testing.TB, node, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(d.out, "nodes", node, file))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return content
}

// Document prints a node's document in a format, whichever its operating system reads.
func (d Documents) Document(t testing.TB, node, format string) []byte {
	t.Helper()
	document, err := Run("node", node, "--file", d.spec, "--pki", d.pki, "--format", format)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// Run runs kindling and returns what it prints.
func Run(args ...string) ([]byte, error) {
	kindling, err := program()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, kindling, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("kindling %v: %w\n%s", args, err, stderr.Bytes())
	}
	return stdout.Bytes(), nil
}
