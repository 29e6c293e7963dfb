package load

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// TestJudged checks that what [judged] leaves out or shortens changes no verdict.
func TestJudged(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	verdicts := map[porcupine.CheckResult]int{}
	for range 5_000 {
		operations := randomHistory(random)
		var all []porcupine.Operation
		for _, o := range operations {
			if o.outcome == failed {
				continue
			}
			if o.outcome == unknown {
				o.returned = never
			}
			all = append(all, porcupine.Operation{Input: o, Call: int64(o.called), Return: int64(o.returned)})
		}
		want := porcupine.CheckOperationsTimeout(register, all, checkLimit)
		got := porcupine.CheckOperationsTimeout(register, judged(operations), checkLimit)
		if got != want {
			t.Fatalf("got %s, want %s: %v", got, want, operations)
		}
		verdicts[want]++
	}
	t.Log(verdicts)
	if verdicts[porcupine.Ok] < 500 || verdicts[porcupine.Illegal] < 500 {
		t.Errorf("too few verdicts of one kind: %v", verdicts)
	}
}

// randomHistory returns the history of a register that sometimes loses a write or reads any value. Unknown operations may be
// done or not.
func randomHistory(random *rand.Rand) []operation {
	type happening struct {
		operation
		at time.Duration
	}
	happenings := make([]happening, 9)
	for i := range happenings {
		h := &happenings[i]
		h.called = time.Duration(random.IntN(60))
		h.at = h.called + time.Duration(random.IntN(20))
		h.returned = h.at + time.Duration(random.IntN(20))
		h.kind = []kind{create, update, update, read, read}[random.IntN(5)]
		if h.kind != read {
			h.value = strconv.Itoa(i + 1)
			h.outcome = []outcome{acknowledged, unknown, unknown, failed}[random.IntN(4)]
			if h.outcome == unknown { // it may be done long after it was given up
				h.at = h.called + time.Duration(random.IntN(60))
			}
		} else {
			h.outcome = acknowledged
		}
	}
	slices.SortFunc(happenings, func(a, b happening) int { return cmp.Compare(a.at, b.at) })
	state := absent
	var operations []operation
	for _, h := range happenings {
		possible := (h.kind == create) == (state == absent)
		switch {
		case h.kind == read && random.IntN(6) == 0:
			h.value = strconv.Itoa(random.IntN(len(happenings)) + 1)
		case h.kind == read:
			h.value = state
		case h.outcome == acknowledged && !possible:
			h.outcome = rejected
		case h.outcome != failed && possible && random.IntN(8) > 0:
			state = h.value
		}
		operations = append(operations, h.operation)
	}
	slices.SortFunc(operations, func(a, b operation) int { return cmp.Compare(a.called, b.called) })
	return operations
}
