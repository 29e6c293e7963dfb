package spec

import "kindling/generator/internal/yamlfile"

// Problem is one thing that is wrong with a cluster.yaml, or one that its author should know.
type Problem = yamlfile.Problem

// Problems are all problems of a cluster.yaml in the order of their positions.
type Problems = yamlfile.Problems

// Lines splits a source at YAML's line breaks, so that Problem.Line is an index into it plus one. There is always a line.
func Lines(data []byte) []string { return yamlfile.Lines(data) }

// LooksSecret reports whether a text seems to hold a private key or a token, which must not reach a terminal or a log.
func LooksSecret(s string) bool { return yamlfile.LooksSecret(s) }
