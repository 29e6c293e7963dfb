package rig

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"kindling/e2e/build"
)

// ServeNames answers DNS queries at an address of the network.
func (r *Rig) ServeNames(at netip.Prefix, names map[string]netip.Addr) {
	r.t.Helper()
	coredns, err := build.CoreDNS(build.CoreDNSVersion).Path(r.t.Context())
	orFail(r.t, err)
	text := new(strings.Builder)
	fmt.Fprintf(text, ".:53 {\n  bind %s\n  hosts {\n", at.Addr())
	for name, address := range names {
		fmt.Fprintf(text, "    %s %s\n", address, name)
	}
	fmt.Fprintln(text, "  }\n}")
	r.serve(at, "coredns", text.String(), coredns, "-conf")
}

// BalanceLoad passes the connections to port 6443 of an address on to those API servers that say they are ready.
func (r *Rig) BalanceLoad(at netip.Prefix, servers ...netip.Addr) {
	r.t.Helper()
	text := new(strings.Builder)
	text.WriteString(loadBalancer)
	fmt.Fprintf(text, "listen kube-apiserver\n  bind %s\n", netip.AddrPortFrom(at.Addr(), 6443))
	text.WriteString("  option httpchk GET /readyz\n  default-server check check-ssl verify none inter 1s fall 2 rise 1\n")
	for i, server := range servers {
		fmt.Fprintf(text, "  server server%d %s\n", i, netip.AddrPortFrom(server, 6443))
	}
	r.serve(at, "haproxy", text.String(), "/usr/sbin/haproxy", "-db", "-f")
}

const loadBalancer = `defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
`

// serve runs a program of the rig's own, whose last argument is its configuration, until the test ends.
func (r *Rig) serve(at netip.Prefix, name, config, program string, args ...string) {
	r.t.Helper()
	orFail(r.t, r.network.give(at))
	file := filepath.Join(r.dir, name+".conf")
	orFail(r.t, os.WriteFile(file, []byte(config), 0o644))
	log, err := os.Create(filepath.Join(r.dir, name+".log"))
	orFail(r.t, err)
	defer log.Close()

	service := r.network.command(program, append(args, file)...)
	service.Stdout, service.Stderr = log, log
	service.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := service.Start(); err != nil {
		r.t.Fatalf("%v: run e2e/install.sh rig", err)
	}
	r.t.Cleanup(func() { stop(service) })
}

func stop(service *exec.Cmd) {
	service.Process.Kill()
	service.Wait()
}
