package generator

import (
	"iter"

	"kindling/generator/sink"
)

// Generate writes every artifact into the sink. It leaves Commit and Abort to the caller.
func (s *Set) Generate(to sink.Sink) error { return write(to, s.Artifacts()) }

// Redact writes what [Set.Redacted] has into the sink. It leaves Commit and Abort to the caller.
func (s *Set) Redact(to sink.Sink) error { return write(to, s.Redacted()) }

func write(to sink.Sink, artifacts iter.Seq2[Artifact, error]) error {
	for artifact, err := range artifacts {
		if err == nil {
			err = to.Write(artifact.Path, artifact.Data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
