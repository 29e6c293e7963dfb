package load

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// TestGap has a server refuse writes for a while: by an answer, and by not being there.
func TestGap(t *testing.T) {
	for _, name := range []string{"answers that it is overloaded", "can't be connected to"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var away, gone atomic.Bool
			f := newFake(t, func(string, int) fault {
				if away.Load() {
					return refuse
				}
				return none
			})
			transport := f.Client().Transport.(*http.Transport)
			transport.DisableKeepAlives = true
			transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				if gone.Load() {
					return nil, errors.New("no route to host")
				}
				return new(net.Dialer).DialContext(ctx, network, address)
			}
			l := startQuick(t, f)
			refusing := &away
			if name == "can't be connected to" {
				refusing = &gone
			}
			time.Sleep(moment / 3)
			refusing.Store(true)
			time.Sleep(moment)
			refusing.Store(false)
			time.Sleep(moment / 3)
			h := l.Stop()
			t.Log(h.Summary())
			if err := h.Check(); err != nil {
				t.Error(err)
			}
			if gap := h.LongestGap(); gap < moment*9/10 {
				t.Errorf("the longest gap is %s", gap)
			}
			if n := counts(h); n[failed] == 0 || n[unknown] > 0 {
				t.Errorf("%d writes failed, %d are unknown", n[failed], n[unknown])
			}
		})
	}
}

func TestLongestGap(t *testing.T) {
	ack := func(returned time.Duration) operation {
		return operation{kind: update, outcome: acknowledged, returned: returned}
	}
	other := operation{kind: read, outcome: acknowledged, returned: 5}
	for want, operations := range map[time.Duration][]operation{
		10: nil,
		6:  {ack(9), ack(3), other}, // in no order
		7:  {ack(1), ack(3)},        // until the end
		8:  {ack(8), ack(12)},       // from the beginning; one was answered after the end
	} {
		if got := (&History{operations: operations, lasted: 10}).LongestGap(); got != want {
			t.Errorf("%v: got %d, want %d", operations, got, want)
		}
	}
}
