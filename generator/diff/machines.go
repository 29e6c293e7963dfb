package diff

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"kindling/generator"
	"kindling/generator/internal/document/read"
	"kindling/generator/spec"
)

// Machine is what one machine would get otherwise.
type Machine struct {
	Name string
	// Only is "added" or "removed" for a machine that one set alone has.
	Only  string
	Files []File
}

// File is a file on the machine, or one beside its document, that would be another.
type File struct {
	Path string
	// How is added, removed or changed.
	How string
	// Values are the names of those that differ in node.env.
	Values []string
	spec.Change
}

// Change is the most that a machine's files need.
func (m Machine) Change() spec.Change {
	most := spec.Nothing
	for _, f := range m.Files {
		most = max(most, f.Change)
	}
	return most
}

const nodeEnv = "/etc/kindling/node.env"

// Set is a set of documents: its index, and how its files are read.
type Set struct {
	Index generator.Index
	Read  func(name string) ([]byte, error)
}

// Machines compares the machines of two sets whose fields differ so.
func Machines(before, after Set, fields []Field) ([]Machine, error) {
	names := maps.Clone(before.Index.Nodes)
	maps.Copy(names, after.Index.Nodes)
	var (
		list []Machine
		errs []error
	)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		_, had := before.Index.Nodes[name]
		_, has := after.Index.Nodes[name]
		switch {
		case !had:
			list = append(list, Machine{Name: name, Only: "added"})
		case !has:
			list = append(list, Machine{Name: name, Only: "removed"})
		default:
			files, err := compare(before, after, name, relevant(fields, name))
			errs = append(errs, err)
			if len(files) > 0 {
				list = append(list, Machine{Name: name, Files: files})
			}
		}
	}
	return list, errors.Join(errs...)
}

// relevant is the most that the fields need of which files on this machine may be made. Without any the files come from a new release of
// kindling, or from new certificates.
func relevant(fields []Field, name string) spec.Change {
	most, found := spec.Nothing, false
	for _, f := range fields {
		switch node := nodeOf(f.Name); {
		case node == "" || node == name:
			most, found = max(most, f.Change), true
		case !strings.Contains(f.Name, "]."): // a node that comes or goes
			most, found = max(most, spec.NextBoot), true
		}
	}
	if !found {
		return spec.NextBoot
	}
	return most
}

func compare(before, after Set, name string, most spec.Change) ([]File, error) {
	old, err := machine(before, name)
	if err != nil {
		return nil, fmt.Errorf("%w; run kindling verify", err)
	}
	next, err := machine(after, name)
	if err != nil {
		return nil, err
	}
	files := map[string]bool{}
	for _, f := range slices.Concat(old.Files, next.Files) {
		files[f.Path] = true
	}
	var list []File
	for _, file := range slices.Sorted(maps.Keys(files)) {
		was, is := find(old, file), find(next, file)
		f := File{Path: file, How: how(was, is)}
		if f.How == "" {
			continue
		}
		f.Change = changeOf(file, most)
		if word, kept := authorities[file]; kept && after.Index.Follows(before.Index, word) {
			f.Change = spec.NextBoot
		}
		if file == nodeEnv && was != nil && is != nil {
			if f.Values, err = values(was.Content, is.Content); err != nil {
				return nil, err
			}
			f.Change = min(f.Change, envChange(f.Values))
		}
		list = append(list, f)
	}
	if !slices.Equal(old.Enabled, next.Enabled) || !slices.Equal(old.Masked, next.Masked) {
		list = append(list, File{Path: "units that are enabled or masked", How: "changed", Change: max(most, spec.NextBoot)})
	}
	if !slices.Equal(old.SSHAuthorizedKeys, next.SSHAuthorizedKeys) {
		list = append(list, File{Path: "SSH keys", How: "changed", Change: most})
	}
	if before.Index.Spec["snippets"] != after.Index.Spec["snippets"] { // they bring more than files
		list = append(list, File{Path: "snippets", How: "changed", Change: max(most, spec.NextBoot)})
	}
	return append(list, beside(before.Index.Nodes[name], after.Index.Nodes[name], most)...), nil
}

func machine(s Set, name string) (read.Machine, error) {
	document := s.Index.Nodes[name].Document
	data, err := s.Read(document)
	if err != nil {
		return read.Machine{}, fmt.Errorf("%s: cannot be read", document)
	}
	m, err := read.Document(data)
	if err != nil {
		return m, fmt.Errorf("%s: %w", document, err)
	}
	part := generator.SecretPart(name)
	if _, split := s.Index.Nodes[name].Files[part]; !split {
		return m, nil
	}
	if data, err = s.Read(part); err != nil {
		return m, fmt.Errorf("%s: cannot be read", part)
	}
	if m, err = m.With(data); err != nil {
		return m, fmt.Errorf("%s: %w", part, err)
	}
	return m, nil
}

func find(m read.Machine, file string) *read.File {
	i := slices.IndexFunc(m.Files, func(f read.File) bool { return f.Path == file })
	if i < 0 {
		return nil
	}
	return &m.Files[i]
}

func how(was, is *read.File) string {
	switch {
	case was == nil:
		return "added"
	case is == nil:
		return "removed"
	case was.Mode != is.Mode || string(was.Content) != string(is.Content):
		return "changed"
	}
	return ""
}

// beside compares what is no document: cloud-init's other files, and iPXE scripts.
func beside(old, next generator.IndexNode, most spec.Change) []File {
	files := maps.Clone(old.Files)
	maps.Copy(files, next.Files)
	var list []File
	for _, file := range slices.Sorted(maps.Keys(files)) {
		was, had := old.Files[file]
		is, has := next.Files[file]
		f := File{Path: file, How: "changed", Change: spec.Nothing}
		switch {
		case was.Secret || is.Secret || was == is:
			continue
		case !had:
			f.How = "added"
		case !has:
			f.How = "removed"
		}
		if path.Base(file) == "network-config" {
			f.Change = most
		}
		list = append(list, f)
	}
	return list
}

// changeOf is what another content of a file needs.
func changeOf(file string, most spec.Change) spec.Change {
	switch {
	case authorities[file] != "":
		return spec.Never
	case file == "/etc/kindling/run.sh", strings.HasPrefix(file, "/etc/systemd/system/"), strings.HasSuffix(file, ".crt"), strings.HasSuffix(file, ".key"):
		return max(most, spec.NextBoot)
	}
	return most
}

// authorities are what all machines of a cluster trust, with the words of kindling pki rotate.
var authorities = map[string]string{
	"/etc/kubernetes/pki/ca.crt": "ca", "/etc/kubernetes/pki/ca.key": "ca", "/etc/kindling/pki/ca.crt": "ca",
	"/etc/kubernetes/pki/front-proxy-ca.crt": "front-proxy-ca", "/etc/kubernetes/pki/front-proxy-ca.key": "front-proxy-ca",
	"/etc/kubernetes/pki/etcd/ca.crt": "etcd-ca", "/etc/kubernetes/pki/etcd/ca.key": "etcd-ca",
	"/etc/kubernetes/pki/sa.key": "service-account", "/etc/kubernetes/pki/sa.pub": "service-account",
}

// values are the names of the values that differ.
func values(was, is []byte) ([]string, error) {
	old, err := read.Env(was)
	if err != nil {
		return nil, fmt.Errorf("%s %w", nodeEnv, err)
	}
	next, err := read.Env(is)
	if err != nil {
		return nil, fmt.Errorf("%s %w", nodeEnv, err)
	}
	all := maps.Clone(old)
	maps.Copy(all, next)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		a, had := old[name]
		b, has := next[name]
		return had == has && a == b
	}), nil
}

// envChange is the most that values can need: SET and the sum of the secret part are only names, and who the members of etcd and the other
// machines are, a machine in service finds out.
func envChange(names []string) spec.Change {
	most := spec.Nothing
	for _, name := range names {
		switch name {
		case "SET", "SECRETS_SHA256":
		case "PEERS", "ETCD_CLUSTER_ID", "ETCD_BOOTSTRAP_EXPECT", "OWN_NAMES":
			most = max(most, spec.ByItself)
		default:
			return spec.Never
		}
	}
	return most
}

// String has the file, and of node.env the names of the values.
func (f File) String() string {
	text := f.How + " " + f.Path
	if f.Values != nil {
		text += " (" + strings.Join(f.Values, ", ") + ")"
	}
	return text + ": " + f.Change.String()
}
