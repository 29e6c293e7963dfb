package model

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A round is what a machine heard from others, by name.
type round map[string]Answer[string]

// evidence is a machine's reason to start new. Its rounds name every peer in the document.
type evidence struct {
	first, second round
	expect        int
}

func parseEvidence(fields map[string]string) (evidence, error) {
	var (
		e   evidence
		err error
	)
	if e.expect, err = strconv.Atoi(fields["expect"]); err != nil || e.expect < 1 {
		return e, fmt.Errorf("invalid expect %q", fields["expect"])
	}
	if e.first, err = parseRound(fields["first"]); err != nil {
		return e, err
	}
	e.second, err = parseRound(fields["second"])
	return e, err
}

// words are the answers that can be evidence. All others count as none.
var words = map[string]State{Blank.String(): Blank, Starting.String(): Starting, Forming.String(): Forming}

// parseRound reads NAME:ANSWER:DETAIL,… The detail is a boot only if the machine's etcd does not run.
func parseRound(text string) (round, error) {
	r := round{}
	if text == "" {
		return r, nil // there are no peers
	}
	for answer := range strings.SplitSeq(text, ",") {
		name, rest, ok := strings.Cut(answer, ":")
		word, detail, _ := strings.Cut(rest, ":")
		a := Answer[string]{State: words[word]}
		if a.State == Blank || a.State == Starting {
			a.Boot = detail
			ok = ok && boot8.MatchString(detail)
		}
		if !ok || name == "" || word == "" {
			return nil, fmt.Errorf("invalid answer %q", answer)
		}
		if _, twice := r[name]; twice {
			return nil, fmt.Errorf("two answers from %s", name)
		}
		r[name] = a
	}
	return r, nil
}

// counted returns the peers that count under the rule.
func (e evidence) counted() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(e.second)) {
		if Counts(e.first[name], e.second[name]) {
			names = append(names, name)
		}
	}
	return names
}
