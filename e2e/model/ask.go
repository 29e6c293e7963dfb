package model

// How a machine without data asks. Being asked changes nothing, so a round with an answer that does not help might as well
// not have happened. The model has only answers that help, from as many machines as are needed. A silent machine is one that
// was not asked.

func (m *Model) answer(w *world, j int) Answer[boot] {
	switch peer := &w.machines[j]; {
	case peer.phase == blank:
		return Answer[boot]{Blank, thisBoot}
	case peer.phase == starting:
		return Answer[boot]{Starting, thisBoot}
	case peer.established() && !peer.null:
		return Answer[boot]{Established, noBoot}
	case peer.phase == running && peer.null:
		return Answer[boot]{Forming, noBoot} // only under a wrong rule
	case peer.phase == running && peer.id == 0:
		return Answer[boot]{Forming, noBoot}
	default:
		return Answer[boot]{}
	}
}

func (m *Model) ask(w *world, i, j int) bool {
	return m.hear(w, i, j, m.answer(w, j))
}

func (m *Model) misreadSilence(w *world, i, j int) bool {
	return m.Rule.SilenceIsBlank && m.hear(w, i, j, Answer[boot]{Blank, noBoot})
}

func (m *Model) hear(w *world, i, j int, now Answer[boot]) bool {
	me := &w.machines[i]
	if i == j || me.phase == fenced {
		return false // there is nothing more to learn
	}
	if now.State == Established {
		me.phase = fenced
		me.forget()
		return true
	}
	if me.phase == starting || now.State == None {
		return false
	}
	was := &me.heard[j]
	switch {
	case was.counts:
		return false
	case m.Rule.AnswersAddUp:
		*was = heard{counts: true}
	case me.second:
		if !Counts(was.answer, now) {
			return false
		}
		*was = heard{counts: true}
	case was.answer.State != None:
		return false
	default:
		was.answer = now
		me.second = Enough(me.count(func(h heard) bool { return h.answer.State != None }), m.Expect)
	}
	return true
}

func (m *machine) count(good func(heard) bool) int {
	n := 0
	for _, h := range m.heard {
		if good(h) {
			n++
		}
	}
	return n
}

// decide is the end of the second round.
func (m *Model) decide(w *world, i, _ int) bool {
	me := &w.machines[i]
	if !Enough(me.count(func(h heard) bool { return h.counts }), m.Expect) {
		return false
	}
	me.phase = starting
	me.forget()
	return true
}

func (m *Model) startNew(w *world, i, _ int) bool {
	w.machines[i] = machine{phase: running, founder: true}
	return true
}

// kill ends the step's process. The next attempt starts like the first one.
func (m *Model) kill(w *world, i, _ int) bool {
	if w.spent.Kills == m.Budget.Kills {
		return false
	}
	w.spent.Kills++
	w.machines[i].phase = blank
	return true
}

func (m *machine) forget() {
	m.second = false
	m.heard = [maxMachines]heard{}
}

// see is how an established machine learns that another one is established too. It does so before it lets clients write,
// unless its etcd already holds a write. While it is established itself, no machine that it has seen can start over; so it
// keeps what it has seen, even over boots. The model decides in advance which machine will be the first to have seen all.
// What the others see until then does not matter, and neither does a fence that they would have.
func (m *Model) see(w *world, i, j int) bool {
	me, peer := &w.machines[i], &w.machines[j]
	if m.Rule.WritesAtOnce || w.written || i == j || m.Rule.NewcomersWriteAtOnce && !me.founder ||
		!me.established() || !peer.established() || me.heard[j].counts {
		return false
	}
	for k := range m.Machines {
		other := &w.machines[k]
		if k != i && other.phase == running && other.count(func(h heard) bool { return h.counts }) > 0 {
			return false
		}
	}
	me.heard[j].counts = true
	return true
}

// settled reports whether clients may write through a machine: it has an API server.
func (m *Model) settled(w *world, i int) bool {
	me := &w.machines[i]
	switch {
	case !me.established():
		return false
	case m.seats(me)[i] != seat{me.id, voter}:
		return false
	case m.Rule.NewcomersWriteAtOnce && !me.founder:
		return true
	default:
		return m.Rule.WritesAtOnce || Enough(me.count(func(h heard) bool { return h.counts }), m.Expect)
	}
}

func (m *Model) anySettled(w *world) bool {
	for i := range m.Machines {
		if m.settled(w, i) {
			return true
		}
	}
	return false
}
