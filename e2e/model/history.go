package model

import (
	"slices"
	"time"
)

// A history is what is known about one machine.
type history struct {
	name  string
	on    bool
	offAt time.Time

	// The etcd disk.
	data     data
	founder  bool      // its member was never a learner
	awaited  []string  // all peers, if it started new; a joiner's document is not known
	expect   int       // how many machines, itself included, must be established before the first write
	lostAt   time.Time // when it lost an etcd disk with data
	member   bool      // it has voted in a cluster that had quorum
	memberAt time.Time

	// The root disk.
	fence    bool
	manifest bool // etcd's, for its data
	intact   bool // there was no power cut since, which may lose the manifest

	// Since power-on.
	acting  bool // its phase is known
	phase   phase
	boot    string
	askedAt time.Time // when this attempt at the step began to ask
	sure    time.Time // when it was sure that it may start
	added   bool

	said   []saying
	starts []time.Time // of etcd, by its own log, including later ones
}

// data is what a machine's etcd disk contains.
type data uint8

const (
	noData    data = iota
	maybeData      // etcd was about to start, and may not have
	sureData
)

// A saying is what others could hear from a machine, and when.
type saying struct {
	answer      Answer[string]
	from, until time.Time // until is zero for what it still says
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

// couldSay reports whether a peer that asked in this period could have heard the answer.
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
		return "unknown"
	}
	return [...]string{"blank", "starting", "fenced", "running"}[h.phase]
}

func (h *history) enter(p phase) {
	h.acting = true
	h.phase = p
}

// start records that the manifest is written, and that etcd is about to start.
func (h *history) start() {
	h.data = maybeData
	h.manifest, h.intact = true, true
	h.enter(running)
}

// hadData reports whether others could have found etcd there in a round that was under way at this time or later.
func (h *history) hadData(at time.Time) bool {
	return h.data != noData || h.lostAt.Add(roundSlack).After(at)
}

// runs reports whether it is known to be on, and a member. A machine that has just booted is as silent as one that is off.
func (h *history) runs() bool {
	return h.on && h.acting && h.member
}

// startsSoon reports whether it logs within a moment that it starts etcd: the start may have come before the line.
func (h *history) startsSoon(at time.Time) bool {
	return slices.ContainsFunc(h.starts, func(start time.Time) bool { return start.After(at) && !start.After(at.Add(slack)) })
}

func (h *history) sameBoot(e Event, not *reasons) {
	b := e.Fields["boot"]
	not.unless(h.boot == "" || h.boot == b, "its boot was %s", h.boot)
	h.boot = b
}

// done applies what is done to a machine.
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

// cut ends everything that the machine says, except that etcd is forming: etcd says that again after a boot.
func (h *history) cut(at time.Time) {
	h.intact = false
	if n := len(h.said); n > 0 && h.said[n-1].answer.State != Forming {
		h.hush(at)
	}
}

// forget drops everything that is not on a disk.
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
