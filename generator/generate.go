package generator

import "kindling/generator/sink"

// Generate writes every artifact into the sink. After an error the sink is as it was before. The warnings are what README.md warns
// about as well.
func (g *Generator) Generate(s sink.Sink) (warnings []string, err error) {
	set := g.Set()
	for artifact, err := range set.Artifacts() {
		if err == nil {
			err = s.Write(artifact.Path, artifact.Data)
		}
		if err != nil {
			s.Abort()
			return nil, err
		}
	}
	return set.Warnings(), s.Commit()
}
