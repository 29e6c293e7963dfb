package pki

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	day  = 24 * time.Hour
	year = 365 * day
)

var now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func request(nodes ...string) Request {
	return Request{
		Algorithm:        "ECDSA-P256",
		Validity:         year,
		CAValidity:       10 * year,
		AdminGroup:       "kubeadm:cluster-admins",
		NodeCertificates: nodes,
	}
}

// complete is a bundle made in memory.
func complete(t testing.TB, r Request) *Bundle {
	t.Helper()
	b := new(Bundle)
	if _, err := b.Complete(r, now); err != nil {
		t.Fatal(err)
	}
	return b
}

// initDir is a PKI directory made by Init.
func initDir(t testing.TB, r Request) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pki")
	if _, err := Init(dir, r, now); err != nil {
		t.Fatal(err)
	}
	return dir
}

func loadDir(t testing.TB, dir string) *Bundle {
	t.Helper()
	b, err := LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t testing.TB, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t testing.TB, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// found lists an error's problems, a line each, as they are printed.
func found(t testing.TB, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	lines := strings.Split(err.Error(), "\n")
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			var p Problem
			if !errors.As(err, &p) || p.File == "" || p.Fault == "" || p.Remedy == "" {
				t.Errorf("%q is no Problem with a file, a fault and a remedy", err)
			}
		}
	}
	return lines
}
