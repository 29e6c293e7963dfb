package model

import (
	"fmt"
	"math/bits"
	"strings"
)

// An action is one step of a history: a verb, the machine that acts, and what it acts on.
type action struct {
	verb verb
	i, j uint8 // j is a set of machines for elect
}

type verb uint8

const (
	boots verb = iota
	isWiped
	losesDisk
	losesRoot
	isKilled
	asks
	misreads
	decides
	startsNew
	removes
	adds
	startsExisting
	promotes
	isElected
	replicates
	applies
	sees
	writes
)

// operands are what a verb takes: one machine, two, or a machine and a set of machines.
type operands uint8

const (
	one operands = iota
	two
	set
)

var verbs = [...]struct {
	operands operands
	from     phases // of the machine that acts
	text     string
	do       func(*Model, *world, int, int) bool
}{
	boots:          {one, anyPhase, "%s reboots", (*Model).boot},
	isWiped:        {one, anyPhase, "%s is wiped", (*Model).wipe},
	losesDisk:      {one, 1 << running, "%s loses its etcd disk", (*Model).loseDisk},
	losesRoot:      {one, 1 << running, "%s loses its root disk", (*Model).loseRoot},
	isKilled:       {one, 1 << starting, "%s starts its step again", (*Model).kill},
	asks:           {two, 1<<blank | 1<<starting | 1<<fenced, "%s asks %s", (*Model).ask},
	misreads:       {two, 1 << blank, "%s mistakes the silence of %s for blank", (*Model).misreadSilence},
	decides:        {one, 1 << blank, "%s has enough answers and is starting", (*Model).decide},
	startsNew:      {one, 1 << starting, "%s starts new", (*Model).startNew},
	removes:        {two, 1 << fenced, "%s has its old member removed by %s", (*Model).remove},
	adds:           {two, 1 << fenced, "%s is added as a learner by %s", (*Model).add},
	startsExisting: {two, 1 << fenced, "%s starts existing, with the members from %s", (*Model).startExisting},
	promotes:       {two, 1 << running, "%s is promoted by %s", (*Model).promote},
	isElected:      {set, 1 << running, "%s becomes leader with the votes of %s", (*Model).elect},
	replicates:     {two, 1 << running, "%s replicates to %s", (*Model).replicate},
	applies:        {one, 1 << running, "%s applies what is committed", (*Model).apply},
	sees:           {two, 1 << running, "%s sees that %s is established", (*Model).see},
	writes:         {one, 1 << running, "%s takes the write", (*Model).write},
}

func (a action) String() string {
	switch text := verbs[a.verb].text; verbs[a.verb].operands {
	case one:
		return fmt.Sprintf(text, name(int(a.i)))
	case two:
		return fmt.Sprintf(text, name(int(a.i)), name(int(a.j)))
	default:
		var names []string
		for set := a.j; set != 0; set &= set - 1 {
			names = append(names, name(bits.TrailingZeros8(set)))
		}
		return fmt.Sprintf(text, name(int(a.i)), strings.Join(names, ", "))
	}
}

func name(i int) string {
	return string(rune('A' + i))
}

// do applies an action to the world if it is possible, and reports whether it was.
func (m *Model) do(w *world, a action) bool {
	v := &verbs[a.verb]
	return v.from.has(w.machines[a.i].phase) && v.do(m, w, int(a.i), int(a.j))
}

// each calls yield with every possible action and the world after it. That world is the same variable every time.
func (m *Model) each(w *world, yield func(action, *world)) {
	var next world
	for v := range verbs {
		js := 1
		switch verbs[v].operands {
		case two:
			js = m.Machines
		case set:
			js = 1 << m.Machines
		}
		for i := range m.Machines {
			if !verbs[v].from.has(w.machines[i].phase) {
				continue // do would find out too, but only after a copy
			}
			for j := range js {
				a := action{verb(v), uint8(i), uint8(j)}
				next = *w
				if m.do(&next, a) {
					yield(a, &next)
				}
			}
		}
	}
}
