package formation

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// TestMain runs the tests in new namespaces for mounts and processes. However the tests end, no machine outlives them, and
// no other process sees the names of their network namespaces.
func TestMain(m *testing.M) {
	const isolated = "KINDLING_FORMATION_ISOLATED"
	var err error
	if os.Getenv(isolated) == "" {
		err = isolate(isolated + "=yes")
	} else {
		err = privateNetworkNames()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// isolate starts this program again, as process 1.
func isolate(env string) error {
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		return err
	}
	command := []string{"unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"}
	return syscall.Exec(unshare, append(command, os.Args...), append(os.Environ(), env))
}

func privateNetworkNames() error {
	const dir = "/run/netns" // where ip looks
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return syscall.Mount("tmpfs", dir, "tmpfs", 0, "")
}
