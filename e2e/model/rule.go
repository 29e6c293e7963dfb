package model

import "fmt"

// A State is what a machine tells of itself to those that ask it. The three between None and Established count for a new
// cluster, and within one boot a machine goes through them in this order only.
type State uint8

const (
	None State = iota // also silence, fenced, null, and whatever does not fit
	Blank
	Starting
	Forming
	Established
)

func (s State) String() string {
	return [...]string{"no answer", "blank", "starting", "forming", "established"}[s]
}

// An Answer is what one machine heard from another in one round.
type Answer[Boot comparable] struct {
	State State
	Boot  Boot
}

func (a Answer[Boot]) String() string {
	if a.State == Blank || a.State == Starting {
		return fmt.Sprintf("%s in boot %v", a.State, a.Boot)
	}
	return a.State.String()
}

// Counts tells whether two answers that a machine gave in two rounds in a row let another one form a cluster with it:
// it went no way but on, and did so within one boot unless it has an etcd already, which outlives boots.
func Counts[Boot comparable](was, now Answer[Boot]) bool {
	if was.State == None || now.State == Established {
		return false
	}
	return now.State >= was.State && (now.State == Forming || now.Boot == was.Boot)
}

// Enough tells whether a machine may form a cluster with so many others that count.
func Enough(others, expect int) bool {
	return 1+others >= expect
}

// A Rule is the true rule or, with one of its fields, one that differs in one point.
type Rule struct {
	SilenceIsBlank    bool // a machine that does not answer is taken for one without data
	AnswersAddUp      bool // one good answer is enough, and is kept until the next boot of who heard it
	NullIsForming     bool // a restarted etcd that does not know its members yet is taken for one that forms
	ManifestStartsNew bool // no guard: a manifest whose data is lost starts etcd as on its first day
	WritesAtOnce      bool // nobody waits: a machine lets clients write as soon as its own etcd serves

	// Only founders wait, and whoever starts existing lets clients write at once: one that joins, or has a new root disk.
	NewcomersWriteAtOnce bool
}
