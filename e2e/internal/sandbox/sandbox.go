// Package sandbox gives a program the root directory of a machine to change, and throws it away afterwards.
//
// A [Sandbox] is an overlay over directories that stay as they are. It is mounted in new namespaces (mounts, network, host
// name, processes). Only the directory of what was written remains on the host.
package sandbox

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

//go:embed enter.sh
var enter string

// commandTimeout ends a command that hangs. The slowest takes a minute on a slow computer.
const commandTimeout = 15 * time.Minute

// mountPoint is where the root directory is mounted. Every user can reach it, including those that Ignition makes.
const mountPoint = "/mnt"

// A Sandbox is a throw-away root directory.
type Sandbox struct {
	lower []string
	dir   string
}

// New returns a sandbox over the lower directories, of which the first is the topmost. It ends with the test.
func New(t testing.TB, lower ...string) *Sandbox {
	t.Helper()
	s, err := In(t.TempDir(), lower...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// In returns a sandbox that keeps what is written in a directory that belongs to the caller.
func In(dir string, lower ...string) (*Sandbox, error) {
	s := &Sandbox{lower: lower, dir: dir}
	for _, name := range []string{"upper", "work"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Written returns the directory with everything that was written in the sandbox.
func (s *Sandbox) Written() string { return filepath.Join(s.dir, "upper") }

// Inside runs a bash script with the sandbox as its root directory, and returns what it prints to stdout and stderr.
func (s *Sandbox) Inside(ctx context.Context, script string) ([]byte, error) {
	return s.run(ctx, nil, "chroot", mountPoint, "bash", "-euo", "pipefail", "-c", script)
}

// Beside runs a bash script in the host's root directory; the sandbox's is $SANDBOX_ROOT.
func (s *Sandbox) Beside(ctx context.Context, script string, env ...string) ([]byte, error) {
	return s.run(ctx, env, "bash", "-euo", "pipefail", "-c", script)
}

func (s *Sandbox) run(ctx context.Context, env []string, command ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()

	isolate := []string{"--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "bash", "-c", enter, "enter"}
	cmd := exec.CommandContext(ctx, "unshare", append(isolate, command...)...)
	cmd.Env = append([]string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=/root",
		"LC_ALL=C.UTF-8",
		"SANDBOX_LOWER=" + strings.Join(s.lower, ":"),
		"SANDBOX_UPPER=" + s.Written(),
		"SANDBOX_WORK=" + filepath.Join(s.dir, "work"),
		"SANDBOX_ROOT=" + mountPoint,
	}, env...)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		return out, fmt.Errorf("%w\n%s", err, out)
	}
	return out, nil
}
