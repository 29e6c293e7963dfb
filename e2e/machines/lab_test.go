//go:build lab

package machines

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

var picture = flag.String("picture", "", "write a picture of the first boot to this file, and end")

// TestLab boots the README's cluster and shows what its machines say. It leaves the cluster running until an interrupt; then nothing is left.
func TestLab(t *testing.T) {
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := newCluster(t, generate(t, "stacked.yaml"), nil)
	began := time.Now()
	c.Boot(c.names("")...)
	shown := map[string]int{}
	var lines []string
	for !c.isUp(ctx) {
		lines = append(lines, c.show(shown)...)
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
	lines = append(lines, c.show(shown)...)
	if *picture != "" {
		if err := draw(*picture, lines); err != nil {
			t.Fatal(err)
		}
		return
	}
	fmt.Printf("\n%s\n%d machines are up after %.0f s. To use the cluster, from another terminal:\n\n", c.admin.mustKubectl("get", "nodes", "--output=wide"),
		len(c.names("")), time.Since(began).Seconds())
	fmt.Printf("nsenter --net=%s %s --kubeconfig %s --server https://%s:6443 get pods --all-namespaces\n", c.Namespace(), c.admin.program, c.admin.kubeconfig, c.node("cp0").Address)
	fmt.Printf("tail -f %s\n\nCtrl-C or make lab-down ends it.\n", c.ConsoleFile("cp0"))
	<-ctx.Done()
}

// isUp reports whether all machines are done and all Nodes are Ready.
func (c *cluster) isUp(ctx context.Context) bool {
	for _, name := range c.names("") {
		if status, err := statusOf(c.Rig, name); err != nil || status.State != "done" {
			return false
		}
	}
	nodes, err := c.admin.readyNodes(ctx)
	return err == nil && allReady(nodes, c.names(""))
}

var kindlingLine = regexp.MustCompile(`(?m)kindling \S+ \d\d:\d\d:\d\d .*$`)

// show prints the new lines of kindling on all consoles, and returns them.
func (c *cluster) show(shown map[string]int) (fresh []string) {
	for _, name := range c.names("") {
		lines := kindlingLine.FindAllString(c.Console(name), -1)
		for _, line := range lines[min(shown[name], len(lines)):] {
			fresh = append(fresh, strings.TrimSpace(line))
			fmt.Println(strings.TrimSpace(line))
		}
		shown[name] = len(lines)
	}
	return fresh
}
