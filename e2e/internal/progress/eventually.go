package progress

import (
	"testing"
	"time"
)

// Eventually waits in a test, as [Wait] does. It fails the test when the wait gives up.
func Eventually(t testing.TB, what string, pause time.Duration, ask func() (answer string, yes bool), sources ...func() string) {
	t.Helper()
	began := time.Now()
	if err := Wait(pause, ask, sources...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	t.Logf("%s after %.1f s", what, time.Since(began).Seconds())
}
