package load

import (
	"math"
	"time"

	"github.com/anishathalye/porcupine"
)

// register is a single key as it should behave. Its state is the key's value.
var register = porcupine.Model{
	Init: func() any { return absent },
	Step: func(state, input, _ any) (bool, any) {
		o := input.(operation)
		if o.kind == read {
			return o.value == state, state
		}
		possible := (o.kind == create) == (state == absent)
		switch {
		case o.outcome == rejected:
			return !possible, state
		case possible:
			return true, o.value
		}
		return o.outcome == unknown, state
	},
}

// never is the end of an operation whose outcome is not known.
const never = time.Duration(math.MaxInt64)

// judged returns the operations on a key that can make a difference, in the order of their calls.
//
// Failed ones make none. Each unknown one would double the time of the check, and there are many when connections are cut.
// But no value is written twice, so each unknown one is one of these:
//   - Its value was read: then it was done before that read returned.
//   - It is an update whose value nobody read: then it cannot be told apart from one that was never done.
//   - It is a create whose value nobody read. At most one of them was done, and if any, it might as well be the first.
func judged(operations []operation) []porcupine.Operation {
	firstRead := map[string]time.Duration{}
	for _, o := range operations {
		if o.kind != read || o.outcome != acknowledged {
			continue
		}
		if before, ok := firstRead[o.value]; !ok || o.returned < before {
			firstRead[o.value] = o.returned
		}
	}
	var judged []porcupine.Operation
	created := false
	for _, o := range operations {
		if o.outcome == failed {
			continue
		}
		if o.outcome == unknown {
			returned, wasRead := firstRead[o.value]
			switch {
			case wasRead:
				o.returned = max(returned, o.called) // the checker finds a value that was read before it was written
			case o.kind == create && !created:
				created = true
				o.returned = never
			default:
				continue
			}
		}
		judged = append(judged, porcupine.Operation{ClientId: o.client, Input: o, Call: int64(o.called), Return: int64(o.returned)})
	}
	return judged
}
