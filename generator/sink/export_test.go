package sink

import (
	"errors"
	"os"
	"testing"
)

// WithoutExchange simulates a file system that cannot exchange two directories. before, if not nil, is called instead of the
// exchange, with the parent of both.
func WithoutExchange(before func(parent *os.Root)) (undo func()) {
	old := exchange
	exchange = func(parent *os.Root, _, _ string) error {
		if before != nil {
			before(parent)
		}
		return errors.ErrUnsupported
	}
	return func() { exchange = old }
}

// EachWay runs a test with and without the exchange of two directories.
func EachWay(t *testing.T, test func(t *testing.T)) {
	t.Run("exchange", test)
	t.Run("two renames", func(t *testing.T) {
		defer WithoutExchange(nil)()
		test(t)
	})
}
