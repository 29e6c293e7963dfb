package model

// What is done to machines.

func (m *Model) boot(w *world, i, _ int) bool {
	if w.spent.Boots == m.Budget.Boots {
		return false
	}
	w.spent.Boots++
	m.reboot(w, i)
	return true
}

func (m *Model) reboot(w *world, i int) {
	me := &w.machines[i]
	switch me.phase {
	case blank:
		me.forget()
	case starting:
		me.phase = blank
	case fenced:
		me.id = 0
	case running:
		me.stepDown()
		// Under the true rule null is silence, and any machine may be silent at any time.
		me.null = m.Rule.NullIsForming
	}
	for j := range m.Machines {
		if h := &w.machines[j].heard[i]; h.answer.Boot == thisBoot {
			h.answer.Boot = formerBoot
		}
	}
}

func (m *Model) wipe(w *world, i, _ int) bool {
	if w.spent.Wipes == m.Budget.Wipes {
		return false
	}
	w.spent.Wipes++
	m.reboot(w, i)
	w.machines[i] = machine{}
	m.deposeIdle(w)
	return true
}

// loseDisk keeps the root disk and its fence. A founder has the fence before it lets anyone write. A machine without one is
// as good as wiped.
func (m *Model) loseDisk(w *world, i, _ int) bool {
	me := &w.machines[i]
	if w.spent.LostDisks == m.Budget.LostDisks {
		return false
	}
	w.spent.LostDisks++
	fence := me.id != 0 || m.settled(w, i)
	m.reboot(w, i)
	switch {
	case m.Rule.ManifestStartsNew && me.founder:
		*me = machine{phase: running, founder: true}
	case fence:
		*me = machine{phase: fenced}
	default:
		*me = machine{}
	}
	m.deposeIdle(w)
	return true
}

// loseRoot keeps the data, with which etcd starts existing. For a machine without data it is the same as wipe.
func (m *Model) loseRoot(w *world, i, _ int) bool {
	if w.spent.LostRoots == m.Budget.LostRoots {
		return false
	}
	w.spent.LostRoots++
	m.reboot(w, i)
	w.machines[i].founder = false
	m.deposeIdle(w)
	return true
}

// deposeIdle is raft's CheckQuorum: while a destroyed machine starts over, a leader that reaches a quorum commits its first
// entry, and one that does not steps down.
func (m *Model) deposeIdle(w *world) {
	for i := range m.Machines {
		if me := &w.machines[i]; me.leads && !me.committedOwn() {
			me.stepDown()
		}
	}
}
