// Package verify checks a finished set, as `kindling generate` wrote it, without the cluster.yaml and the keys that it was made from:
// whether its files are all there and unchanged, fit together, and give each machine what it needs and no more. It finds everything at
// once, and what it says has no secret in it.
package verify

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"time"

	"kindling/generator"
	"kindling/generator/internal/document/read"
)

// Problem is one thing that is wrong with a set.
type Problem struct {
	File   string // its name in the set
	Fault  string // what is wrong with it
	Remedy string // what to do about it
}

// Error reads "FILE: FAULT; REMEDY".
func (p Problem) Error() string { return fmt.Sprintf("%s: %s; %s", p.File, p.Fault, p.Remedy) }

// Report is what is wrong with a set, and what soon will be.
type Report struct {
	Problems, Warnings []Problem
	// Nodes is how many the set has documents for.
	Nodes int
}

// What to do. A document is never mended by hand: it is made again.
const (
	regenerate = "run kindling generate"
	putBack    = "put the original back, or run kindling generate"
)

// Set checks the set in a directory.
func Set(files fs.FS, now time.Time) Report {
	s := &set{files: files, now: now, machines: map[string]*machine{}}
	if s.readIndex() {
		s.checkFiles()
		s.checkIndex()
		for _, name := range s.names() {
			s.readMachine(name, s.index.Nodes[name])
		}
		s.checkMachines()
	}
	for _, list := range [][]Problem{s.report.Problems, s.report.Warnings} {
		slices.SortStableFunc(list, func(a, b Problem) int { return cmp.Compare(a.File, b.File) })
	}
	s.report.Nodes = len(s.index.Nodes)
	return s.report
}

type set struct {
	files  fs.FS
	now    time.Time
	index  generator.Index
	report Report
	// machines by their names, those whose document can be read.
	machines map[string]*machine
}

// machine is a node with what its document says.
type machine struct {
	generator.IndexNode
	name string
	gets read.Machine
	env  map[string]string
}

func (s *set) names() []string { return slices.Sorted(maps.Keys(s.index.Nodes)) }

// ordered are the machines by their names.
func (s *set) ordered() []*machine {
	var list []*machine
	for _, name := range slices.Sorted(maps.Keys(s.machines)) {
		list = append(list, s.machines[name])
	}
	return list
}

func (s *set) problem(file, remedy, fault string, args ...any) {
	s.report.Problems = append(s.report.Problems, Problem{file, fmt.Sprintf(fault, args...), remedy})
}

// wrong is a problem of a machine's document.
func (s *set) wrong(m *machine, fault string, args ...any) {
	s.problem(m.Document, regenerate, fault, args...)
}

// readMachine reads the documents of a node. What people review and what the provider gets have to say the same.
func (s *set) readMachine(name string, n generator.IndexNode) {
	m := &machine{IndexNode: n, name: name}
	for _, file := range slices.Sorted(maps.Keys(n.Files)) {
		if !isDocument(file) || isInstallers(file) {
			continue
		}
		data, err := fs.ReadFile(s.files, file)
		if err != nil {
			continue // reported
		}
		got, err := read.Document(data)
		if err != nil {
			s.problem(file, putBack, "%v", err)
			continue
		}
		if m.gets.Files != nil && !same(m.gets, got) {
			s.problem(file, regenerate, "does not have the same in it as the node's other document")
		}
		if m.gets.Files == nil || file == n.Document {
			m.gets = got
		}
	}
	if m.gets.Files == nil || s.split() && !s.addPart(m) {
		return
	}
	text, found := m.gets.File(nodeEnv)
	env, err := read.Env(text)
	switch {
	case !found:
		s.wrong(m, "has no %s", nodeEnv)
	case err != nil:
		s.wrong(m, "%s %v", nodeEnv, err)
	default:
		m.env = env
		s.machines[name] = m
	}
}

// addPart reads the machine's secret part, and reports whether it can.
func (s *set) addPart(m *machine) bool {
	file := generator.SecretPart(m.name)
	part, err := fs.ReadFile(s.files, file)
	if err != nil {
		return false // reported
	}
	s.checkPublic(m)
	text, _ := m.gets.File(nodeEnv)
	if sum := sha256.Sum256(part); !bytes.Contains(text, []byte("SECRETS_SHA256="+hex.EncodeToString(sum[:])+"\n")) {
		s.wrong(m, "does not have the SHA-256 of %s", file)
	}
	if m.gets, err = m.gets.With(part); err != nil {
		s.problem(file, putBack, "%v", err)
	}
	return err == nil
}

// checkPublic holds that a document without its secret part has nothing secret in it.
func (s *set) checkPublic(m *machine) {
	for _, f := range m.gets.Files {
		if len(privateKeys(f.Content)) > 0 || token.Match(f.Content) {
			s.wrong(m, "is for everyone to read, and has a key or a token in %s", f.Path)
		}
	}
}

const nodeEnv = "/etc/kindling/node.env"

// isInstallers reports whether a file is for the program that puts the operating system on a disk. It leads to the machine's document.
func isInstallers(file string) bool {
	matched, _ := path.Match("nodes/*/install/*", file)
	return matched
}

func isDocument(file string) bool {
	return slices.Contains([]string{"user-data", "user-data.gz", "user-data.b64", "config.ign", "config.bu"}, path.Base(file))
}

func same(a, b read.Machine) bool {
	equal := func(a, b read.File) bool {
		return a.Path == b.Path && a.Mode == b.Mode && string(a.Content) == string(b.Content)
	}
	return slices.EqualFunc(a.Files, b.Files, equal) && slices.Equal(a.Enabled, b.Enabled) && slices.Equal(a.Masked, b.Masked) &&
		slices.Equal(a.SSHAuthorizedKeys, b.SSHAuthorizedKeys)
}
