// Package netns does things in another network namespace.
package netns

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// Do calls a function in the network namespace of a file, such as /proc/PID/ns/net. A socket stays in the namespace in which
// it was made.
func Do[T any](file string, do func() (T, error)) (T, error) {
	var none T
	// The thread must come back: processes that it started die with it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	here, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return none, err
	}
	defer here.Close()
	there, err := os.Open(file)
	if err != nil {
		return none, err
	}
	defer there.Close()
	if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
		return none, err
	}
	value, err := do()
	if err := unix.Setns(int(here.Fd()), unix.CLONE_NEWNET); err != nil {
		panic(err) // everything after it would be done in the wrong network
	}
	return value, err
}
