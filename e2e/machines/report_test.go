package machines

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"kindling/e2e/rig"
)

// measured is what the tests of one run find out, side by side.
var measured struct {
	kindling, guide times
}

const reportFile = "../../docs/e2e.md"

// TestMain writes the report of a run that measured both.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && measured.kindling.Ready > 0 && measured.guide.Ready > 0 {
		if err := os.WriteFile(reportFile, []byte(report()), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func report() string {
	text := new(strings.Builder)
	fmt.Fprintf(text, `# The time of a first boot

Written by `+"`make e2e`"+` on %s. Three control planes and two workers, all powered on at the same time on one computer with
%d cores: systemd-nspawn machines with Debian's cloud-init, and the real Kubernetes %s, etcd and containerd, of which the
images were on the machines already.

The guide's order, on machines like these in the same run, is kubeadm init on cp0 and then all joins at the same time: without
the hands, the copying of keys, and the waiting for someone.

`, time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), rig.Current)
	fmt.Fprintf(text, "| seconds from power-on until | kindling | the guide's order | ratio |\n|---|---|---|---|\n")
	row := func(what string, ours, guides time.Duration) {
		fmt.Fprintf(text, "| %s | %.1f | %.1f | %.1f |\n", what, ours.Seconds(), guides.Seconds(), guides.Seconds()/ours.Seconds())
	}
	row("etcd has quorum on every control plane", measured.kindling.Quorum, measured.guide.Quorum)
	row("every API server is ready", measured.kindling.APIServers, measured.guide.APIServers)
	row("every Node is Ready", measured.kindling.Ready, measured.guide.Ready)
	fmt.Fprintf(text, "\n| memory of a machine, MiB without page cache | kindling | the guide's order |\n|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(measured.kindling.Memory)) {
		fmt.Fprintf(text, "| %s | %d | %d |\n", name, measured.kindling.Memory[name]>>20, measured.guide.Memory[name]>>20)
	}
	return text.String()
}
