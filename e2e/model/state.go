package model

const (
	maxMachines = 5
	maxLog      = 7 // entries; a history that needs more ends there
)

// A world is the state of all machines. It is comparable, and small because millions are kept.
type world struct {
	machines [maxMachines]machine
	spent    Budget
	// Every history has one client write.
	written      bool
	acknowledged uint8 // in this term, or 0
}

// A Budget bounds what an exploration does to the machines.
type Budget struct {
	Wipes     uint8 // root and etcd disk
	LostDisks uint8 // only the etcd disk
	LostRoots uint8 // only the root disk
	Boots     uint8 // with all disks
	Kills     uint8 // of the step's process, within one boot
	Joins     uint8 // members added
	Terms     uint8 // raft's
}

type phase uint8

const (
	blank phase = iota
	starting
	fenced
	running // has etcd data
)

// phases is a set of phases.
type phases uint8

const anyPhase = 1<<blank | 1<<starting | 1<<fenced | 1<<running

func (s phases) has(p phase) bool {
	return s>>p&1 == 1
}

// A machine's disks and memory.
type machine struct {
	phase phase

	// The member: 0 is the static ID that a machine always has in a new cluster; any other ID was added. A fenced machine
	// has an ID that was added, but has not started with it yet.
	id      uint8
	term    uint8
	commit  uint8 // how many entries of the log are known to be committed
	log     [maxLog]entry
	founder bool // the manifest on the root disk says new

	late bool // has not applied what it knows is committed

	// Lost in a boot.
	leads   bool
	matched [maxMachines]uint8 // what a leader knows about the others' logs
	null    bool               // etcd has not reported its members since the boot; set only if the rule depends on it
	second  bool               // of two consecutive rounds
	heard   [maxMachines]heard
}

// heard is what a machine knows about another one: its answer in the first round or, after the second, that it counts.
type heard struct {
	answer Answer[boot]
	counts bool
}

// A boot can only be compared with another one.
type boot uint8

const (
	formerBoot boot = iota
	thisBoot
	noBoot // of a silent machine
)

// An entry of raft's log. Raft itself identifies an entry only by its index and term.
type entry struct {
	kind    kind
	term    uint8
	machine uint8 // whose member is added, promoted or removed
	id      uint8
}

type kind uint8

const (
	noEntry kind = iota
	publish      // the first entry of every leader; a member that has applied one reports client URLs: it is established
	write
	remove
	add // as a learner
	promote
)

func (m *machine) length() uint8 {
	n := uint8(0)
	for n < maxLog && m.log[n].kind != noEntry {
		n++
	}
	return n
}

func (m *machine) append(e entry) bool {
	n := m.length()
	if n == maxLog {
		return false
	}
	e.term = m.term
	m.log[n] = e
	return true
}

func (m *machine) holdsWrite() bool {
	for _, e := range m.log {
		if e.kind == write {
			return true
		}
	}
	return false
}

// established reports whether the member has applied a publish entry. Every leader's first entry is one.
func (m *machine) established() bool {
	return m.phase == running && m.commit > 0 && !m.late
}
