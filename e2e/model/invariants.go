package model

import "fmt"

// An Invariant returns how a world violates it after an action, or nothing.
type Invariant func(*Model, *world, action) string

// KeepsWrite is the promise of the rule: while any disk holds the acknowledged write, every leader in that term or a later
// one holds it.
func KeepsWrite(m *Model, w *world, _ action) string {
	if w.acknowledged == 0 {
		return ""
	}
	for i := range m.Machines {
		leader := &w.machines[i]
		if !leader.leads || leader.term < w.acknowledged || leader.holdsWrite() {
			continue
		}
		for j := range m.Machines {
			if w.machines[j].holdsWrite() {
				return fmt.Sprintf("%s leads without the acknowledged write, which %s holds", name(i), name(j))
			}
		}
	}
	return ""
}

// OneCluster is that from the write on, no two machines have committed different entries. Before the write they may: what a
// leader committed with a machine that had voted and was then destroyed can be overwritten. That is only the entry that says
// that it leads. The leader's machine holds no client's data, but its etcd cannot follow another leader, and has to be
// wiped: see TestClustersBeforeWrite.
func OneCluster(m *Model, w *world, _ action) string {
	for i := range m.Machines {
		for j := range i {
			x, y := &w.machines[i], &w.machines[j]
			written := false
			for k := range min(x.commit, y.commit) {
				written = written || x.log[k].kind == write || y.log[k].kind == write
				if written && x.log[k] != y.log[k] {
					return fmt.Sprintf("%s and %s have committed different entries", name(j), name(i))
				}
			}
		}
	}
	return ""
}

func broken(m *Model, w *world, a action, invariants []Invariant) string {
	for _, invariant := range invariants {
		if how := invariant(m, w, a); how != "" {
			return how
		}
	}
	return ""
}
