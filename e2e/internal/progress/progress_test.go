package progress

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestWait(t *testing.T) {
	never := func() (string, bool) { return "not yet", false }
	for name, test := range map[string]struct {
		ask    func() (string, bool)
		source func(began time.Time) string
		after  time.Duration
		ends   bool // by itself, since nothing moves
	}{
		"yes at once":         {func() (string, bool) { return "", true }, nothing, 0, false},
		"nothing moves":       {never, nothing, Patience, true},
		"the same line again": {never, repeats, Patience, true},
		"other times and ports": {never, func(began time.Time) string {
			return fmt.Sprintf("kindling cp0 %s etcd: waiting\nread 10.0.0.7:%d: timeout\n", time.Now().Format(time.TimeOnly), 30000+time.Since(began)/time.Second)
		}, Patience, true},
		"the same line with another address in memory": {never, func(began time.Time) string {
			return fmt.Sprintf("target: 0xc000%x", time.Since(began))
		}, Patience, true},
		"a new line each minute, for an hour": {never, func(began time.Time) string {
			return strings.Repeat("x", int(min(time.Since(began), time.Hour)/time.Minute))
		}, time.Hour + Patience, true},
		"a new answer each minute until yes": {answersFor(time.Hour), nothing, time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ask := test.ask
				err := Wait(time.Second, ask, func() string { return test.source(began) })
				if took := time.Since(began).Truncate(time.Minute); took != test.after || (err != nil) != test.ends {
					t.Errorf("%v after %s", err, took)
				}
			})
		})
	}
}

func nothing(time.Time) string { return "" }

func repeats(began time.Time) string {
	return strings.Repeat("waiting\n", 1+int(time.Since(began)/time.Minute))
}

// answersFor says yes after a while, and something new each minute until then.
func answersFor(while time.Duration) func() (string, bool) {
	var began time.Time
	return func() (string, bool) {
		if began.IsZero() {
			began = time.Now()
		}
		passed := time.Since(began)
		return fmt.Sprint(int(passed / time.Minute)), passed >= while
	}
}
