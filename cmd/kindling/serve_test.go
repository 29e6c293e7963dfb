package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serving is a `kindling serve` that runs.
type serving struct {
	t    *testing.T
	url  string
	web  *http.Client
	stop func(os.Signal) (log string, err error)
}

var listening = regexp.MustCompile(`^note: listening on (https?://\S+)`)

// startServing starts the real program on a port of its own.
func startServing(t *testing.T, dir string, args ...string) *serving {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	c := exec.CommandContext(ctx, filepath.Join(built(t), "kindling"), append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	c.Dir = dir
	stderr, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stderr)
	first, err := lines.ReadString('\n')
	found := listening.FindStringSubmatch(first)
	if found == nil {
		t.Fatalf("%v %s", err, first)
	}
	var rest strings.Builder
	read := make(chan error)
	go func() {
		_, err := io.Copy(&rest, lines)
		read <- err
	}()
	return &serving{t, found[1], &http.Client{Timeout: time.Minute}, func(with os.Signal) (string, error) {
		if err := c.Process.Signal(with); err != nil {
			t.Fatal(err)
		}
		if err := <-read; err != nil {
			t.Fatal(err)
		}
		return rest.String(), c.Wait()
	}}
}

func (s *serving) get(path string, status int) string {
	s.t.Helper()
	answer, err := s.web.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status {
		s.t.Errorf("%s: %d, not %d: %v %.200s", path, answer.StatusCode, status, err, body)
	}
	return string(body)
}

// token boots cp0, and returns the path of its token.
func (s *serving) token() string {
	s.t.Helper()
	_, token, _ := strings.Cut(s.get("/kindling/ipxe/52-54-00-00-00-07.ipxe", 200), "${base-url}/boot/")
	token, _, _ = strings.Cut(token, "\n")
	return "/kindling/boot/" + token
}

func pxeSite(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "out"), os.DirFS("../../testdata/golden/pxe")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestServeIsKilled kills the server between two requests of a machine, and after it. Nothing is given twice.
func TestServeIsKilled(t *testing.T) {
	dir := pxeSite(t)
	s := startServing(t, dir)
	token := s.token()
	if _, err := s.stop(syscall.SIGKILL); err == nil {
		t.Error("it was not killed")
	}
	s = startServing(t, dir)
	s.get(token+"/nodes/cp0/config.ign", 200)
	s.stop(syscall.SIGKILL)
	s = startServing(t, dir)
	s.get(token+"/nodes/cp0/config.ign", 403)
	if script := s.get("/kindling/ipxe/52-54-00-00-00-07.ipxe", 200); !strings.HasSuffix(script, "\nexit\n") {
		t.Errorf("%s", script)
	}

	rearm := exec.Command(filepath.Join(built(t), "kindling"), "serve", "--rearm", "cp0")
	rearm.Dir = dir
	if out, err := rearm.CombinedOutput(); err != nil || string(out) != "note: cp0 may have its documents once more\n" {
		t.Errorf("%v %s", err, out)
	}
	s.get(s.token()+"/nodes/cp0/config.ign", 200)
	log, err := s.stop(os.Interrupt)
	if err != nil {
		t.Error(err)
	}
	want := regexp.MustCompile(`^warning: \S+Z 127\.0\.0\.1 cp0 nodes/cp0/config\.ign: 403, cp0 has had this at \S+Z; kindling serve --rearm cp0 lets it have it again
note: \S+Z 127\.0\.0\.1 cp0 ipxe/52-54-00-00-00-07\.ipxe: 200, \d+ bytes
note: \S+Z 127\.0\.0\.1 cp0 ipxe/52-54-00-00-00-07\.ipxe: 200, \d+ bytes
note: \S+Z 127\.0\.0\.1 cp0 nodes/cp0/config\.ign: 200, \d+ bytes
$`)
	if !want.MatchString(log) {
		t.Errorf("%s", log)
	}
	for _, name := range []string{"out.served", "out.served/cp0.json"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

// TestServeByHTTPS has a certificate that the machines must trust.
func TestServeByHTTPS(t *testing.T) {
	dir := pxeSite(t)
	openssl := exec.Command("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=boot", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "boot.key", "-out", "boot.crt")
	openssl.Dir = dir
	if out, err := openssl.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	s := startServing(t, dir, "--tls-cert", "boot.crt", "--tls-key", "boot.key")
	if _, err := s.web.Get(s.url); err == nil {
		t.Error("a client that does not know the CA trusts it")
	}
	pem, err := os.ReadFile(filepath.Join(dir, "boot.crt"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	s.web.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	s.get(s.token()+"/nodes/cp0/config.ign", 200)
	if log, err := s.stop(syscall.SIGTERM); err != nil || !strings.Contains(log, "TLS handshake error") {
		t.Errorf("%v %s", err, log)
	}
}
