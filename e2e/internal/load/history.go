package load

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

// checkLimit is how long the check of one key may take. It usually takes milliseconds.
const checkLimit = 30 * time.Second

// A History is all that the clients of a load did.
type History struct {
	operations []operation
	lasted     time.Duration // until the load was stopped
	unread     []string      // keys that could not be read at the end
}

// Check returns an error if the history cannot come from a cluster that keeps what it acknowledges and reads what it keeps.
// The error names the keys that show it, with all operations on the first of them. Check also returns an error if it cannot
// decide, because a key could not be read at the end or because the check takes too long.
func (h *History) Check() error {
	var unread error
	if len(h.unread) > 0 {
		unread = fmt.Errorf("%d keys could not be read after the load: %s", len(h.unread), strings.Join(h.unread, " "))
	}
	return errors.Join(unread, h.linearizable())
}

func (h *History) linearizable() error {
	var verdicts, shown []string
	keys := h.keys()
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		result := porcupine.CheckOperationsTimeout(register, judged(keys[key]), checkLimit)
		if result == porcupine.Ok {
			continue
		}
		if verdicts == nil {
			for _, o := range keys[key] {
				shown = append(shown, o.String())
			}
		}
		verdicts = append(verdicts, fmt.Sprintf("%s: %s", key, result))
	}
	if verdicts == nil {
		return nil
	}
	return fmt.Errorf("not linearizable: a write was lost or a read was stale:\n%s\n"+
		"all operations on the first of these keys:\n%s", strings.Join(verdicts, "\n"), strings.Join(shown, "\n"))
}

// keys returns the operations on each key, in the order of their calls.
func (h *History) keys() map[string][]operation {
	byCall := func(a, b operation) int { return cmp.Compare(a.called, b.called) }
	keys := map[string][]operation{}
	for _, o := range slices.SortedFunc(slices.Values(h.operations), byCall) {
		keys[o.key] = append(keys[o.key], o)
	}
	return keys
}

// LongestGap returns the longest time without any acknowledged write, as a user feels it.
func (h *History) LongestGap() time.Duration {
	var acks []time.Duration
	for _, o := range h.operations {
		if o.kind != read && o.outcome == acknowledged && o.returned < h.lasted {
			acks = append(acks, o.returned)
		}
	}
	slices.Sort(acks)
	var longest, last time.Duration
	for _, ack := range append(acks, h.lasted) {
		longest = max(longest, ack-last)
		last = ack
	}
	return longest
}

// Summary returns a line for the log of a test.
func (h *History) Summary() string {
	writes := map[outcome]int{}
	reads, failedReads := 0, 0
	for _, o := range h.operations {
		switch {
		case o.kind != read:
			writes[o.outcome]++
		case o.outcome == failed:
			failedReads++
		default:
			reads++
		}
	}
	return fmt.Sprintf("%d operations on %d keys in %.1f s; writes: %d acknowledged, %d rejected, %d unknown, %d failed; "+
		"reads: %d answered, %d failed; longest gap without an acknowledged write: %.1f s",
		len(h.operations), len(h.keys()), h.lasted.Seconds(),
		writes[acknowledged], writes[rejected], writes[unknown], writes[failed],
		reads, failedReads, h.LongestGap().Seconds())
}
