package rig

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// removeCgroups removes the control groups that machine.sh made for a machine, which is off: its last processes may
// still be ending.
func removeCgroups(name string) error {
	for range 100 {
		left := 0
		for _, group := range cgroups(name) {
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

// cgroups are a machine's groups in all hierarchies, each after those below it.
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
