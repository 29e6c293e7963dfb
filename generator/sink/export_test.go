package sink

import (
	"errors"
	"os"
	"testing"
)

// WithoutExchange makes the file system one that cannot exchange two directories. before, if any, is called where the
// exchange would be, with the parent of both.
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

// eachWay runs a test with the exchange of two directories and without.
func EachWay(t *testing.T, test func(t *testing.T)) {
	t.Run("exchange", test)
	t.Run("two renames", func(t *testing.T) {
		defer WithoutExchange(nil)()
		test(t)
	})
}
