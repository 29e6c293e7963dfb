package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSealedOnDisk watches each command that makes or moves keys of a sealed PKI: no file is ever given a private key or a token in
// the clear, under whatever name and for however short a time.
func TestSealedOnDisk(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	kindling := filepath.Join(built(t), "kindling")
	t.Chdir(t.TempDir())
	cluster, err := os.ReadFile(filepath.Join(testdata, "clusters/pools.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile("cluster.yaml", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(string(cluster))
	t.Setenv("KINDLING_IDENTITY", filepath.Join(testdata, "identities/alice"))
	to := func(name string) string { return filepath.Join(testdata, "identities", name) + ".pub" }

	if wrote := written(t, kindling, "pki", "init", "--pki", "clear"); !secret.MatchString(wrote) || !token.MatchString(wrote) {
		t.Fatal("a PKI in the clear was made, and the watch has not seen it")
	}
	sealed := 0
	for _, args := range [][]string{
		{"pki", "seal", "--pki", "clear", "--recipient", to("alice")},
		{"pki", "seal", "--recipient", to("alice")},
		{"pki", "init"},
		{"pki", "renew", "--within", "9000h"},
		{"token", "--new"},
		{"pki", "rotate", "ca", "service-account", "--stage", "trust"},
		{"pki", "rotate", "ca", "service-account", "--stage", "sign"},
		{"kubeconfig"},
		{"node", "cp0"},
		{"pki", "show"},
		{"pki", "seal", "--recipient", to("alice"), "--recipient", to("bob")},
	} {
		wrote := written(t, kindling, args...)
		for line := range strings.Lines(wrote) {
			if secret.MatchString(line) || token.MatchString(line) {
				t.Errorf("%s: wrote in the clear: %s", args, line[:min(len(line), 200)])
			}
		}
		sealed += strings.Count(wrote, "BEGIN AGE ENCRYPTED FILE")
	}
	if sealed < 40 {
		t.Errorf("only %d sealed files were written", sealed)
	}
}

var (
	secret = regexp.MustCompile(`PRIVATE KEY`)
	token  = regexp.MustCompile(`"[a-z0-9]{6}\.[a-z0-9]{16}\\n"`)
)

// written are the writes to files that a run of the program makes, a line each. Its output is a pipe.
func written(t *testing.T, program string, args ...string) string {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	strace := append([]string{"-f", "-y", "-s", "1048576", "-e", "trace=write,pwrite64,writev,pwritev,pwritev2", "-o", trace, program}, args...)
	if out, err := exec.Command("strace", strace...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", args, err, out)
	}
	data, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	var files strings.Builder
	for line := range strings.Lines(string(data)) {
		if !strings.Contains(line, "<pipe:[") {
			files.WriteString(line)
		}
	}
	return files.String()
}
