package model

import (
	"strings"
	"testing"
	"time"
)

// unbounded is a depth that no history within the budgets of these tests reaches.
const unbounded = 100

func explore(t *testing.T, m Model, beginning []action, depth int, invariants ...Invariant) Result {
	t.Helper()
	start := time.Now()
	result, err := m.explore(beginning, depth, invariants...)
	if err != nil {
		t.Fatal(err)
	}
	how := "bounded"
	if result.Exhausted {
		how = "exhausted"
	} else if result.Violation != "" {
		how = "counterexample"
	}
	t.Logf("%d machines, expect %d, %+v: %d states, depth %d after a beginning of %d, %s, %.1f s", m.Machines, m.Expect, m.Budget,
		result.States, result.Depth, len(beginning), how, time.Since(start).Seconds())
	return result
}

func TestTrueRule(t *testing.T) {
	for name, c := range map[string]struct {
		machines  int
		budget    Budget
		beginning []action
		depth     int
	}{
		"three, wipes":         {3, Budget{Wipes: 3, Terms: 4}, nil, unbounded},
		"three, power":         {3, Budget{Wipes: 2, LostDisks: 1, Boots: 1, Kills: 1, Terms: 3}, nil, unbounded},
		"three, replacement":   {3, Budget{Wipes: 2, LostDisks: 1, Joins: 2, Terms: 3}, nil, unbounded},
		"five, from the first": {5, Budget{Wipes: 1, Terms: 1}, nil, 13},
		"five, formed":         {5, Budget{Wipes: 3, Boots: 1, Terms: 2}, formed(5, 2), 10},
		"five, underway":       {5, Budget{Wipes: 3, Terms: 3}, underway(), 11},
		"five, written":        {5, Budget{Wipes: 3, Terms: 2}, written(5), unbounded},
		"five, written, power": {5, Budget{Wipes: 3, LostDisks: 1, Boots: 1, Terms: 3}, written(5), 7},
		"five, replacement":    {5, Budget{Wipes: 3, Joins: 1, Terms: 2}, written(5), 14},
		"three, root disk":     {3, Budget{Wipes: 2, LostRoots: 1, Terms: 3}, nil, unbounded},
		"five, joiner":         {5, Budget{Wipes: 3, Joins: 1, Terms: 3}, joined(), unbounded},
		"five, joiner, write":  {5, Budget{Wipes: 6, Joins: 1, Terms: 3}, joinedWritten(), unbounded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := Model{Machines: c.machines, Expect: c.machines, Budget: c.budget}
			if result := explore(t, m, c.beginning, c.depth, KeepsWrite, OneCluster); result.Violation != "" {
				t.Errorf("%s:\n%s", result.Violation, strings.Join(result.Trace, "\n"))
			}
		})
	}
}
