package rig

import (
	"maps"
	"slices"
	"sync"
	"time"

	"kindling/e2e/rule"
)

// A history is what was done to the machines.
type history struct {
	mu     sync.Mutex
	events []rule.Event
}

func (h *history) add(machine, verb string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, rule.Event{At: time.Now(), Machine: machine, Verb: verb})
}

// judge holds what was done to the machines, and what these say of their own doing, against the rule for etcd.
func (r *Rig) judge() {
	events := slices.Clone(r.history.events)
	for name := range r.machines {
		acts, err := rule.Parse(r.Console(name))
		if err != nil {
			r.t.Errorf("console of %s: %v", name, err)
		}
		for _, act := range acts {
			events = append(events, act.By(name))
		}
	}
	if err := rule.Replay(slices.Sorted(maps.Keys(r.machines)), events); err != nil {
		r.t.Errorf("against the rule: %v", err)
	}
}
