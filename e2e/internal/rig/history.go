package rig

import (
	"maps"
	"slices"
	"sync"
	"time"

	"kindling/e2e/model"
)

// A history is what was done to the machines.
type history struct {
	mu     sync.Mutex
	events []model.Event
}

func (h *history) add(machine, verb string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, model.Event{At: time.Now(), Machine: machine, Verb: verb})
}

// judge checks what was done to the machines, and what they logged about themselves, against the rule for etcd.
func (r *Rig) judge() {
	events := slices.Clone(r.history.events)
	for name := range r.machines {
		logged, err := model.Parse(r.Console(name))
		if err != nil {
			r.t.Errorf("console of %s: %v", name, err)
		}
		for _, event := range logged {
			events = append(events, event.By(name))
		}
	}
	if err := model.Replay(slices.Sorted(maps.Keys(r.machines)), events); err != nil {
		r.t.Errorf("the rule forbids:\n%v", err)
	}
}
