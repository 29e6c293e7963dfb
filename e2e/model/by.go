package model

import "maps"

// By returns the event as this machine's. Two machines with the same document log the same name.
func (e Event) By(machine string) Event {
	if e.Fields["name"] == e.Machine {
		e.Fields = maps.Clone(e.Fields)
		e.Fields["name"] = machine
	}
	e.Machine = machine
	return e
}
