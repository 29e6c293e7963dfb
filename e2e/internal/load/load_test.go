package load

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"
)

// quick does in half a second what ordinarily takes half a minute. Its limits allow for a busy machine.
var quick = pace{pause: 2 * time.Millisecond, rotation: 100 * time.Millisecond, limit: 3 * time.Second, readBack: 10 * time.Second}

const moment = 500 * time.Millisecond

func startQuick(t *testing.T, f *fake) *Load {
	t.Helper()
	l, err := start(f.Client(), f.URL, "default", quick)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// sometimes returns one of the faults at random, but never for the first request.
func sometimes(probability float64, faults ...fault) func(method string, request int) fault {
	return func(_ string, request int) fault {
		if request > 1 && rand.Float64() < probability {
			return faults[rand.IntN(len(faults))]
		}
		return none
	}
}

// counts returns how many writes of a history had each outcome.
func counts(h *History) map[outcome]int {
	counts := map[outcome]int{}
	for _, o := range h.operations {
		if o.kind != read {
			counts[o.outcome]++
		}
	}
	return counts
}

func TestLegalHistories(t *testing.T) {
	for name, test := range map[string]struct {
		fault func(method string, request int) fault
		of    outcome // that some writes must have
	}{
		"healthy":                  {func(string, int) fault { return none }, acknowledged},
		"answers are lost":         {sometimes(0.3, cutAfter), unknown},
		"requests are lost":        {sometimes(0.3, cutBefore), unknown},
		"most connections are cut": {sometimes(0.9, cutBefore, cutAfter), unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, test.fault)
			l := startQuick(t, f)
			time.Sleep(moment)
			h := l.Stop()
			t.Log(h.Summary())
			if err := h.Check(); err != nil {
				t.Error(err)
			}
			if counts(h)[test.of] == 0 {
				t.Errorf("no write is %s", test.of)
			}
			if len(h.keys()) < 3 {
				t.Errorf("only %d keys", len(h.keys()))
			}
			once(t, f)
		})
	}
}

// once checks that no write was done twice.
func once(t *testing.T, f *fake) {
	t.Helper()
	seen := map[string]bool{}
	for key, values := range f.values {
		for _, value := range values {
			if seen[value] {
				t.Errorf("%s was written twice, the second time to %s", value, key)
			}
			seen[value] = true
		}
	}
}

func TestIllegalHistories(t *testing.T) {
	for name, fault := range map[string]func(method string, request int) fault{
		"loses a write": func(method string, request int) fault {
			if method == http.MethodPut && request > 20 {
				return lose
			}
			return none
		},
		"reads a stale value": func(_ string, request int) fault {
			if request > 20 {
				return stale
			}
			return none
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startQuick(t, newFake(t, fault))
			time.Sleep(moment)
			wantIllegal(t, l.Stop(), l.prefix+"-0000")
		})
	}
}

func TestLostLongAfter(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(string, int) fault { return none })
	l := startQuick(t, f)
	first := l.key()
	time.Sleep(moment)
	f.forget(first)
	h := l.Stop()
	wantIllegal(t, h, first+": Illegal\nall operations on")
	if text := h.Check().Error(); strings.Count(text, "Illegal") != 1 || strings.Count(text, "\n") < len(h.keys()[first]) {
		t.Errorf("not about one key with all its operations:\n%s", text)
	}
}

func wantIllegal(t *testing.T, h *History, text string) {
	t.Helper()
	t.Log(h.Summary())
	err := h.Check()
	if err == nil || !strings.Contains(err.Error(), "Illegal") || !strings.Contains(err.Error(), text) {
		t.Errorf("want an error with %q, got %v", text, err)
	}
}
