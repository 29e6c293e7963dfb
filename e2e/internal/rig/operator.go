package rig

import (
	"context"
	"crypto/tls"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"kindling/e2e/internal/netns"
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

// Namespace is the network namespace where the operator sits, as a file.
func (r *Rig) Namespace() string { return namespaceOf(r.network.holder.Process.Pid) }

// DialContext connects to an address from the rig's own side of the network.
func (r *Rig) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return netns.Do(namespaceOf(r.network.holder.Process.Pid), func() (net.Conn, error) {
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
		return netns.Do(namespaceOf(process.Process.Pid), func() (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		})
	}
}

// ServeFiles serves files over HTTP at an address of the network, on port 80.
func (r *Rig) ServeFiles(at netip.Prefix, files fs.FS) {
	r.t.Helper()
	r.serveHTTP(r.listen(at, 80), http.FileServerFS(files))
}

// ServeFilesTLS is ServeFiles by https, with a certificate.
func (r *Rig) ServeFilesTLS(at netip.Prefix, certificate tls.Certificate, files fs.FS) {
	r.t.Helper()
	r.serveHTTP(tls.NewListener(r.listen(at, 443), &tls.Config{Certificates: []tls.Certificate{certificate}}), http.FileServerFS(files))
}

// listen gives the network an address.
func (r *Rig) listen(at netip.Prefix, port uint16) net.Listener {
	r.t.Helper()
	orFail(r.t, r.network.give(at))
	listener, err := netns.Do(namespaceOf(r.network.holder.Process.Pid), func() (net.Listener, error) {
		return net.Listen("tcp", netip.AddrPortFrom(at.Addr(), port).String())
	})
	orFail(r.t, err)
	return listener
}

func (r *Rig) serveHTTP(listener net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	r.t.Cleanup(func() { server.Close() })
}
