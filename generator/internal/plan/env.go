package plan

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"kindling/pki"

	"mvdan.cc/sh/v3/syntax"
)

// env is /etc/kindling/node.env: the values that the scripts read, sorted, quoted for bash and sourced by nothing else.
type env map[string]string

func (e env) add(more env) {
	maps.Copy(e, more)
}

// addWindow says when all of the document's certificates are valid.
func (e env) addWindow(w pki.Window) {
	e["NOT_BEFORE"], e["NOT_AFTER"] = strconv.FormatInt(w.NotBefore.Unix(), 10), strconv.FormatInt(w.NotAfter.Unix(), 10)
}

func (e env) bytes() ([]byte, error) {
	var out bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(e)) {
		value, err := syntax.Quote(e[name], syntax.LangBash)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err) // a NUL byte, which no shell variable can hold
		}
		fmt.Fprintf(&out, "%s=%s\n", name, value)
	}
	return out.Bytes(), nil
}
