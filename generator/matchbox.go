package generator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"kindling/generator/sink"
	"kindling/generator/spec"
)

// matchboxProfile is what a machine boots (matchbox: docs/matchbox.md, "Profiles").
type matchboxProfile struct {
	ID   string       `json:"id"`
	Name string       `json:"name"`
	Boot matchboxBoot `json:"boot"`
}

type matchboxBoot struct {
	Kernel string   `json:"kernel"`
	Initrd []string `json:"initrd"`
	Args   []string `json:"args"`
}

// matchboxGroup says which machine a profile is for (matchbox: docs/matchbox.md, "Groups").
type matchboxGroup struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Profile  string            `json:"profile"`
	Selector map[string]string `json:"selector"`
}

const matchboxReadme = `# matchbox's profiles and groups

` + sink.MatchboxMark + `; edit cluster.yaml, not these files. There is no secret in them. The documents are in the set, which
matchbox serves below /assets:

    matchbox -address 0.0.0.0:8080 -data-path DIR -assets-path out

Here DIR is this directory, and out the set's. pxe.baseURL in cluster.yaml ends with /assets then.
`

// Matchbox writes a profile and a group for each node with a MAC address into the sink. It leaves Commit and Abort to the caller.
// The error names each node whose operating system has no image in cluster.yaml.
func (s *Set) Matchbox(to sink.Sink) error { return write(to, s.matchbox()) }

func (s *Set) matchbox() iter.Seq2[Artifact, error] {
	c := s.generator.cluster
	return func(yield func(Artifact, error) bool) {
		var errs []error
		for i, n := range c.Nodes {
			if n.MAC == "" {
				continue
			}
			if _, known := pxeImage(c, n); !known {
				errs = append(errs, fmt.Errorf("nodes[%d] (%s): matchbox needs to know what %s boots: write pxe.images.%s", i, n.Name, n.System().Name, n.System().Name))
			}
		}
		if errs != nil {
			yield(Artifact{}, errors.Join(errs...))
			return
		}
		artifacts := []Artifact{{Path: "README.md", Data: []byte(matchboxReadme)}}
		for _, n := range c.Nodes {
			if n.MAC == "" {
				continue
			}
			artifacts = append(artifacts,
				matchboxFile("profiles", n, profileOf(c, n)),
				matchboxFile("groups", n, matchboxGroup{n.Name, n.Name, n.Name, map[string]string{"mac": n.MAC}}))
		}
		yieldAll(yield, artifacts, nil)
	}
}

// profileOf is the node's iPXE script in matchbox's words. matchbox puts the words into a script as they are.
func profileOf(c *spec.Cluster, n spec.Node) matchboxProfile {
	image, _ := pxeImage(c, n)
	literal := func(text string) string { return strings.ReplaceAll(text, "${base-url}", c.PXE.Base()) }
	return matchboxProfile{ID: n.Name, Name: n.Name, Boot: matchboxBoot{
		Kernel: literal(c.PXE.URL(image.Kernel)),
		Initrd: []string{"--name initrd " + literal(c.PXE.URL(image.Initrd))},
		Args:   append([]string{"initrd=initrd"}, strings.Fields(literal(kernelArgs(c, n, image)))...),
	}}
}

func matchboxFile(dir string, n spec.Node, content any) Artifact {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // a URL may have an &
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(content); err != nil {
		panic(err) // texts and lists of texts are always JSON
	}
	return Artifact{Path: dir + "/" + n.Name + ".json", Data: text.Bytes()}
}
