package firstboot

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kindling/e2e/internal/sandbox"
)

// A Seed is the files that cloud-init's NoCloud data source reads, by name: user-data, meta-data, network-config.
type Seed map[string][]byte

// A CloudInitRun is what cloud-init did with a seed.
type CloudInitRun struct {
	Run
	// Systemctl are the arguments of each call of systemctl.
	Systemctl []string
	// Problems are the warnings and errors in its log, except those that the sandbox causes.
	Problems []string
}

// CloudInitOwn are the paths that cloud-init writes even for an empty document.
var CloudInitOwn = []string{
	"/etc/.pwd.lock",
	"/etc/default/locale",
	"/etc/group", "/etc/gshadow", "/etc/passwd", "/etc/shadow", "/etc/subgid", "/etc/subuid",
	"/etc/group-", "/etc/gshadow-", "/etc/passwd-", "/etc/shadow-", "/etc/subgid-", "/etc/subuid-",
	"/etc/ssh",
	"/etc/sudoers", "/etc/sudoers.d",
	"/home/debian",
	"/root/.ssh",
	"/var/cache/debconf",
	"/var/lib/cloud",
	"/var/log/cloud-init.log", "/var/log/cloud-init-output.log",
	systemctlCalls,
}

// sandboxWarnings are those that a real machine would not cause: it has a disk and the OpenSSH server's programs.
var sandboxWarnings = regexp.MustCompile(`Device '/dev/overlay' did not exist|Failed generating key type`)

// The first systemctl on PATH records what it is asked to do, and has the real one do as much of that as is possible without
// a running systemd.
const (
	systemctlCalls = "/var/log/systemctl-calls"
	systemctlFirst = `#!/bin/bash
echo "$*" >>` + systemctlCalls + `
case $1 in
enable | disable | mask) SYSTEMD_OFFLINE=1 exec /usr/bin/systemctl "${@/#--now/--quiet}" ;;
esac
`
)

// The stages, in the order in which systemd starts them on a machine.
const cloudInitStages = `
cloud-init init --local
cloud-init init
cloud-init modules --mode=config
cloud-init modules --mode=final
`

// CloudInit boots a machine with the seed for the first time.
func CloudInit(t testing.TB, seed Seed) CloudInitRun {
	t.Helper()
	run := CloudInitRun{Run: newRun(t, seed.layer(t))}
	if _, err := run.Sandbox.Inside(context.Background(), seed.hardware()+cloudInitStages); err != nil {
		t.Fatalf("cloud-init did not do all that the document says: %v", err)
	}
	run.readTree(t)
	run.Systemctl = run.lines(t, systemctlCalls)
	for _, line := range run.lines(t, "/var/log/cloud-init.log") {
		if level := logLevel.FindString(line); level != "" && !sandboxWarnings.MatchString(line) {
			run.Problems = append(run.Problems, line)
		}
	}
	if errors := run.resultErrors(t); len(errors) > 0 {
		t.Fatalf("cloud-init failed: %s\n%s", errors, strings.Join(run.Problems, "\n"))
	}
	return run
}

// hardware returns a command that makes the network card in the seed's network-config. Without the card cloud-init would
// wait.
func (s Seed) hardware() string {
	mac := macAddress.FindSubmatch(s["network-config"])
	if mac == nil {
		return ""
	}
	return fmt.Sprintf("ip link add eth0 address %s type veth peer name port0", mac[1])
}

var macAddress = regexp.MustCompile(`(?m)mac_address: '?([0-9a-f:]{17})`)

var logLevel = regexp.MustCompile(`\[(WARNING|ERROR|CRITICAL|DEPRECATED)\]`)

// layer returns a directory with the seed where cloud-init looks for it, and with our systemctl.
func (s Seed) layer(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range s {
		writeFile(t, filepath.Join(dir, "var/lib/cloud/seed/nocloud", name), content, 0o644)
	}
	writeFile(t, filepath.Join(dir, "usr/local/sbin/systemctl"), []byte(systemctlFirst), 0o755)
	return dir
}

// resultErrors returns the errors that cloud-init itself reports at its end.
func (r CloudInitRun) resultErrors(t testing.TB) []string {
	t.Helper()
	var result struct {
		V1 struct {
			Errors []string
		}
	}
	text, err := os.ReadFile(filepath.Join(r.Sandbox.Written(), "var/lib/cloud/data/result.json"))
	if err == nil {
		err = json.Unmarshal(text, &result)
	}
	if err != nil {
		t.Fatalf("cloud-init has not finished: %v", err)
	}
	return result.V1.Errors
}

// CloudInitSchema returns an error if user-data does not fit cloud-init's schema.
func CloudInitSchema(t testing.TB, userData []byte) error {
	t.Helper()
	layer := t.TempDir()
	writeFile(t, filepath.Join(layer, "user-data"), userData, 0o600)
	out, err := sandbox.New(t, layer, baseRoot(t)).Inside(context.Background(), "cloud-init schema --config-file /user-data")
	if err == nil && strings.TrimSpace(string(out)) != "Valid cloud-config: /user-data" {
		err = fmt.Errorf("%s", out)
	}
	return err
}
