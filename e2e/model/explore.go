package model

import "fmt"

// A Model is some machines under a rule, within bounds.
type Model struct {
	Machines int
	Expect   int // bootstrapExpect
	Rule     Rule
	Budget   Budget

	// What the rule does not withstand and leaves to its small probability: a member does not apply for as long as another
	// machine takes to begin anew what it knows to be committed, that the cluster is established.
	AppliesLate bool
}

// A Result is what an exploration came to.
type Result struct {
	Depth     int // of the history that is longest, or of the counter-example
	States    int
	Exhausted bool     // there is nothing beyond the depth
	Violation string   // the invariant that does not hold, if any
	Trace     []string // a shortest history that leads there
}

type node struct {
	parent int32
	action action
}

// explore goes through all histories of at most so many actions, the short ones first, after those of a beginning.
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

// run is the world after a history that begins with machines as they come from the shop.
func (m *Model) run(history []action, invariants []Invariant) (world, error) {
	var w world
	for n, a := range history {
		if !m.do(&w, a) {
			return w, fmt.Errorf("action %d may not happen: %s", n, a)
		}
		if v := broken(m, &w, a, invariants); v != "" {
			return w, fmt.Errorf("action %d: %s: %s", n, a, v)
		}
	}
	return w, nil
}

// trace is the history that leads to the last node.
func trace(nodes []node) []string {
	var lines []string
	for n := len(nodes) - 1; n > 0; n = int(nodes[n].parent) {
		lines = append([]string{nodes[n].action.String()}, lines...)
	}
	return lines
}
