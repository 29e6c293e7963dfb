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

// evidence is what a machine starts new upon. Its rounds name every peer of the document.
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
		return e, fmt.Errorf("expect %q", fields["expect"])
	}
	if e.first, err = parseRound(fields["first"]); err != nil {
		return e, err
	}
	e.second, err = parseRound(fields["second"])
	return e, err
}

// words are the answers that may be evidence. All others are none.
var words = map[string]State{Blank.String(): Blank, Starting.String(): Starting, Forming.String(): Forming}

// parseRound reads NAME:ANSWER:DETAIL,… of which the detail is a boot only for a machine whose etcd does not run.
func parseRound(text string) (round, error) {
	r := round{}
	if text == "" {
		return r, nil // there is nobody else
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
			return nil, fmt.Errorf("answer %q", answer)
		}
		if _, twice := r[name]; twice {
			return nil, fmt.Errorf("two answers of %s", name)
		}
		r[name] = a
	}
	return r, nil
}

// counted are those that count, by the rule.
func (e evidence) counted() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(e.second)) {
		if Counts(e.first[name], e.second[name]) {
			names = append(names, name)
		}
	}
	return names
}
