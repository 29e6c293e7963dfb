package rig

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Operate runs a command where the operator sits: on the machines' network, with its name server.
func (r *Rig) Operate(command ...string) (string, error) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), execTimeout)
	defer cancel()
	resolver := filepath.Join(r.dir, "resolv.conf")
	orFail(r.t, os.WriteFile(resolver, []byte("nameserver "+r.nameserver.String()+"\n"), 0o644))
	const mounted = `mount --bind "$0" /etc/resolv.conf && exec "$@"`
	cmd := r.network.command(ctx, "unshare", append([]string{"--mount", "bash", "-c", mounted, resolver}, command...)...)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// DialContext connects to an address from the rig's own side of the network.
func (r *Rig) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return inside(r.network.holder.Process.Pid, func() (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	})
}

// DialFrom returns a function that connects to an address from a machine, even to one of its loopback interface.
func (r *Rig) DialFrom(name string) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		process := r.machines[name].process
		if process == nil {
			return nil, fmt.Errorf("%s is off", name)
		}
		return inside(process.Process.Pid, func() (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		})
	}
}

// ServeFiles serves files over HTTP at an address of the network, on port 80.
func (r *Rig) ServeFiles(at netip.Prefix, files fs.FS) {
	r.t.Helper()
	orFail(r.t, r.network.give(at))
	listener, err := inside(r.network.holder.Process.Pid, func() (net.Listener, error) {
		return net.Listen("tcp", netip.AddrPortFrom(at.Addr(), 80).String())
	})
	orFail(r.t, err)
	server := &http.Server{Handler: http.FileServerFS(files)}
	go server.Serve(listener)
	r.t.Cleanup(func() { server.Close() })
}

// inside does something in the network namespace of a process: a socket stays in the one that it was made in.
func inside[T any](pid int, do func() (T, error)) (T, error) {
	var none T
	// The thread must come back: processes that it started die with it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own, err := unix.Open("/proc/thread-self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return none, err
	}
	defer unix.Close(own)
	its, err := unix.Open("/proc/"+strconv.Itoa(pid)+"/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return none, err
	}
	defer unix.Close(its)
	if err := unix.Setns(its, unix.CLONE_NEWNET); err != nil {
		return none, err
	}
	value, err := do()
	if err := unix.Setns(own, unix.CLONE_NEWNET); err != nil {
		panic(err) // everything after it would be done in the wrong network
	}
	return value, err
}
