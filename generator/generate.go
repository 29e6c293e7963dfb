package generator

import "kindling/generator/sink"

// Generate writes every artifact into the sink. It leaves Commit and Abort to the caller. The warnings are what README.md warns about
// as well.
func (g *Generator) Generate(s sink.Sink) (warnings []string, err error) {
	set := g.Set()
	for artifact, err := range set.Artifacts() {
		if err == nil {
			err = s.Write(artifact.Path, artifact.Data)
		}
		if err != nil {
			return nil, err
		}
	}
	return set.Warnings(), nil
}
