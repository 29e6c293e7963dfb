package model

import "testing"

func TestNamesDoNotMatter(t *testing.T) {
	m := Model{Machines: 3, Expect: 3, Budget: Budget{Wipes: 1, Joins: 1, Terms: 1}}
	history := append(formed(3, 2),
		action{isElected, 0, 0b011},
		action{replicates, 0, 1},
		action{replicates, 0, 1},
		action{verb: isWiped, i: 2},
		action{asks, 2, 0},
		action{removes, 2, 0},
		action{replicates, 0, 1},
		action{adds, 2, 0},
		action{replicates, 0, 1},
		action{startsExisting, 2, 0},
	)
	next := [...]uint8{1, 2, 0}
	renamed := make([]action, len(history))
	for k, a := range history {
		a.i = next[a.i]
		switch verbs[a.verb].operands {
		case two:
			a.j = next[a.j]
		case set:
			a.j = a.j<<1&0b111 | a.j>>2
		}
		renamed[k] = a
	}
	for k := range history {
		x, err := m.run(history[:k+1], nil)
		if err != nil {
			t.Fatal(err)
		}
		y, err := m.run(renamed[:k+1], nil)
		if err != nil {
			t.Fatal(err)
		}
		// Machines that look the same keep their order, and in this history some do before the election.
		if k >= len(formed(3, 2)) && m.key(&x) != m.key(&y) {
			t.Errorf("after %s: the names matter", history[k])
		}
	}
}
