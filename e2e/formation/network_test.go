package formation

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kindling/e2e/internal/progress"
)

// A network is a switch and the machines connected to it, each in a network namespace.
type network struct {
	prefix string
}

var networks atomic.Int32

func newNetwork(t testing.TB) network {
	t.Helper()
	n := network{prefix: fmt.Sprintf("formation%d-", networks.Add(1))}
	n.add(t, "switch")
	ip(t, "-n", n.namespace("switch"), "link", "add", "bridge", "up", "type", "bridge")
	return n
}

func (n network) namespace(name string) string { return n.prefix + name }

func (n network) add(t testing.TB, name string) {
	t.Helper()
	ns := n.namespace(name)
	ip(t, "netns", "add", ns)
	t.Cleanup(func() {
		n.powerOff(t, name)
		ip(t, "netns", "delete", ns)
	})
	ip(t, "-n", ns, "link", "set", "lo", "up")
}

// plug connects a machine and gives it the addresses.
func (n network) plug(t testing.TB, name string, addresses []string) {
	t.Helper()
	n.add(t, name)
	ns, at := n.namespace(name), n.namespace("switch")
	ip(t, "-n", ns, "link", "add", "eth0", "type", "veth", "peer", "name", name, "netns", at)
	ip(t, "-n", at, "link", "set", name, "master", "bridge", "up")
	for _, address := range addresses {
		if strings.Contains(address, ":") {
			ip(t, "-n", ns, "address", "add", address+"/64", "dev", "eth0", "nodad")
		} else {
			ip(t, "-n", ns, "address", "add", address+"/24", "dev", "eth0")
		}
	}
	ip(t, "-n", ns, "link", "set", "eth0", "up")
}

// cut and heal unplug a machine's cable and plug it in again.
func (n network) cut(t testing.TB, name string) {
	ip(t, "-n", n.namespace("switch"), "link", "set", name, "down")
}
func (n network) heal(t testing.TB, name string) {
	ip(t, "-n", n.namespace("switch"), "link", "set", name, "up")
}

// inside returns a command that runs in a machine's network.
func (n network) inside(name string, command ...string) *exec.Cmd {
	return exec.Command("nsenter", append([]string{"--net=/run/netns/" + n.namespace(name), "--"}, command...)...)
}

// powerOff kills every process of a machine until none is left.
func (n network) powerOff(t testing.TB, name string) {
	t.Helper()
	err := progress.Wait(10*time.Millisecond, func() (string, bool) {
		pids := n.processes(t, name)
		for pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may be gone already
		}
		return fmt.Sprint(pids), len(pids) == 0
	})
	if err != nil {
		t.Fatalf("processes of %s do not die: %v", name, err)
	}
}

// processes returns the names of a machine's processes by their ID. Zombies do not count.
func (n network) processes(t testing.TB, name string) map[int]string {
	t.Helper()
	processes := map[int]string{}
	for _, field := range strings.Fields(ip(t, "netns", "pids", n.namespace(name))) {
		var pid int
		if _, err := fmt.Sscan(field, &pid); err != nil {
			t.Fatal(err)
		}
		if comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); err == nil {
			processes[pid] = strings.TrimSpace(string(comm))
		}
	}
	return processes
}

func ip(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.Command("ip", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("ip %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
