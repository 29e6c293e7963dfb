package snippet

import (
	"path"
	"regexp"

	"kindling/generator/internal/document/ignition"

	"github.com/coreos/go-semver/semver"
	"go.yaml.in/yaml/v4"
)

// beside are the keys that take a file from beside the config, with which `butane` alone could not make the same of kindling's config.
var beside = map[string]bool{"local": true, "contents_local": true, "ssh_authorized_keys_local": true, "trees": true}

var stable = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)

// ReadButane reads a Butane config, by butane's own rules. The error joins everything that is wrong with it.
func ReadButane(name string, text []byte) (Snippet, error) {
	s := Snippet{Name: name}
	root, err := parse(text)
	if err != nil {
		return s, err
	}
	errs := localFiles(root)
	if value := at(root, "ignition", "config", "replace"); value != nil {
		errs = append(errs, faultAt(value, "ignition.config.replace puts another config in the place of kindling's; use merge"))
	}
	if version := at(root, "version"); version != nil && !stable.MatchString(version.Value) {
		errs = append(errs, faultAt(version, "the version must be a stable one, such as 1.4.0"))
	}
	if len(errs) == 0 {
		for _, f := range ignition.Faults(text) {
			errs = append(errs, Fault{f.Line, f.Text})
		}
	}
	if len(errs) > 0 {
		return s, inOrder(errs)
	}
	s.root = &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i+1 < len(root.Content); i += 2 {
		switch key, value := root.Content[i], root.Content[i+1]; key.Value {
		case "variant":
			s.Variant = value.Value
		case "version":
			s.Version = value.Value
		default:
			s.root.Content = append(s.root.Content, key, value)
		}
	}
	s.Places = butanePlaces(root)
	return s, nil
}

// localFiles finds what only a directory beside the config has.
func localFiles(n *yaml.Node) []error {
	var errs []error
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && beside[c.Value] {
			errs = append(errs, faultAt(c, "%s takes a file that config.bu would not have; write the text itself (inline or contents), or use extraFiles with a source", c.Value))
		}
		errs = append(errs, localFiles(c)...)
	}
	return errs
}

func butanePlaces(root *yaml.Node) []Place {
	var places []Place
	for _, list := range []string{"files", "directories", "links"} {
		for _, f := range items(at(root, "storage", list)) {
			if name := at(f, "path"); name != nil {
				places = append(places, Place{name.Value, name.Line})
			}
		}
	}
	for _, u := range items(at(root, "systemd", "units")) {
		name := at(u, "name")
		if name == nil {
			continue
		}
		file := path.Join("/etc/systemd/system", name.Value)
		dropIns := items(at(u, "dropins"))
		for _, d := range dropIns {
			if of := at(d, "name"); of != nil {
				places = append(places, Place{path.Join(file+".d", of.Value), of.Line})
			}
		}
		// A unit that is only enabled, disabled or masked changes too.
		if len(u.Content) > 4 || len(dropIns) == 0 {
			places = append(places, Place{file, name.Line})
		}
	}
	return places
}

// Newest is the newest of a Butane version and those of snippets: what each of them says is in it.
func Newest(version string, snippets []Snippet) string {
	for _, s := range snippets {
		if semver.New(version).LessThan(*semver.New(s.Version)) {
			version = s.Version
		}
	}
	return version
}
