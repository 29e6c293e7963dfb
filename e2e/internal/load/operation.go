package load

import (
	"fmt"
	"time"
)

// An operation is one request of a client.
type operation struct {
	client  int
	kind    kind
	key     string
	value   string // written or read; none was read where the key does not exist
	outcome outcome
	answer  string // what came back, for people

	// called and returned are times since the load began, by the monotonic clock.
	called, returned time.Duration
}

type kind string

const (
	create kind = "create"
	update kind = "update"
	read   kind = "read"
)

// An outcome is what a client knows about its operation. The package comment says what leads to each.
type outcome string

const (
	acknowledged outcome = "acknowledged"
	rejected     outcome = "rejected"
	failed       outcome = "failed"
	unknown      outcome = "unknown"
)

// absent is what a key that does not exist reads as. No client writes it.
const absent = ""

func (o operation) String() string {
	value := o.value
	if value == absent {
		value = "-"
	}
	return fmt.Sprintf("%9.3f to %9.3f s  client %-3d %-6s %-8s %s: %s",
		o.called.Seconds(), o.returned.Seconds(), o.client, o.kind, value, o.outcome, o.answer)
}
