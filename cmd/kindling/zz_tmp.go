package main

import (
	"fmt"
	"io"

	"kindling/generator/spec"
)

func draw(w io.Writer, file string, source []byte, ps spec.Problems) {
	if len(ps) > 0 {
		fmt.Fprintln(w, ps.Error())
	}
}
