package model

import "fmt"

// A Model is some machines under a rule, within bounds.
type Model struct {
	Machines int
	Expect   int // bootstrapExpect
	Rule     Rule
	Budget   Budget

	// AppliesLate allows what the rule does not withstand, but is very unlikely: a member knows that the cluster is
	// established, since that entry is committed, but does not apply the entry until another machine has started over.
	AppliesLate bool
}

// A Result is the outcome of an exploration.
type Result struct {
	Depth     int // of the longest history, or of the counterexample
	States    int
	Exhausted bool     // there is nothing beyond the depth
	Violation string   // the invariant that does not hold, if any
	Trace     []string // a shortest history that leads there
}

type node struct {
	parent int32
	action action
}

// explore goes through all histories that continue a beginning with at most depth actions, the short ones first.
func (m *Model) explore(beginning []action, depth int, invariants ...Invariant) (Result, error) {
	start, err := m.run(beginning, invariants)
	if err != nil {
		return Result{}, err
	}
	nodes := []node{{parent: -1}}
	seen := map[key]struct{}{m.key(&start): {}}
	level := []world{start}
	first := 0 // the node of level[0]
	for d := range depth {
		var (
			next      []world
			violation string
		)
		nextFirst := len(nodes)
		for n := range level {
			m.each(&level[n], func(a action, w *world) {
				if violation != "" {
					return
				}
				k := m.key(w)
				if _, ok := seen[k]; ok {
					return
				}
				seen[k] = struct{}{}
				nodes = append(nodes, node{int32(first + n), a})
				next = append(next, *w)
				violation = broken(m, w, a, invariants)
			})
			if violation != "" {
				return Result{Depth: d + 1, States: len(nodes), Violation: violation, Trace: trace(nodes)}, nil
			}
		}
		if len(next) == 0 {
			return Result{Depth: d, States: len(nodes), Exhausted: true}, nil
		}
		level, first = next, nextFirst
	}
	return Result{Depth: depth, States: len(nodes)}, nil
}

// run returns the world after a history that starts with brand-new machines.
func (m *Model) run(history []action, invariants []Invariant) (world, error) {
	var w world
	for n, a := range history {
		if !m.do(&w, a) {
			return w, fmt.Errorf("action %d is not possible: %s", n, a)
		}
		if v := broken(m, &w, a, invariants); v != "" {
			return w, fmt.Errorf("action %d: %s: %s", n, a, v)
		}
	}
	return w, nil
}

// trace returns the history that leads to the last node.
func trace(nodes []node) []string {
	var lines []string
	for n := len(nodes) - 1; n > 0; n = int(nodes[n].parent) {
		lines = append([]string{nodes[n].action.String()}, lines...)
	}
	return lines
}
