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

// Every attempt at the step starts as blank or as fenced.
func (r *replay) blank(h *history, e Event, not *reasons) {
	not.unless(h.data != sureData, "its etcd disk has data")
	h.sameBoot(e, not)
	h.enter(blank)
	h.askedAt = e.At
	h.say(Answer[string]{Blank, e.Fields["boot"]}, e.At)
}

// A document can fence a machine too, so its disk need not have a fence.
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
	not.unless(peer != nil && peer != h, "%q is not a peer", e.Fields["by"])
	not.unless(peer == nil || peer.hadData(h.askedAt), "%s had no etcd", e.Fields["by"])
	h.enter(fenced)
	h.fence = true
	h.added = false // what an earlier attempt added is removed again
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

// prove checks that the evidence is enough, that the peers could have given it, and that no peer contradicts it.
func (r *replay) prove(h *history, at time.Time, proof evidence, not *reasons) {
	counted := proof.counted()
	not.unless(Enough(len(counted), proof.expect), "%d of %d count", 1+len(counted), proof.expect)
	for _, name := range counted {
		peer := r.peers[name]
		if peer == nil || peer == h {
			not.unless(false, "%s is not a peer", name)
			continue
		}
		for _, a := range []Answer[string]{proof.first[name], proof.second[name]} {
			not.unless(peer.couldSay(a, h.askedAt, at), "%s was not %s", name, a)
		}
	}
	if proof.expect < 1+len(proof.second) {
		return // a machine that expects fewer than all accepts that there may be a second cluster
	}
	for _, name := range slices.Sorted(maps.Keys(r.peers)) {
		peer := r.peers[name]
		not.unless(!peer.member || peer.memberAt.After(h.sure.Add(-roundSlack)), "%s already has a cluster, so this is a second one", name)
	}
}

// A machine removes its own lost member, and silent members that its document does not name. Its document is not known here.
func (r *replay) remove(h *history, e Event, not *reasons) {
	not.from(h, removes)
	not.unless(h.fence, "its root disk has no fence")
	name := e.Fields["name"]
	not.unless(name != h.name || !h.added, "it has already been added")
	peer := r.peers[name]
	not.unless(name == h.name || peer == nil || !peer.runs(), "%s is on, and a member", name)
}

func (r *replay) add(h *history, _ Event, not *reasons) {
	not.from(h, adds)
	not.unless(h.fence, "its root disk has no fence")
	h.added = true
}

// A machine with data that has lost the manifest with its root disk writes one that only restarts etcd.
func (r *replay) existing(h *history, e Event, not *reasons) {
	if h.acting && h.phase == running {
		not.unless(h.data == sureData && !h.intact, "it has a manifest")
		h.manifest, h.intact = true, true
		return
	}
	not.from(h, startsExisting)
	not.unless(h.fence, "its root disk has no fence")
	not.unless(h.added, "it has not been added")
	h.start()
	h.founder = false
	h.awaited = nil // it may have started as a founder
}

func (r *replay) promote(h *history, _ Event, not *reasons) {
	not.from(h, promotes)
	not.unless(!h.founder, "it is not a learner")
	h.data = sureData
}

// A machine whose etcd holds a key does not wait. There can be a key as soon as the first machine has gone on.
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

// wait checks that enough peers could have said that they are established, in a round at or before this time.
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

// A manifest that is still moved away after a power cut is reported again.
func (r *replay) disarm(h *history, _ Event, not *reasons) {
	not.unless(h.data != sureData, "its etcd disk has data")
	not.unless(h.manifest, "there was no manifest")
}
