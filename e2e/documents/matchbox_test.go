package documents

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/progress"

	"github.com/google/go-cmp/cmp"
)

// TestMatchbox has the real matchbox boot each machine as its own iPXE script would.
func TestMatchbox(t *testing.T) {
	sample, err := os.ReadFile(filepath.Join(samples, "pxe.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	base := "http://" + address + "/assets"
	spec := filepath.Join(t.TempDir(), "cluster.yaml")
	if err := os.WriteFile(spec, []byte(strings.Replace(string(sample), "http://10.0.0.1:8080/kindling/", base, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	documents, err := kindling.Generate(t, spec, "")
	if err != nil {
		t.Fatal(err)
	}
	data, assets := documents.Matchbox(t)
	matchbox, err := build.Matchbox(build.MatchboxVersion).Path()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.CommandContext(t.Context(), matchbox, "-address", address, "-data-path", data, "-assets-path", assets)
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	progress.Eventually(t, "matchbox listens", 50*time.Millisecond, func() (string, bool) {
		_, err := get("http://" + address + "/")
		return fmt.Sprint(err), err == nil
	})

	scripts, err := filepath.Glob(filepath.Join(assets, "ipxe/5*.ipxe"))
	if err != nil || len(scripts) != 4 {
		t.Fatal(scripts, err)
	}
	for _, script := range scripts {
		mac := strings.TrimSuffix(filepath.Base(script), ".ipxe")
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		got, err := get("http://" + address + "/ipxe?mac=" + mac)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(commands(string(text)), commands(got)); diff != "" {
			t.Errorf("%s: -kindling's script +matchbox's:\n%s", mac, diff)
		}
	}
	for _, name := range []string{"nodes/cp0/install/config.ign", "nodes/cp1/install/user-data", "nodes/cp2/config.ign"} {
		want, err := os.ReadFile(filepath.Join(assets, name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := get(base + "/" + name); err != nil || got != string(want) {
			t.Errorf("%s: %.80q %v", name, got, err)
		}
	}
	if got, err := get("http://" + address + "/ipxe?mac=52-54-00-00-00-99"); err == nil {
		t.Errorf("a machine that nobody knows gets %s", got)
	}
}

// commands are what an iPXE script boots, with its variables filled in.
func commands(script string) []string {
	variables := []string{" ${kernel-args}", "", " || goto failed", ""}
	var list []string
	for line := range strings.Lines(script) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 3 && fields[0] == "set":
			value := strings.NewReplacer(variables...).Replace(fields[2])
			variables = append(variables, "${"+fields[1]+"}", value)
		case len(fields) > 0 && (fields[0] == "kernel" || fields[0] == "initrd" || fields[0] == "boot"):
			list = append(list, strings.TrimSpace(strings.NewReplacer(variables...).Replace(line)))
		}
	}
	return list
}

// freeAddress is one of this computer that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func get(url string) (string, error) {
	response, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, response.Status)
	}
	return string(body), err
}
