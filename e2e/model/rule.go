package model

import "fmt"

// A State is what a machine answers when it is asked about itself. The three between None and Established count for a new
// cluster. Within one boot a machine goes through them only in this order.
type State uint8

const (
	None State = iota // also silence, fenced, null, and any answer that does not fit
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

// Counts reports whether a machine's answers in two consecutive rounds let another one form a cluster with it: it must not
// have gone back. It must not have rebooted either, unless it already has an etcd, which survives boots.
func Counts[Boot comparable](was, now Answer[Boot]) bool {
	if was.State == None || now.State == Established {
		return false
	}
	return now.State >= was.State && (now.State == Forming || now.Boot == was.Boot)
}

// Enough reports whether a machine may form a cluster with this many others that count.
func Enough(others, expect int) bool {
	return 1+others >= expect
}

// A Rule is the true rule. Each field that is set makes it wrong in one point.
type Rule struct {
	SilenceIsBlank    bool // a machine that does not answer is assumed to have no data
	AnswersAddUp      bool // one good answer is enough, and the machine that heard it keeps it until its next boot
	NullIsForming     bool // a restarted etcd that does not know its members yet counts as forming
	ManifestStartsNew bool // no guard: a manifest without its data starts etcd as on the first day
	WritesAtOnce      bool // nobody waits: a machine lets clients write as soon as its own etcd serves

	// Only founders wait. A machine that starts existing, because it joins or has a new root disk, lets clients write at
	// once.
	NewcomersWriteAtOnce bool
}
