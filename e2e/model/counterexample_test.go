package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Each of these rules is wrong and loses the acknowledged write; the explorer finds out how. All machines are established
// when it is written, unless the rule does not wait for that.
func TestWrongRules(t *testing.T) {
	for name, c := range map[string]struct {
		model     Model
		beginning []action
	}{
		"silence is blank": {
			model: Model{
				Machines: 3, Expect: 3,
				Rule:   Rule{SilenceIsBlank: true},
				Budget: Budget{Wipes: 1, Terms: 2},
			},
			beginning: written(3),
		},
		"null is forming": {
			model: Model{
				Machines: 3, Expect: 3,
				Rule:   Rule{NullIsForming: true},
				Budget: Budget{Wipes: 2, Boots: 1, Terms: 2},
			},
			beginning: written(3),
		},
		"manifest starts new": {
			model: Model{
				Machines: 3, Expect: 3,
				Rule:   Rule{ManifestStartsNew: true},
				Budget: Budget{LostDisks: 1, Terms: 2},
			},
			beginning: written(3),
		},
		"a majority is enough": {
			model: Model{
				Machines: 3, Expect: 2,
				Budget: Budget{Wipes: 1, Terms: 2},
			},
			beginning: writtenByTwo(),
		},
		"writes at once": {model: Model{
			Machines: 3, Expect: 3,
			Rule:   Rule{WritesAtOnce: true},
			Budget: Budget{Wipes: 1, Terms: 3},
		}},
		"newcomers write at once, lost root disk": {model: Model{
			Machines: 3, Expect: 3,
			Rule:   Rule{NewcomersWriteAtOnce: true},
			Budget: Budget{Wipes: 1, LostRoots: 1, Terms: 3},
		}},
		"newcomers write at once, joiner": {
			model: Model{
				Machines: 5, Expect: 5,
				Rule:   Rule{NewcomersWriteAtOnce: true},
				Budget: Budget{Wipes: 3, Joins: 1, Terms: 3},
			},
			beginning: joined(),
		},
		// Three machines are too few to show this, and waiting for all is a second line of defence: see TestAnswersMayAddUp.
		"answers add up and writes at once": {
			model: Model{
				Machines: 5, Expect: 5,
				Rule:   Rule{AnswersAddUp: true, WritesAtOnce: true},
				Budget: Budget{Wipes: 3, Terms: 2},
			},
			beginning: writtenAtOnce(1),
		},
	} {
		t.Run(name, func(t *testing.T) {
			expectLoss(t, c.model, c.beginning)
		})
	}
}

// The true rule does not withstand this. If it ever does, doc.go may promise more.
func TestAppliesLate(t *testing.T) {
	expectLoss(t, Model{Machines: 3, Expect: 3, Budget: Budget{Wipes: 1, Terms: 3}, AppliesLate: true}, nil)
}

// What OneCluster does not rule out does happen, and the write survives it.
func TestClustersBeforeWrite(t *testing.T) {
	expectBroken(t, Model{Machines: 3, Expect: 3, Budget: Budget{Wipes: 1, Terms: 3}}, nil, func(m *Model, w *world, _ action) string {
		for i := range m.Machines {
			for j := range i {
				x, y := &w.machines[i], &w.machines[j]
				if n := min(x.commit, y.commit); !slices.Equal(x.log[:n], y.log[:n]) {
					return fmt.Sprintf("%s and %s have committed different entries", name(j), name(i))
				}
			}
		}
		return ""
	})
}

func expectLoss(t *testing.T, m Model, beginning []action) {
	t.Helper()
	expectBroken(t, m, beginning, KeepsWrite)
}

func expectBroken(t *testing.T, m Model, beginning []action, invariant Invariant) {
	t.Helper()
	result := explore(t, m, beginning, unbounded, invariant)
	if result.Violation == "" {
		t.Fatal("no counterexample")
	}
	var lines []string
	for _, a := range beginning {
		lines = append(lines, "(before) "+a.String())
	}
	t.Logf("%s:\n%s", result.Violation, strings.Join(append(lines, result.Trace...), "\n"))
}

// If every machine waits for all others, answers may add up. A machine that starts new after the write was destroyed after
// the write. Since then, every machine with the write could only answer that it is established.
func TestAnswersMayAddUp(t *testing.T) {
	expectNoLoss(t, Model{
		Machines: 3, Expect: 3,
		Rule:   Rule{AnswersAddUp: true},
		Budget: Budget{Wipes: 3, Boots: 1, Terms: 3},
	}, nil)
}

// In "answers add up and writes at once", it is the answers that lose the write, not that it is written at once.
func TestAnswersDoNotAddUp(t *testing.T) {
	expectNoLoss(t, Model{
		Machines: 5, Expect: 5,
		Rule:   Rule{WritesAtOnce: true},
		Budget: Budget{Wipes: 3, Terms: 2},
	}, writtenAtOnce(2))
}

func expectNoLoss(t *testing.T, m Model, beginning []action) {
	t.Helper()
	if result := explore(t, m, beginning, unbounded, KeepsWrite); result.Violation != "" || !result.Exhausted {
		t.Errorf("%s:\n%s", result.Violation, strings.Join(result.Trace, "\n"))
	}
}
