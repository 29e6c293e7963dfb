package machines

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/rig"
)

// measured is what the tests of one run measure: two boots of each kind.
var measured struct {
	kindling, guide []times
}

const reportFile = "../../docs/e2e.md"

// TestMain writes the report if the run measured both.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && len(measured.kindling) == 2 && len(measured.guide) == 2 {
		if err := writeReport(report(), ""); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func report() string {
	text := new(strings.Builder)
	fmt.Fprintf(text, `# The time of a first boot

Written by `+"`make e2e`"+` on %s. Three control planes and two workers were powered on at the same time, on one computer with
%d cores. They are systemd-nspawn machines with Debian's cloud-init and the real Kubernetes %s, etcd and containerd. The
container images were already on them.

The guide's order was measured in the same run, on the same kind of machines: kubeadm init on cp0, and then all joins at the
same time. It leaves out the manual work: the typing, the copying of keys, and the waiting for a person.

`, time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), rig.Current)
	fmt.Fprintf(text, "Each was measured twice. How long a kubelet takes to report its new Node as Ready varies by about ten seconds from boot to boot.\n\n")
	fmt.Fprintf(text, "| seconds from power-on until | kindling | the guide's order | ratio of the means |\n|---|---|---|---|\n")
	row := func(what string, of func(times) time.Duration) {
		ours, guides := of(measured.kindling[0])+of(measured.kindling[1]), of(measured.guide[0])+of(measured.guide[1])
		fmt.Fprintf(text, "| %s | %s | %s | %.1f |\n", what, both(measured.kindling, of), both(measured.guide, of), guides.Seconds()/ours.Seconds())
	}
	row("etcd has quorum on every control plane", func(t times) time.Duration { return t.Quorum })
	row("every API server is ready", func(t times) time.Duration { return t.APIServers })
	row("every Node is Ready", func(t times) time.Duration { return t.Ready })
	fmt.Fprintf(text, "\n| memory of a machine, MiB without page cache | kindling | the guide's order |\n|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(measured.kindling[0].Memory)) {
		fmt.Fprintf(text, "| %s | %d | %d |\n", name, measured.kindling[0].Memory[name]>>20, measured.guide[0].Memory[name]>>20)
	}
	return text.String()
}

func both(boots []times, of func(times) time.Duration) string {
	return fmt.Sprintf("%.1f, %.1f", of(boots[0]).Seconds(), of(boots[1]).Seconds())
}

// slowMark begins the part of the report that TestFaultSlowMachines writes. The part before it is that of `make e2e`.
const slowMark = "\n## Machines with little of a core\n\n"

// writeReport replaces the parts of the report that are not empty.
func writeReport(boots, slow string) error {
	old, err := os.ReadFile(reportFile)
	if err != nil {
		return err
	}
	oldBoots, oldSlow, _ := strings.Cut(string(old), slowMark)
	return os.WriteFile(reportFile, []byte(cmp.Or(boots, oldBoots)+slowMark+cmp.Or(slow, oldSlow)), 0o644)
}
