package model

import (
	"slices"
	"time"
)

// A history is what is known of one machine.
type history struct {
	name  string
	on    bool
	offAt time.Time

	// The etcd disk.
	data     data
	founder  bool      // its member was never a learner
	awaited  []string  // all peers of one that started new: of a joiner's document nothing is known
	expect   int       // so many machines are to be established, with itself, before the first write
	lostAt   time.Time // an etcd disk with data
	member   bool      // it has voted in a cluster that had quorum
	memberAt time.Time

	// The root disk.
	fence    bool
	manifest bool // it had etcd's
	intact   bool // and no power cut since, which may lose it

	// Since the machine is on.
	acting  bool // it is in the phase
	phase   phase
	boot    string
	askedAt time.Time // this try of the step began to ask
	sure    time.Time // it was sure that it may start
	added   bool

	said   []saying
	starts []time.Time // of etcd, as it says, also those that are still to come
}

// data is what a machine's etcd disk has.
type data uint8

const (
	noData    data = iota
	maybeData      // etcd was told to start, and may not have come to it
	sureData
)

// A saying is what others could hear from a machine, and when.
type saying struct {
	answer      Answer[string]
	from, until time.Time // until is zero for what it says still
}

func (h *history) say(a Answer[string], at time.Time) {
	h.hush(at)
	h.said = append(h.said, saying{answer: a, from: at})
}

func (h *history) hush(at time.Time) {
	if n := len(h.said); n > 0 && h.said[n-1].until.IsZero() {
		h.said[n-1].until = at
	}
}

// couldSay tells whether somebody who asked in this time could hear that.
func (h *history) couldSay(a Answer[string], from, until time.Time) bool {
	for _, s := range h.said {
		if s.answer == a && !s.from.After(until.Add(slack)) && (s.until.IsZero() || !s.until.Add(roundSlack).Before(from)) {
			return true
		}
	}
	return false
}

func (h *history) String() string {
	if !h.acting {
		return "a machine that has not said what it is"
	}
	return [...]string{"blank", "starting", "fenced", "a machine with data"}[h.phase]
}

func (h *history) enter(p phase) {
	h.acting = true
	h.phase = p
}

// start is when the manifest is written, and etcd is about to start.
func (h *history) start() {
	h.data = maybeData
	h.manifest, h.intact = true, true
	h.enter(running)
}

// hadData tells whether others could find an etcd there in a round that was under way at a time, or later.
func (h *history) hadData(at time.Time) bool {
	return h.data != noData || h.lostAt.Add(roundSlack).After(at)
}

// runs tells whether it is known to be a member that is on. One that has just booted is as silent as one that is off.
func (h *history) runs() bool {
	return h.on && h.acting && h.member
}

// startsSoon tells whether it says in the next moment that it starts etcd: what it tells of may be what came first.
func (h *history) startsSoon(at time.Time) bool {
	return slices.ContainsFunc(h.starts, func(start time.Time) bool { return start.After(at) && !start.After(at.Add(slack)) })
}

func (h *history) sameBoot(e Event, not *reasons) {
	b := e.Fields["boot"]
	not.unless(h.boot == "" || h.boot == b, "its boot was %s", h.boot)
	h.boot = b
}

// done is what may be done to a machine.
var done = map[string]func(*history, time.Time){
	PowerOn: func(h *history, at time.Time) {
		h.cut(at)
		h.on = true
		h.forget()
	},
	PowerOff: func(h *history, at time.Time) {
		h.cut(at)
		h.on = false
		h.offAt = at
	},
	Wipe: func(h *history, at time.Time) {
		h.loseData(at)
		h.loseRoot()
	},
	LoseData: (*history).loseData,
	LoseRoot: func(h *history, _ time.Time) { h.loseRoot() },
	Restore:  func(h *history, _ time.Time) { h.data = sureData },
}

// cut is the end of all that is said, but an etcd that forms says so again after a boot.
func (h *history) cut(at time.Time) {
	h.intact = false
	if n := len(h.said); n > 0 && h.said[n-1].answer.State != Forming {
		h.hush(at)
	}
}

// forget is when all is lost that is not on a disk.
func (h *history) forget() {
	h.acting = false
	h.added = false
	h.boot = ""
}

func (h *history) loseData(at time.Time) {
	if h.data != noData {
		h.lostAt = at
	}
	h.data = noData
	h.founder = false
	h.awaited = nil
	h.member = false
	h.hush(at)
	h.forget()
}

func (h *history) loseRoot() {
	h.fence = false
	h.manifest = false
	h.intact = false
}
