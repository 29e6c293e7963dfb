package pki

import (
	"fmt"
	"path/filepath"
)

// Problem is one thing that is wrong with a PKI directory. Functions that find several return them with [errors.Join].
type Problem struct {
	File   string // the file, with the directory if that is known
	Fault  string // what is wrong with it
	Remedy string // what to do about it
}

// Error reads "FILE: FAULT; REMEDY".
func (p Problem) Error() string { return p.File + ": " + p.Fault + "; " + p.Remedy }

const (
	runInit  = "run kindling pki init"
	moveAway = "move it away, then run kindling pki init"
)

// problems collects what is wrong with the files below dir.
type problems struct {
	dir  string
	list []error
}

func (p *problems) add(name, remedy, fault string, args ...any) {
	p.list = append(p.list, Problem{filepath.Join(p.dir, filepath.FromSlash(name)), fmt.Sprintf(fault, args...), remedy})
}
