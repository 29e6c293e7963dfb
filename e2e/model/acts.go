package model

import (
	"maps"
	"slices"
	"strings"
	"time"
)

func (r *replay) resume(h *history, _ Event, not *reasons) {
	not.unless(h.data != noData, "its etcd disk has no data")
	h.data = sureData
	h.enter(running)
}

// Every try of the step begins as blank, or as fenced.
func (r *replay) blank(h *history, e Event, not *reasons) {
	not.unless(h.data != sureData, "its etcd disk has data")
	h.sameBoot(e, not)
	h.enter(blank)
	h.askedAt = e.At
	h.say(Answer[string]{Blank, e.Fields["boot"]}, e.At)
}

// A document may fence a machine, too, so there need be no fence on its disk.
func (r *replay) fenced(h *history, e Event, not *reasons) {
	not.unless(h.data != sureData, "its etcd disk has data")
	h.sameBoot(e, not)
	h.enter(fenced)
	h.askedAt = e.At
	h.hush(e.At)
}

func (r *replay) starting(h *history, e Event, not *reasons) {
	not.from(h, decides)
	not.unless(!h.fence, "its root disk has a fence")
	h.sameBoot(e, not)
	h.enter(starting)
	h.sure = e.At
	h.say(Answer[string]{Starting, e.Fields["boot"]}, e.At)
}

func (r *replay) fence(h *history, e Event, not *reasons) {
	not.from(h, asks)
	peer := r.peers[e.Fields["by"]]
	not.unless(peer != nil && peer != h, "%q is no peer", e.Fields["by"])
	not.unless(peer == nil || peer.hadData(h.askedAt), "%s had no etcd", e.Fields["by"])
	h.enter(fenced)
	h.fence = true
	h.added = false // what a try before this one added is removed again
	h.hush(e.At)
}

func (r *replay) startNew(h *history, e Event, not *reasons) {
	not.from(h, startsNew)
	not.unless(h.data != sureData, "its etcd disk has data")
	not.unless(!h.fence, "its root disk has a fence")
	if proof, err := parseEvidence(e.Fields); err != nil {
		not.unless(false, "%v", err)
	} else {
		r.prove(h, e.At, proof, not)
		h.awaited, h.expect = slices.Sorted(maps.Keys(proof.second)), proof.expect
	}
	h.start()
	h.founder = true
	h.say(Answer[string]{State: Forming}, e.At)
}

// prove wants evidence that is enough, that the peers could give, and that no peer contradicts.
func (r *replay) prove(h *history, at time.Time, proof evidence, not *reasons) {
	counted := proof.counted()
	not.unless(Enough(len(counted), proof.expect), "%d of %d count", 1+len(counted), proof.expect)
	for _, name := range counted {
		peer := r.peers[name]
		if peer == nil || peer == h {
			not.unless(false, "%s is no peer", name)
			continue
		}
		for _, a := range []Answer[string]{proof.first[name], proof.second[name]} {
			not.unless(peer.couldSay(a, h.askedAt, at), "%s was not %s", name, a)
		}
	}
	if proof.expect < 1+len(proof.second) {
		return // whoever expects fewer than all gives up that there is only one cluster
	}
	for _, name := range slices.Sorted(maps.Keys(r.peers)) {
		peer := r.peers[name]
		not.unless(!peer.member || peer.memberAt.After(h.sure.Add(-roundSlack)), "%s holds a cluster: this is a second one", name)
	}
}

// A machine removes its own lost member, and those that are silent and that its document, which is not known here, does not name.
func (r *replay) remove(h *history, e Event, not *reasons) {
	not.from(h, removes)
	not.unless(h.fence, "its root disk has no fence")
	name := e.Fields["name"]
	not.unless(name != h.name || !h.added, "it is added already")
	peer := r.peers[name]
	not.unless(name == h.name || peer == nil || !peer.runs(), "%s is on, and a member", name)
}

func (r *replay) add(h *history, _ Event, not *reasons) {
	not.from(h, adds)
	not.unless(h.fence, "its root disk has no fence")
	h.added = true
}

// A machine with data whose root disk lost the manifest writes one that only restarts etcd.
func (r *replay) existing(h *history, e Event, not *reasons) {
	if h.acting && h.phase == running {
		not.unless(h.data == sureData && !h.intact, "it has a manifest")
		h.manifest, h.intact = true, true
		return
	}
	not.from(h, startsExisting)
	not.unless(h.fence, "its root disk has no fence")
	not.unless(h.added, "it is not added")
	h.start()
	h.founder = false
	h.awaited = nil // it may have begun as a founder
}

func (r *replay) promote(h *history, _ Event, not *reasons) {
	not.from(h, promotes)
	not.unless(!h.founder, "it is no learner")
	h.data = sureData
}

// A machine whose etcd holds a key waits for nobody. There can be one from the moment on in which the first machine goes on.
func (r *replay) member(h *history, e Event, not *reasons) {
	not.from(h, promotes)
	if !r.open && h.awaited != nil {
		r.wait(h, e.At, not)
	}
	r.open = true
	h.data = sureData
	h.fence = true
	if !h.member {
		h.member, h.memberAt = true, e.At
	}
	h.hush(e.At)
}

// wait wants that enough peers could say that they are established, in a round before or at this time.
func (r *replay) wait(h *history, at time.Time, not *reasons) {
	established := 0
	var none []string
	for _, name := range h.awaited {
		if peer := r.peers[name]; peer != nil && (peer.hadData(at) || peer.startsSoon(at)) {
			established++
		} else {
			none = append(none, name)
		}
	}
	not.unless(Enough(established, h.expect), "no etcd on %s: %d of %d could be established", strings.Join(none, ", "), 1+established, h.expect)
}

// What a power cut leaves moved away is told of again.
func (r *replay) disarm(h *history, _ Event, not *reasons) {
	not.unless(h.data != sureData, "its etcd disk has data")
	not.unless(h.manifest, "there was no manifest")
}
