package rig

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A network is a bridge in a network namespace, which ends with its holder.
type network struct {
	holder *exec.Cmd
}

func newNetwork(t testing.TB) *network {
	t.Helper()
	// It ends when its input ends, at the latest with this process.
	holder := exec.Command("unshare", "--net", "cat")
	input, err := holder.StdinPipe()
	orFail(t, err)
	orFail(t, holder.Start())
	t.Cleanup(func() {
		input.Close()
		holder.Wait()
	})
	n := &network{holder}
	orFail(t, waitForNamespace(holder.Process.Pid))
	orFail(t, n.ip("link set lo up"))
	// Otherwise it takes over the address of one of its ports, and loses it with the port. Neighbours then send to nobody for some seconds.
	orFail(t, n.ip("link add bridge address 52:54:00:00:02:01 type bridge"))
	orFail(t, n.ip("link set bridge up"))
	return n
}

// give gives the rig itself an address in the network.
func (n *network) give(address netip.Prefix) error {
	return n.ip("address replace %s dev bridge nodad", address)
}

// attach plugs the network into the namespace of a process, as eth0. The port of a machine that lost power may still be
// there, since the kernel takes its time to remove a namespace.
func (n *network) attach(port string, mac string, pid int) error {
	if n.ip("link show %s", port) == nil {
		if err := n.ip("link delete %s", port); err != nil {
			return err
		}
	}
	if err := n.ip("link add %s type veth peer name eth0 address %s netns %d", port, mac, pid); err != nil {
		return err
	}
	return n.ip("link set %s master bridge up", port)
}

// swallow drops everything that is sent to one of the rig's own addresses, as if it led nowhere, until lift is called.
func (n *network) swallow(address netip.Addr) (lift func() error, err error) {
	family := "ip"
	if address.Is6() {
		family = "ip6"
	}
	if err := n.nft("add table inet swallow; add chain inet swallow input { type filter hook input priority 0; }; add rule inet swallow input %s daddr %s drop", family, address); err != nil {
		return nil, err
	}
	return func() error { return n.nft("delete table inet swallow") }, nil
}

func (n *network) nft(format string, args ...any) error {
	rules := fmt.Sprintf(format, args...)
	out, err := n.command(context.Background(), "nft", rules).CombinedOutput()
	if err != nil {
		return fmt.Errorf("nft %s: %w: %s", rules, err, out)
	}
	return nil
}

// cut and heal unplug a machine's cable and plug it in again.
func (n *network) cut(port string) error  { return n.ip("link set %s down", port) }
func (n *network) heal(port string) error { return n.ip("link set %s up", port) }

func (n *network) ip(format string, args ...any) error {
	command := fmt.Sprintf(format, args...)
	out, err := n.command(context.Background(), "ip", strings.Fields(command)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", command, err, out)
	}
	return nil
}

// command returns a command that runs on the rig's own side of the network.
func (n *network) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	target := []string{"--target", strconv.Itoa(n.holder.Process.Pid), "--net", name}
	return exec.CommandContext(ctx, "nsenter", append(target, args...)...)
}

// namespaceOf returns the file of a process's network namespace.
func namespaceOf(pid int) string { return fmt.Sprintf("/proc/%d/ns/net", pid) }

// waitForNamespace waits until a process has left this process's network namespace.
func waitForNamespace(pid int) error {
	ours, err := os.Readlink("/proc/self/ns/net")
	for range 6000 {
		if err != nil {
			return err
		}
		var theirs string
		if theirs, err = os.Readlink(namespaceOf(pid)); err == nil && theirs != ours {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("process %d has not made a network namespace", pid)
}
