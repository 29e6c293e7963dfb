package model

// A seat is a machine's member in a configuration.
type seat struct {
	id   uint8
	role role
}

type role uint8

const (
	nobody role = iota
	learner
	voter
)

// seats returns the configuration that a member uses: etcd applies a change when it is committed.
func (m *Model) seats(me *machine) [maxMachines]seat {
	var seats [maxMachines]seat
	if me.length() == 0 && me.id != 0 {
		return seats // a joiner that has heard nothing yet
	}
	for i := range m.Machines {
		seats[i].role = voter
	}
	for _, e := range me.log[:me.commit] {
		switch e.kind {
		case remove:
			seats[e.machine] = seat{}
		case add:
			seats[e.machine] = seat{e.id, learner}
		case promote:
			seats[e.machine].role = voter
		}
	}
	return seats
}

func quorum(seats [maxMachines]seat) int {
	voters := 0
	for _, s := range seats {
		if s.role == voter {
			voters++
		}
	}
	return voters/2 + 1
}

// elect makes machine i the leader with the votes of exactly a quorum: the machines whose bits are set in voters. Its term
// is above the terms of all voters, so votes need not be stored. A wiped machine has lost its term, and so it can vote twice
// in one.
func (m *Model) elect(w *world, i, voters int) bool {
	me := &w.machines[i]
	seats := m.seats(me)
	if seats[i] != (seat{me.id, voter}) || voters>>i&1 == 0 {
		return false
	}
	votes := 0
	term := uint8(0)
	for j := range m.Machines {
		if voters>>j&1 == 0 {
			continue
		}
		v := &w.machines[j]
		if v.phase != running || seats[j] != (seat{v.id, voter}) || !upToDate(me, v) {
			return false
		}
		votes++
		term = max(term, v.term)
	}
	if votes != quorum(seats) || term == m.Budget.Terms {
		return false
	}
	for j := range m.Machines {
		if v := &w.machines[j]; voters>>j&1 == 1 {
			v.term = term + 1
			v.stepDown()
			v.null = false
		}
	}
	me.leads = true
	return me.append(entry{kind: publish})
}

func upToDate(candidate, voter *machine) bool {
	c, v := candidate.length(), voter.length()
	ct, vt := candidate.lastTerm(), voter.lastTerm()
	return ct > vt || ct == vt && c >= v
}

func (m *machine) lastTerm() uint8 {
	if n := m.length(); n > 0 {
		return m.log[n-1].term
	}
	return 0
}

// committedOwn reports whether a leader has committed an entry of its own term.
func (m *machine) committedOwn() bool {
	return m.commit > 0 && m.log[m.commit-1].term == m.term
}

// replicate sends a leader's entries and its commit index to another member, and the answer back.
func (m *Model) replicate(w *world, i, j int) bool {
	me, peer := &w.machines[i], &w.machines[j]
	seats := m.seats(me)
	if i == j || !me.leads || peer.phase != running || seats[j].role == nobody || seats[j].id != peer.id ||
		peer.term > me.term || peer.term == me.term && peer.leads {
		return false
	}
	if peer.term < me.term {
		peer.stepDown()
	}
	peer.term = me.term
	peer.null = false
	n := me.length()
	for k := range n {
		if peer.log[k].term == me.log[k].term {
			continue
		}
		if k < peer.commit {
			return false // etcd panics rather than overwrite an entry that it knows is committed
		}
		clear(peer.log[k:])
		copy(peer.log[k:], me.log[k:n])
		break
	}
	if m.AppliesLate && peer.commit == 0 && me.commit > 0 {
		peer.late = true
	}
	peer.commit = max(peer.commit, me.commit)
	me.matched[j] = n
	m.commit(w, i)
	return true
}

// commit commits up to the last entry of the leader's own term that a quorum has.
func (m *Model) commit(w *world, i int) {
	me := &w.machines[i]
	seats := m.seats(me)
	for n := me.length(); n > me.commit && me.log[n-1].term == me.term; n-- {
		have := 0
		for j := range m.Machines {
			if seats[j].role == voter && (j == i || me.matched[j] >= n) {
				have++
			}
		}
		if have < quorum(seats) {
			continue
		}
		for k := me.commit; k < n; k++ {
			switch e := me.log[k]; e.kind {
			case write:
				w.acknowledged = me.term
			case add:
				me.matched[e.machine] = 0
			}
		}
		me.commit = n
		return
	}
}

func (m *Model) write(w *world, i, _ int) bool {
	me := &w.machines[i]
	if w.written || !me.leads || !me.committedOwn() || !m.anySettled(w) {
		return false
	}
	w.written = true
	return me.append(entry{kind: write})
}

func (m *machine) stepDown() {
	m.leads = false
	m.matched = [maxMachines]uint8{}
}

func (m *Model) apply(w *world, i, _ int) bool {
	was := w.machines[i].late
	w.machines[i].late = false
	return was
}
