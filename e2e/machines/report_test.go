package machines

import (
	"cmp"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"kindling/e2e/internal/rig"
)

// A report is docs/e2e.md: two first boots of each kind on all cores, and slow ones.
type report struct {
	version         string
	kindling, guide []times
	slow            []slowBoot
}

// The points in time that a report compares.
var points = []struct {
	what string
	of   func(times) time.Duration
}{
	{"etcd has quorum on every control plane", func(t times) time.Duration { return t.Quorum }},
	{"every API server is ready", func(t times) time.Duration { return t.APIServers }},
	{"every Node is Ready", func(t times) time.Duration { return t.Ready }},
}

func (r report) text() string {
	text := new(strings.Builder)
	fmt.Fprintf(text, `# The time of a first boot

Written by `+"`make e2e-matrix`"+` on %s. Three control planes and two workers were powered on at the same time, on one computer
with %d cores. They are systemd-nspawn machines with Debian's cloud-init and the real Kubernetes %s, etcd and containerd. The
container images were already on them.

The guide's order was measured in the same run, on the same kind of machines: kubeadm init on cp0, and then all joins at the
same time. It leaves out the manual work: the typing, the copying of keys, and the waiting for a person.

Each was measured twice. How long a kubelet takes to report its new Node as Ready varies by about ten seconds from boot to boot.

| seconds from power-on until | kindling | the guide's order | ratio of the means |
|---|---|---|---|
`, time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), r.version)
	for _, p := range points {
		ours, guides := p.of(r.kindling[0])+p.of(r.kindling[1]), p.of(r.guide[0])+p.of(r.guide[1])
		fmt.Fprintf(text, "| %s | %s | %s | %.1f |\n", p.what, both(r.kindling, p.of), both(r.guide, p.of), guides.Seconds()/ours.Seconds())
	}
	fmt.Fprintf(text, "\n| memory of a machine, MiB without page cache | kindling | the guide's order |\n|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(r.kindling[0].Memory)) {
		fmt.Fprintf(text, "| %s | %d | %d |\n", name, r.kindling[0].Memory[name]>>20, r.guide[0].Memory[name]>>20)
	}
	fmt.Fprintf(text, `
## Machines with little of a core

Each machine has %.1f of a core, however many others run. One boot each.

| machines | seconds from power-on until | kindling | the guide's order | ratio |
|---|---|---|---|---|
`, share)
	for _, b := range r.slow {
		for _, p := range points[1:] {
			ours, guides := p.of(b.kindling).Seconds(), p.of(b.guide).Seconds()
			fmt.Fprintf(text, "| %s | %s | %.0f | %.0f | %.2f |\n", b.machines, p.what, ours, guides, guides/ours)
		}
	}
	last := r.slow[len(r.slow)-1]
	fmt.Fprintf(text, `
## What a control plane runs

From power-on until every Node was Ready, on cp1 of the three control planes above: %.1f CPU seconds in all with kindling, %.1f in the
guide's order. kindling's boot script took %.1f, with all that it called. The table has the number of processes and their CPU seconds;
there the kernel rounds each process down to a hundredth of a second (acct(5)).

%s`, last.kindlingLoad.total.Seconds(), last.guideLoad.total.Seconds(), last.own.Seconds(), loadTable(last.kindlingLoad, last.guideLoad))
	return text.String()
}

// summary says how much longer the guide's order takes on slow machines, and what a control plane does until then.
func (r report) summary() string {
	var ratios []string
	for _, b := range r.slow {
		for _, p := range points[1:] {
			ratios = append(ratios, fmt.Sprintf("%s: %s %.2f", b.machines, p.what, p.of(b.guide).Seconds()/p.of(b.kindling).Seconds()))
		}
	}
	last := r.slow[len(r.slow)-1]
	return fmt.Sprintf("the guide's order takes this much longer: %s; CPU seconds of a control plane: %.1f, of which kindling's script %.1f; in the guide's order %.1f",
		strings.Join(ratios, ", "), last.kindlingLoad.total.Seconds(), last.own.Seconds(), last.guideLoad.total.Seconds())
}

func both(boots []times, of func(times) time.Duration) string {
	return fmt.Sprintf("%.1f, %.1f", of(boots[0]).Seconds(), of(boots[1]).Seconds())
}

// loadTable has the programs that take most.
func loadTable(ours, guides machineLoad) string {
	var text strings.Builder
	text.WriteString("| program | kindling | the guide's order |\n|---|---|---|\n")
	both := maps.Clone(ours.programs)
	for name, p := range guides.programs {
		if p.CPU > both[name].CPU {
			both[name] = p
		}
	}
	names := slices.SortedFunc(maps.Keys(both), func(a, b string) int {
		return cmp.Or(cmp.Compare(both[b].CPU, both[a].CPU), cmp.Compare(a, b))
	})
	cell := func(p rig.Program) string { return fmt.Sprintf("%d, %.1f", p.Processes, p.CPU.Seconds()) }
	for _, name := range names[:min(20, len(names))] {
		fmt.Fprintf(&text, "| %s | %s | %s |\n", name, cell(ours.programs[name]), cell(guides.programs[name]))
	}
	total := func(programs map[string]rig.Program) (all rig.Program) {
		for _, p := range programs {
			all.Processes += p.Processes
			all.CPU += p.CPU
		}
		return all
	}
	fmt.Fprintf(&text, "| all | %s | %s |\n", cell(total(ours.programs)), cell(total(guides.programs)))
	return text.String()
}
