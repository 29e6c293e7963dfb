package model

import "maps"

// By is the event as one of this machine's: of two machines with the same document, each speaks for itself.
func (e Event) By(machine string) Event {
	if e.Fields["name"] == e.Machine {
		e.Fields = maps.Clone(e.Fields)
		e.Fields["name"] = machine
	}
	e.Machine = machine
	return e
}
