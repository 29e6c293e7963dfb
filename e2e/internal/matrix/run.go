package matrix

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"kindling/e2e/internal/document"
)

// An event is one of `go test -json`: see `go doc test2json`.
type event struct {
	Action, Test, Output, Key, Value string
}

// Run runs the case's test in the directory of the module e2e, with its output as a log. It fails if the machines have run
// scripts other than those of the case's specs.
func (c Case) Run(ctx context.Context, module string, log io.Writer) (Row, error) {
	scripts, err := c.Scripts()
	if err != nil {
		return Row{}, err
	}
	parallel := fmt.Sprintf("-parallel=%d", 2*runtime.GOMAXPROCS(0)) // as in the Makefile
	cmd := exec.CommandContext(ctx, "go", "test", "-json", "-count=1", "-timeout=3h", parallel, "-run", "^"+c.Test+"$", c.Package)
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
	if err := errors.Join(cmd.Wait(), readErr); err != nil {
		return row, err
	}
	if row.Scripts != scripts.Key() {
		return row, fmt.Errorf("%s has run scripts %s, but those of its specs (%s) are %s: name the specs that it boots in e2e/cmd/e2e-matrix/cases.go",
			c.Test, row.Scripts, strings.Join(c.Specs, ", "), scripts.Key())
	}
	return row, nil
}

// read makes a row from the events of a test. The test may report how often it ran, and its outcome, in the attributes
// "runs" and "outcome". It reports what its machines have run in "scripts".
func read(test string, events io.Reader, log io.Writer) (Row, error) {
	passed, attributes, scripts := map[string]bool{}, map[string]string{}, document.Scripts{}
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
			if e.Key == document.ScriptsAttribute {
				scripts.Parse(e.Value)
			}
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
	return Row{
		Runs:    cmp.Or(attributes["runs"], strconv.Itoa(runs)),
		Outcome: cmp.Or(attributes["outcome"], "passed"),
		Date:    time.Now().UTC().Format(time.DateOnly),
		Scripts: scripts.Key(),
	}, nil
}

func isParent(name string, tests map[string]bool) bool {
	for other := range tests {
		if strings.HasPrefix(other, name+"/") {
			return true
		}
	}
	return false
}
