package model

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// Clocks of machines and of the test differ a little, and so do a line and what it tells of.
	slack = time.Second
	// What an answer tells may be as old as a round, in which each has 4 s.
	roundSlack = 5 * time.Second
)

// Replay tells of all events that the rule forbids, in one error of several lines. The peers are all machines
// that there are; their disks are empty at first, and they may be on. Where real machines may legitimately differ from the model,
// by a kill or a power cut at any point, it is lenient.
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
		act, ok := acts[e.Verb]
		if !ok {
			r.forbid(e, "unknown verb")
			continue
		}
		var why reasons
		act(&r, h, e, &why)
		for _, text := range why {
			r.forbid(e, text)
		}
	}
	return errors.Join(r.errs...)
}

type replay struct {
	peers map[string]*history
	open  bool // a machine has gone on, so that clients may have written, and not all disks have been lost since
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

// acts are what a machine logs: each says what the rule has against it, and goes on as if it had nothing.
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

// reasons are what the rule has against an event.
type reasons []string

func (r *reasons) unless(ok bool, format string, args ...any) {
	if !ok {
		*r = append(*r, fmt.Sprintf(format, args...))
	}
}

// from wants that the machine is in a phase in which the model's verb may happen.
func (r *reasons) from(h *history, v verb) {
	r.unless(h.acting && verbs[v].from.has(h.phase), "not of %s", h)
}
