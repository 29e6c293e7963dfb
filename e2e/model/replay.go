package model

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// The clocks of the machines and the test differ a little, and so do the times of a line and of what it reports.
	slack = time.Second
	// An answer may be as old as a round, in which each peer has 4 s.
	roundSlack = 5 * time.Second
)

// Replay returns an error with a line for each event that the rule forbids. The peers are all machines that exist; their
// disks are empty at first, and they may be on. Replay is lenient where real machines may differ from the model because of a
// kill or a power cut, which can come at any point.
func Replay(peers []string, events []Event) error {
	r := replay{peers: map[string]*history{}}
	for _, name := range peers {
		r.peers[name] = &history{name: name, on: true}
	}
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Event) int { return a.At.Compare(b.At) })
	for _, e := range events {
		if h := r.peers[e.Machine]; h != nil && slices.Contains([]string{"new", "existing", "resume"}, e.Verb) {
			h.starts = append(h.starts, e.At)
		}
	}
	for _, e := range events {
		h := r.peers[e.Machine]
		if h == nil {
			r.forbid(e, "unknown machine")
			continue
		}
		if do, ok := done[e.Verb]; ok {
			do(h, e.At)
			r.open = r.open && r.anyData()
			continue
		}
		if !h.on && e.At.Sub(h.offAt) > slack {
			r.forbid(e, "the machine is off")
		}
		check, ok := acts[e.Verb]
		if !ok {
			r.forbid(e, "unknown verb")
			continue
		}
		var why reasons
		check(&r, h, e, &why)
		for _, text := range why {
			r.forbid(e, text)
		}
	}
	return errors.Join(r.errs...)
}

type replay struct {
	peers map[string]*history
	open  bool // clients may have written: a machine has gone on, and not all disks have been lost since
	errs  []error
}

func (r *replay) anyData() bool {
	for _, h := range r.peers {
		if h.data != noData {
			return true
		}
	}
	return false
}

func (r *replay) forbid(e Event, why string) {
	r.errs = append(r.errs, fmt.Errorf("%s %s %s: %s", e.At.UTC().Format("15:04:05.000000"), e.Machine, e.Verb, why))
}

// acts are what a machine logs. Each function collects the rule's objections, and goes on as if there were none.
var acts = map[string]func(*replay, *history, Event, *reasons){
	"resume":   (*replay).resume,
	"blank":    (*replay).blank,
	"fenced":   (*replay).fenced,
	"starting": (*replay).starting,
	"fence":    (*replay).fence,
	"new":      (*replay).startNew,
	"remove":   (*replay).remove,
	"add":      (*replay).add,
	"existing": (*replay).existing,
	"promote":  (*replay).promote,
	"member":   (*replay).member,
	"disarm":   (*replay).disarm,
}

// reasons are the rule's objections to an event.
type reasons []string

func (r *reasons) unless(ok bool, format string, args ...any) {
	if !ok {
		*r = append(*r, fmt.Sprintf(format, args...))
	}
}

// from checks that the machine is in a phase in which the model allows the verb.
func (r *reasons) from(h *history, v verb) {
	r.unless(h.acting && verbs[v].from.has(h.phase), "not allowed in phase %s", h)
}
