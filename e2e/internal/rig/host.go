package rig

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// hostSettings are the settings that a rig changes on the host, by their files: its machines share them with the host's
// kernel.
var hostSettings = map[string]func(now int) int{
	// All machines' processes belong to root, and the kernel's default limit for watching files suits one desktop.
	"/proc/sys/fs/inotify/max_user_instances": func(now int) int { return max(now, 2048) },
	// kube-proxy up to 1.35 ends if it cannot set this to exactly the value that it wants.
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
