package matrix

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// An event is one of `go test -json`: see `go doc test2json`.
type event struct {
	Action, Test, Output, Key, Value string
}

// Run runs the case's test in the directory of the module e2e, with its output as a log.
func (c Case) Run(ctx context.Context, module string, log io.Writer) (Row, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-json", "-count=1", "-timeout=90m", "-parallel=6", "-run", "^"+c.Test+"$", c.Package)
	cmd.Dir = module
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return Row{}, err
	}
	if err := cmd.Start(); err != nil {
		return Row{}, err
	}
	row, readErr := read(c.Test, out, log)
	return row, errors.Join(cmd.Wait(), readErr)
}

// read makes a row of what a test tells: by itself, or with the attributes "runs" and "outcome".
func read(test string, events io.Reader, log io.Writer) (Row, error) {
	passed, attributes := map[string]bool{}, map[string]string{}
	for decoder := json.NewDecoder(events); ; {
		var e event
		if err := decoder.Decode(&e); err == io.EOF {
			break
		} else if err != nil {
			return Row{}, err
		}
		io.WriteString(log, e.Output)
		switch e.Action {
		case "pass":
			passed[e.Test] = true
		case "attr":
			attributes[e.Key] = e.Value
		}
	}
	if !passed[test] {
		return Row{}, fmt.Errorf("%s did not pass", test)
	}
	runs := 0
	for name := range passed {
		if name != "" && !isParent(name, passed) {
			runs++
		}
	}
	return Row{Runs: cmp.Or(attributes["runs"], strconv.Itoa(runs)), Outcome: cmp.Or(attributes["outcome"], "as it must"), Date: time.Now().UTC().Format(time.DateOnly)}, nil
}

func isParent(name string, tests map[string]bool) bool {
	for other := range tests {
		if strings.HasPrefix(other, name+"/") {
			return true
		}
	}
	return false
}
