package pki

import (
	"errors"
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a PKI.
type Problem struct {
	File   string // its name in the PKI
	Fault  string // what is wrong with it
	Remedy string // what to do about it

	kind       string // the fault without what is particular to the file
	everywhere bool   // one line is enough for all files of this kind
}

// Problems is the error of functions that find everything that is wrong.
type Problems []Problem

// shown is up to how many problems of a kind are listed one by one.
const shown = 5

// Remedies. Of those that are just runInit or runRenew, [Bundle.Complete] and [Bundle.Renew] take care.
const (
	runInit  = "run kindling pki init"
	runRenew = "run kindling pki renew"
	// Followed by the name of what is rotated.
	signAgain = "run kindling pki rotate --stage sign again for "
	inStages  = "every machine trusts it: rotate it with kindling pki rotate"
	rotate    = "every machine trusts it: rotate it by hand as Kubernetes' documentation says, or for a new cluster begin with a new PKI"
	moveAway  = "move it away, then run kindling pki init"
	original  = "put the original back; only for a new cluster move the whole PKI away and run kindling pki init"
	another   = "the programs on the machines refuse it: use an authority that kindling pki init makes, or one like it"
	otherKey  = "bring one of these kinds"
)

// Error reads "FILE: FAULT; REMEDY". Of more than five problems of a kind, or of one that is the same everywhere, it shows the first
// and how many more there are.
func (ps Problems) Error() string {
	count, seen := map[string]int{}, map[string]bool{}
	for _, p := range ps {
		count[p.kind]++
	}
	var lines []string
	for _, p := range ps {
		switch more := count[p.kind] - 1; {
		case more == 0, more < shown && !p.everywhere:
			lines = append(lines, fmt.Sprintf("%s: %s; %s", p.File, p.Fault, p.Remedy))
		case !seen[p.kind]:
			seen[p.kind] = true
			lines = append(lines, fmt.Sprintf("%s: %s (and %d more files like it); %s", p.File, p.Fault, more, p.Remedy))
		}
	}
	return strings.Join(lines, "\n")
}

func (ps *Problems) add(name, remedy, fault string, args ...any) {
	*ps = append(*ps, Problem{name, fmt.Sprintf(fault, args...), remedy, fault, false})
}

// err is nil if there are none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// remedyFor says what to do about a file that does not parse. A new authority or service account key in the place of a damaged one
// would be another cluster's.
func remedyFor(name string, err error) string {
	var form *formError
	switch {
	case errors.As(err, &form):
		return form.remedy
	case errors.Is(err, errKeyInPublicFile):
		return "move the private key out of it"
	case errors.Is(err, errEncryptedKey):
		return "decrypt it with openssl pkey"
	case errors.Is(err, errKeyLabel):
		return "write it anew with openssl pkey"
	case errors.Is(err, errChain):
		return "leave the root alone in it, which signs itself and has the private key"
	case errors.Is(err, errKeyKind) && isShared(name):
		return otherKey
	case isShared(name):
		return original
	}
	return "restore it, or " + moveAway
}
