package plan

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"

	"mvdan.cc/sh/v3/syntax"
)

// env is /etc/kindling/node.env: the values that the scripts read, sorted, quoted for bash and sourced by nothing else.
type env map[string]string

// file is node.env itself.
func (e env) file() (node.File, error) {
	content, err := e.bytes()
	return node.Public(part.Etc+"/node.env", content), err
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
