package rig

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"kindling/e2e/internal/build"
)

// thaw lets a container's processes end if runc had just frozen them when the power was cut.
func thaw(group string) {
	// A group has one of the two files, or none, and may be gone by now.
	_ = os.WriteFile(filepath.Join(group, "freezer.state"), []byte("THAWED"), 0)
	_ = os.WriteFile(filepath.Join(group, "cgroup.freeze"), []byte("0"), 0)
}

// removeCgroups removes the control groups that machine.sh made for a machine that is off. Its last processes may still be
// ending.
func removeCgroups(name string) error {
	for range 1200 {
		left := 0
		for _, group := range cgroups(name) {
			thaw(group)
			if err := os.Remove(group); err != nil && !os.IsNotExist(err) {
				left++
			}
		}
		if left == 0 {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("control groups remain: %v", cgroups(name))
}

// cgroups returns a machine's groups in all hierarchies, each after those below it.
func cgroups(name string) []string {
	tops, _ := filepath.Glob("/sys/fs/cgroup/*/" + name)
	tops = append(tops, filepath.Join("/sys/fs/cgroup", name))
	var groups []string
	for _, top := range tops {
		filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				groups = append(groups, path)
			}
			return nil
		})
	}
	slices.Reverse(groups)
	return groups
}

// Memory returns what a machine's processes hold, in bytes, without the page cache.
func (r *Rig) Memory(name string) int {
	r.t.Helper()
	group, key := "/sys/fs/cgroup/memory", "total_rss "
	if !build.HostHasCgroupV1() {
		group, key = "/sys/fs/cgroup", "anon "
	}
	text, err := os.ReadFile(filepath.Join(group, r.machines[name].cgroup(), "memory.stat"))
	orFail(r.t, err)
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, key); ok {
			bytes, err := strconv.Atoi(strings.TrimSpace(value))
			orFail(r.t, err)
			return bytes
		}
	}
	r.t.Fatalf("memory.stat of %s has no %s", name, key)
	return 0
}
