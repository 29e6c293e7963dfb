package main

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestProgress(t *testing.T) {
	full := errors.New("disk full")
	for name, test := range map[string]struct {
		began time.Time
		want  string
	}{
		"long run":  {time.Unix(0, 0), "\rmade 2 of 5 files\rmade 3 of 5 files\r\033[K"},
		"short run": {time.Now().Add(time.Hour), ""},
	} {
		var terminal bytes.Buffer
		bar := &progress{terminal: &terminal, began: test.began, total: 5}
		for _, batch := range []struct {
			files map[string][]byte
			err   error
		}{
			{map[string][]byte{"a": nil, "b": nil}, nil}, {map[string][]byte{"c": nil}, nil}, {map[string][]byte{"d": nil, "e": nil}, full},
		} {
			write := bar.counting(func(map[string][]byte) error { return batch.err })
			if err := write(batch.files); err != batch.err {
				t.Errorf("%s: %v", name, err)
			}
		}
		bar.end()
		if diff := cmp.Diff(test.want, terminal.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if bar.done != 3 {
			t.Errorf("%s: %d files counted", name, bar.done)
		}
	}
}
