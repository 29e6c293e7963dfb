package model

import (
	"hash/maphash"
	"slices"
)

// A key stands for all worlds that differ only in the names of the machines. It is a hash, long enough that two worlds never
// share one by chance.
type key [2]uint64

var seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

func (m *Model) key(w *world) key {
	c := m.canonical(w)
	return key{maphash.Comparable(seeds[0], c), maphash.Comparable(seeds[1], c)}
}

// canonical renames the machines in sorted order: by how each looks on its own and in relation to the others. Machines that
// still look the same keep their order. The only cost is that some worlds are explored under two names.
func (m *Model) canonical(w *world) world {
	type look struct{ self, all uint64 }
	var looks [maxMachines]look
	for i := range m.Machines {
		looks[i].self = w.machines[i].look()
	}
	var order [maxMachines]int
	for i := range m.Machines {
		order[i] = i
		looks[i].all = looks[i].self
		for j := range m.Machines {
			to, from := &w.machines[i], &w.machines[j]
			looks[i].all += mix(looks[j].self ^ uint64(to.heard[j].look())<<8 ^ uint64(to.matched[j]))
			looks[i].all += mix(looks[j].self ^ uint64(from.heard[i].look())<<24 ^ uint64(from.matched[i])<<16 ^ from.concerns(i))
		}
	}
	slices.SortStableFunc(order[:m.Machines], func(a, b int) int {
		if looks[a].all < looks[b].all {
			return -1
		} else if looks[a].all > looks[b].all {
			return 1
		}
		return 0
	})
	return m.renamed(w, order)
}

// renamed makes machine order[i] machine i.
func (m *Model) renamed(w *world, order [maxMachines]int) world {
	c := *w
	var to [maxMachines]uint8
	for i, from := range order[:m.Machines] {
		to[from] = uint8(i)
	}
	for i, from := range order[:m.Machines] {
		c.machines[i] = w.machines[from]
		me := &c.machines[i]
		for j, other := range order[:m.Machines] {
			me.matched[j] = w.machines[from].matched[other]
			me.heard[j] = w.machines[from].heard[other]
		}
		for k := range me.log {
			if e := &me.log[k]; e.kind >= remove {
				e.machine = to[e.machine]
			}
		}
	}
	return c
}

// look hashes a machine without what refers to other machines.
func (m *machine) look() uint64 {
	h := uint64(m.phase) | uint64(m.id)<<3 | uint64(m.term)<<6 | uint64(m.commit)<<10
	for i, flag := range []bool{m.founder, m.leads, m.null, m.second, m.late} {
		if flag {
			h |= 1 << (14 + i)
		}
	}
	for _, e := range m.log {
		h = mix(h) + uint64(e.kind) | uint64(e.term)<<4
	}
	return mix(h)
}

func (h heard) look() uint8 {
	l := uint8(h.answer.State) | uint8(h.answer.Boot)<<3
	if h.counts {
		l |= 1 << 5
	}
	return l
}

// concerns returns a bit for each entry of the log that names machine i.
func (m *machine) concerns(i int) uint64 {
	h := uint64(0)
	for k, e := range m.log {
		if e.kind >= remove && int(e.machine) == i {
			h |= 1 << (40 + k)
		}
	}
	return h
}

func mix(h uint64) uint64 {
	h ^= h >> 31
	h *= 0x9e3779b97f4a7c15
	return h ^ h>>29
}
