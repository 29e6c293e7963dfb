package rig

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// hostSettings are those of the host's kernel that are not a machine's own, by their files: the only ones that a rig changes.
var hostSettings = map[string]func(now int) int{
	// All machines' processes are root's, and the kernel's own limit of files being watched is that of one desktop.
	"/proc/sys/fs/inotify/max_user_instances": func(now int) int { return max(now, 2048) },
	// kube-proxy up to 1.35 ends when it cannot set this to just the value that it wants.
	"/proc/sys/net/netfilter/nf_conntrack_max": func(int) int { return max(131072, 32768*runtime.NumCPU()) },
}

func prepareHost() error {
	for file, wanted := range hostSettings {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("a rig needs this setting of the host's kernel; load the module that has it (nf_conntrack): %w", err)
		}
		now, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return err
		}
		if value := wanted(now); value != now {
			if err := os.WriteFile(file, []byte(strconv.Itoa(value)), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
