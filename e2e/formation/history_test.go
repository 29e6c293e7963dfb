package formation

import (
	"maps"
	"os"
	"slices"
	"time"

	"kindling/e2e/model"
)

// A history is what the test did to the machines, and what the machines logged about themselves.
type history []model.Event

// happened records what was done to a machine. It must be called before the console is emptied.
func (m *machines) happened(name, verb string) {
	m.t.Helper()
	m.read(name)
	m.history = append(m.history, model.Event{At: time.Now(), Machine: name, Verb: verb})
}

// read adds what is on a machine's console to the history.
func (m *machines) read(name string) {
	m.t.Helper()
	events, err := model.Parse(m.Console(name))
	if err != nil {
		m.t.Errorf("console of %s: %v", name, err)
	}
	for _, event := range events {
		event = event.By(name)
		if !slices.ContainsFunc(m.history, func(e model.Event) bool { return e.Machine == name && e.At.Equal(event.At) && e.Verb == event.Verb }) {
			m.history = append(m.history, event)
		}
	}
}

// judge checks the history against the model.
func (m *machines) judge() {
	m.t.Helper()
	for name := range m.all {
		m.read(name)
	}
	if err := model.Replay(slices.Sorted(maps.Keys(m.all)), m.history); err != nil {
		m.t.Errorf("the rule forbids:\n%v", err)
	}
}

// leave starts the history of another cluster: of these machines, which are off, and of all that are added later. The other
// machines keep running.
func (m *machines) leave(names ...string) {
	m.t.Helper()
	m.judge()
	maps.DeleteFunc(m.all, func(name string, _ *machine) bool { return !slices.Contains(names, name) })
	m.history = nil
	for _, name := range names {
		if err := os.Remove(m.all[name].console()); err != nil {
			m.t.Fatal(err)
		}
	}
}
