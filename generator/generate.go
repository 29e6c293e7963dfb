package generator

import "kindling/generator/sink"

// Generate writes every artifact into the sink. It leaves Commit and Abort to the caller.
func (g *Generator) Generate(s sink.Sink) error {
	for artifact, err := range g.Set().Artifacts() {
		if err == nil {
			err = s.Write(artifact.Path, artifact.Data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
