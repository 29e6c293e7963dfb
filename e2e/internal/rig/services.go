package rig

import (
	"context"
	"encoding/csv"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"kindling/e2e/internal/build"
)

// ServeNames answers DNS queries at an address of the network.
func (r *Rig) ServeNames(at netip.Prefix, names map[string]netip.Addr) {
	r.t.Helper()
	coredns, err := build.CoreDNS(build.CoreDNSVersion).Path()
	orFail(r.t, err)
	text := new(strings.Builder)
	fmt.Fprintf(text, ".:53 {\n  bind %s\n  hosts {\n", at.Addr())
	for name, address := range names {
		fmt.Fprintf(text, "    %s %s\n", address, name)
	}
	fmt.Fprintln(text, "  }\n}")
	r.nameserver = at.Addr()
	r.serve(at, "coredns", text.String(), coredns, "-conf")
}

// BalanceLoad forwards connections to port 6443 of an address to those API servers that are ready. The servers of an earlier
// call get no more.
func (r *Rig) BalanceLoad(at netip.Prefix, servers ...netip.Addr) {
	r.t.Helper()
	text := new(strings.Builder)
	fmt.Fprintf(text, loadBalancer, r.balancerSocket())
	fmt.Fprintf(text, "listen kube-apiserver\n  bind %s\n", netip.AddrPortFrom(at.Addr(), 6443))
	if r.balancer != nil {
		stop(r.balancer)
	}
	text.WriteString("  option httpchk GET /readyz\n  default-server check check-ssl verify none inter 1s fall 2 rise 1\n")
	for i, server := range servers {
		fmt.Fprintf(text, "  server server%d %s\n", i, netip.AddrPortFrom(server, 6443))
	}
	r.balancer = r.serve(at, "haproxy", text.String(), "/usr/sbin/haproxy", "-db", "-f")
}

// Swallow makes one of the rig's own addresses neither answer nor refuse anything, until lift is called.
func (r *Rig) Swallow(address netip.Addr) (lift func()) {
	r.t.Helper()
	undo, err := r.network.swallow(address)
	orFail(r.t, err)
	return func() {
		r.t.Helper()
		orFail(r.t, undo())
	}
}

// Balanced returns the number of API servers that the load balancer forwards connections to.
func (r *Rig) Balanced() int {
	r.t.Helper()
	admin, err := net.Dial("unix", r.balancerSocket())
	orFail(r.t, err)
	defer admin.Close()
	fmt.Fprintln(admin, "show stat kube-apiserver 4 -1") // 4: the servers
	table, err := csv.NewReader(admin).ReadAll()
	orFail(r.t, err)
	status := slices.Index(table[0], "status")
	up := 0
	for _, server := range table[1:] {
		if strings.HasPrefix(server[status], "UP") { // "UP 1/2" has failed a check, but still gets connections
			up++
		}
	}
	return up
}

func (r *Rig) balancerSocket() string { return filepath.Join(r.dir, "haproxy.sock") }

const loadBalancer = `global
  stats socket %s
defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
`

// serve runs one of the rig's own programs until the test ends. The program's last argument is its configuration.
func (r *Rig) serve(at netip.Prefix, name, config, program string, args ...string) *exec.Cmd {
	r.t.Helper()
	file := filepath.Join(r.dir, name+".conf")
	orFail(r.t, os.WriteFile(file, []byte(config), 0o644))
	return r.Start(at, name, program, append(args, file)...)
}

// Start runs a program on the network, which gets an address for it, until the test ends. [Rig.Log] has what it says.
func (r *Rig) Start(at netip.Prefix, name, program string, args ...string) *exec.Cmd {
	r.t.Helper()
	orFail(r.t, r.network.give(at))
	log, err := os.Create(r.logFile(name))
	orFail(r.t, err)
	defer log.Close()

	service := r.network.command(context.Background(), program, args...)
	service.Stdout, service.Stderr = log, log
	service.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := service.Start(); err != nil {
		r.t.Fatalf("%v: run e2e/install.sh rig", err)
	}
	r.t.Cleanup(func() { stop(service) })
	return service
}

// Log is what one of the rig's programs has said.
func (r *Rig) Log(name string) string {
	r.t.Helper()
	text, err := os.ReadFile(r.logFile(name))
	orFail(r.t, err)
	return string(text)
}

func (r *Rig) logFile(name string) string { return filepath.Join(r.dir, name+".log") }

func stop(service *exec.Cmd) {
	service.Process.Kill()
	service.Wait()
}
