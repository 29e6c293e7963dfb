package read

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// Env are the values of a node.env.
func Env(text []byte) (map[string]string, error) {
	damaged := errors.New("is not a list of NAME=VALUE")
	file, err := syntax.NewParser().Parse(strings.NewReader(string(text)), "")
	if err != nil {
		return nil, damaged
	}
	values := map[string]string{}
	for _, s := range file.Stmts {
		call, ok := s.Cmd.(*syntax.CallExpr)
		if !ok || len(call.Args) > 0 {
			return nil, damaged
		}
		for _, a := range call.Assigns {
			if a.Value == nil {
				values[a.Name.Value] = ""
			} else if values[a.Name.Value], err = expand.Literal(nil, a.Value); err != nil {
				return nil, damaged
			}
		}
	}
	return values, nil
}
