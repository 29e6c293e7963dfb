package model

// How a fenced machine becomes a member of the cluster that has formed. A leader accepts a change when no other is under
// way.

func (m *Model) ready(me *machine) bool {
	return me.leads && me.committedOwn() && me.commit == me.length()
}

// remove has machine i ask leader j to remove i's own lost member.
func (m *Model) remove(w *world, i, j int) bool {
	me, leader := &w.machines[i], &w.machines[j]
	seat := m.seats(leader)[i]
	if me.id != 0 || !m.ready(leader) || seat.role == nobody {
		return false
	}
	return leader.append(entry{kind: remove, machine: uint8(i), id: seat.id})
}

// add has machine i ask leader j for a member with an unused ID.
func (m *Model) add(w *world, i, j int) bool {
	me, leader := &w.machines[i], &w.machines[j]
	if me.id != 0 || !m.ready(leader) || w.spent.Joins == m.Budget.Joins {
		return false
	}
	for k, seat := range m.seats(leader) {
		if seat.role == learner || k == i && seat.role != nobody {
			return false
		}
	}
	w.spent.Joins++
	me.id = w.spent.Joins
	return leader.append(entry{kind: add, machine: uint8(i), id: me.id})
}

// startExisting has machine i start etcd once leader j reports that i has been added.
func (m *Model) startExisting(w *world, i, j int) bool {
	me, leader := &w.machines[i], &w.machines[j]
	if me.id == 0 || !leader.leads || m.seats(leader)[i] != (seat{me.id, learner}) {
		return false
	}
	*me = machine{phase: running, id: me.id}
	return true
}

// promote has machine i ask leader j for promotion once i has everything that the leader has.
func (m *Model) promote(w *world, i, j int) bool {
	me, leader := &w.machines[i], &w.machines[j]
	if me.id == 0 || !m.ready(leader) || m.seats(leader)[i] != (seat{me.id, learner}) ||
		leader.matched[i] != leader.length() {
		return false
	}
	return leader.append(entry{kind: promote, machine: uint8(i), id: me.id})
}
