package machines

import (
	"testing"
	"time"
)

// eventually asks again and again until the answer is yes.
func eventually(t *testing.T, limit time.Duration, what string, ask func() (answer string, yes bool)) {
	t.Helper()
	began := time.Now()
	for {
		answer, yes := ask()
		if yes {
			t.Logf("%s after %.1f s", what, time.Since(began).Seconds())
			return
		}
		if time.Since(began) > limit {
			t.Fatalf("not within %s: %s; last answer: %s", limit, what, answer)
		}
		time.Sleep(200 * time.Millisecond)
	}
}
