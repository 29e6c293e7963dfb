package formation

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// What a killed attempt leaves behind frees etcd's port in time, and the next attempt forms the cluster.
func TestKilledTryLeavesThePort(t *testing.T) {
	t.Parallel()
	m := newMachines(t, sample("stacked"))
	m.Boot("cp0", "cp1")
	m.Wait("cp0", `waiting: 2 of 3 machines are ready to form etcd`)
	m.killTry("cp0")
	m.Wait("cp0", `(?s)Killed.*waiting: `)
	m.Boot("cp2")
	m.WaitDone(m.names...)
	m.checkFormed()
	if log := readFile(t, m.all["cp0"].etcdLog()); strings.Contains(log, "address already in use") {
		t.Error("etcd was started while its port was taken")
	}
}

// killTry kills the process that runs the step, but none of its children. Between two attempts there is no such process.
func (m *machines) killTry(name string) {
	m.t.Helper()
	m.Eventually(name+" tries the etcd step", func() (string, bool) { return "", m.kill(name) })
}

func (m *machines) kill(name string) bool {
	m.t.Helper()
	for pid := range m.network.processes(m.t, name) {
		command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)) // it may be gone already
		if !strings.HasSuffix(string(command), "/run.sh\x00step\x00etcd\x00") {
			continue
		}
		var parent int
		var comm, state string
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if _, err := fmt.Sscan(string(stat), new(int), &comm, &state, &parent); err != nil {
			continue
		}
		if above, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", parent)); comm == "(bash)" && string(above) == "timeout\n" {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				m.t.Fatal(err)
			}
			return true
		}
	}
	return false
}

// An etcd that is to start when its responder has just begun anew finds its port free: asked to end right after its fork, GNU's timeout leaves
// its command behind, without a limit.
func TestResponderWithoutItsTimeout(t *testing.T) {
	t.Parallel()
	m := newMachines(t, sample("stacked"))
	m.all["cp0"].stubs = []string{stub("timeout")}
	m.Boot(m.names...)
	m.WaitDone(m.names...)
	m.checkFormed()
}
