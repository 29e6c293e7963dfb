package rig

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"kindling/e2e/internal/build"
)

// A Program is what a machine has run of one program between its last power-on and its power-off.
type Program struct {
	Processes int
	// CPU is what they took, a hundredth of a second or less too little for each: the kernel rounds it down (acct(5)).
	CPU time.Duration
}

// CPU returns what a machine that is on has taken since its power-on.
func (r *Rig) CPU(name string) time.Duration {
	r.t.Helper()
	group := r.machines[name].cgroup()
	text, err := os.ReadFile(filepath.Join("/sys/fs/cgroup/cpuacct", group, "cpuacct.usage"))
	unit := time.Nanosecond
	if !build.HostHasCgroupV1() {
		text, err = os.ReadFile(filepath.Join("/sys/fs/cgroup", group, "cpu.stat"))
		line, _, _ := strings.Cut(string(text), "\n")
		text, unit = []byte(strings.TrimPrefix(line, "usage_usec ")), time.Microsecond
	}
	orFail(r.t, err)
	used, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	orFail(r.t, err)
	return time.Duration(used) * unit
}

// Processes returns by name what a Counted machine has run. It must be off: a process counts when it has ended.
func (r *Rig) Processes(name string) map[string]Program {
	r.t.Helper()
	out, err := exec.Command("dump-acct", r.machines[name].processes()).Output()
	orFail(r.t, err)
	programs := map[string]Program{}
	for line := range strings.Lines(string(out)) {
		// program, version, user time, system time, …; the times in hundredths of a second
		fields := strings.Split(line, "|")
		if len(fields) < 4 {
			r.t.Fatalf("dump-acct: %q", line)
		}
		user, err := strconv.ParseFloat(strings.TrimSpace(fields[2]), 64)
		orFail(r.t, err)
		system, err := strconv.ParseFloat(strings.TrimSpace(fields[3]), 64)
		orFail(r.t, err)
		of := strings.TrimSpace(fields[0])
		p := programs[of]
		programs[of] = Program{p.Processes + 1, p.CPU + time.Duration((user+system)*float64(10*time.Millisecond))}
	}
	return programs
}
