package generator

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kindling/generator/internal/document"
	"kindling/generator/internal/node"
	"kindling/generator/internal/provider"
)

// maxNamed is how many nodes a message names.
const maxNamed = 5

// checkSize refuses a document that the node's provider does not take, or, where cluster.yaml names no provider, none does.
func (g *Generator) checkSize(n node.Node, p provider.Provider, data []byte) error {
	if p.Name == "" {
		if largest := provider.Largest(); !largest.Takes(data) {
			return fmt.Errorf("node %s: the document has %d bytes, and no provider takes more than %d (%s). Largest: %s. %s; or set `provider: metal` for machines that get their documents from a file or over PXE",
				n.Name, len(data), largest.Limit, largest.Title, largestFiles(n), g.advice(n))
		}
		return nil
	}
	if p.Takes(data) {
		return nil
	}
	return fmt.Errorf("node %s: the document has %d bytes as %s counts them, and it takes %d. Largest: %s. %s",
		n.Name, p.Counts(data), p.Title, p.Limit, largestFiles(n), g.advice(n))
}

// largestFiles names the three largest with their sizes.
func largestFiles(n node.Node) string {
	files := slices.Clone(n.Files)
	slices.SortStableFunc(files, func(a, b node.File) int { return len(b.Content) - len(a.Content) })
	var list []string
	for _, f := range files[:min(3, len(files))] {
		list = append(list, fmt.Sprintf("%s %d", f.Path, len(f.Content)))
	}
	return strings.Join(list, ", ")
}

// advice is what would make the document smaller.
func (g *Generator) advice(n node.Node) string {
	var ways []string
	if strings.HasPrefix(g.cluster.PKI.Algorithm, "RSA") && g.cluster.Version().AllowsECDSA() {
		ways = append(ways, "use smaller keys (`pki: {algorithm: ECDSA-P256}`, for a new cluster)")
	}
	if slices.ContainsFunc(n.Files, func(f node.File) bool { return strings.HasPrefix(f.Path, "/etc/kindling/manifests.d/") }) {
		ways = append(ways, "name manifests by a URL with its sha256")
	}
	if len(g.cluster.ExtraFiles) > 0 {
		ways = append(ways, "have the image bring large extraFiles")
	}
	if ways == nil {
		ways = []string{"have the image bring what is large"}
	}
	return "To make it fit, " + strings.Join(ways, ", or ")
}

// joined is one error for many nodes, the first of them in full.
func joined(errs []error) error {
	if more := len(errs) - maxNamed; more > 0 {
		errs = append(errs[:maxNamed:maxNamed], fmt.Errorf("and %d more documents that are too large", more))
	}
	return errors.Join(errs...)
}

// readmeFit is a row of README.md: what a provider takes.
type readmeFit struct {
	Title     string
	Limit     int
	Documents string
}

// fit is how much of the documents a provider takes.
type fit struct {
	provider.Provider
	encoded, none []string // nodes that fit only in the provider's encoding, and not at all
}

// tryFits finds out how the document of a node without a provider fits the providers.
func (s *Set) tryFits(n node.Node, text []byte) error {
	made := map[provider.Encoding][]byte{provider.Text: text}
	for i := range s.fitting {
		f := &s.fitting[i]
		if f.Takes(text) {
			continue
		}
		encoding := document.EncodingFor(f.Provider, n.OS.Format)
		if made[encoding] == nil {
			data, err := s.generator.documents.Make(n, n.OS.Format, encoding)
			if err != nil {
				return err
			}
			made[encoding] = data
		}
		if f.Takes(made[encoding]) {
			f.encoded = append(f.encoded, n.Name)
		} else {
			f.none = append(f.none, n.Name)
		}
	}
	return nil
}

// fits are the rows; none where every node has a provider.
func (s *Set) fits() []readmeFit {
	if !s.withoutProvider {
		return nil
	}
	var rows []readmeFit
	for _, f := range s.fitting {
		var says []string
		if f.none != nil {
			says = append(says, "**too large: "+named(f.none)+"**")
		}
		if f.encoded != nil {
			says = append(says, fmt.Sprintf("with `provider: %s`: %s", f.Name, named(f.encoded)))
		}
		if says == nil {
			says = []string{"all fit"}
		}
		rows = append(rows, readmeFit{f.Title, f.Raw(), strings.Join(says, "; ")})
	}
	return rows
}

func named(names []string) string {
	if more := len(names) - maxNamed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNamed], ", "), more)
	}
	return strings.Join(names, ", ")
}
