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
)

// A Seed is the files that cloud-init's NoCloud data source reads, by name: user-data, meta-data, network-config.
type Seed map[string][]byte

// A CloudInitRun is what cloud-init did with a seed.
type CloudInitRun struct {
	Run
	// Systemctl are the arguments of each call of systemctl.
	Systemctl []string
	// Problems are the warnings and errors of its log, among them what does not fit its schema.
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

// sandboxConfig turns off what takes a tenth of the time: the sandbox has no disk that GRUB could boot from.
const sandboxConfig = "grub_dpkg: {enabled: false}\n"

// The first systemctl on PATH writes down what it is asked to do, and has the real one do as much of it as can be done
// where no systemd runs.
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
	return cloudInit(t, seed.hardware(), seed.layer(t))
}

// CloudInitFrom boots a machine, which has the files of a layer as well, whose seed is where the kernel's arguments say, once the
// commands have given it some.
func CloudInitFrom(t testing.TB, layer, commands string) CloudInitRun {
	t.Helper()
	return cloudInit(t, commands, layer, Seed{}.layer(t))
}

func cloudInit(t testing.TB, commands string, layers ...string) CloudInitRun {
	t.Helper()
	run := CloudInitRun{Run: newRun(t, layers...)}
	if _, err := run.Sandbox.Inside(context.Background(), commands+cloudInitStages); err != nil {
		t.Fatalf("cloud-init did not do all that the document says: %v", err)
	}
	run.readTree(t)
	run.Systemctl = run.lines(t, systemctlCalls)
	for _, line := range run.lines(t, "/var/log/cloud-init.log") {
		if logLevel.MatchString(line) && !sandboxWarnings.MatchString(line) {
			run.Problems = append(run.Problems, line)
		}
		if strings.Contains(line, "Invalid cloud-config") {
			run.Problems = append(run.Problems, run.schemaErrors(t))
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

var macAddress = regexp.MustCompile(`(?m)mac_?address: ['"]?([0-9a-f:]{17})`)

var logLevel = regexp.MustCompile(`\[(WARNING|ERROR|CRITICAL|DEPRECATED)\]`)

// layer is a directory with the seed where cloud-init looks for it, with our systemctl and the sandbox's configuration.
func (s Seed) layer(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range s {
		writeFile(t, filepath.Join(dir, "var/lib/cloud/seed/nocloud", name), content, 0o644)
	}
	writeFile(t, filepath.Join(dir, "usr/local/sbin/systemctl"), []byte(systemctlFirst), 0o755)
	writeFile(t, filepath.Join(dir, "etc/cloud/cloud.cfg.d/99-sandbox.cfg"), []byte(sandboxConfig), 0o644)
	return dir
}

// schemaErrors is what does not fit cloud-init's schema.
func (r CloudInitRun) schemaErrors(t testing.TB) string {
	t.Helper()
	out, _ := r.With(t).Inside(context.Background(), "cloud-init schema --system") // fails, since there are errors
	return string(out)
}

// resultErrors are the errors that cloud-init itself reports at its end.
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
