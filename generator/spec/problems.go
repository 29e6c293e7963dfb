package spec

import "kindling/generator/internal/yamlfile"

// Problem is one thing that is wrong with a cluster.yaml, or that its author should know.
type Problem = yamlfile.Problem

// Problems are all problems of a cluster.yaml in the order of their positions.
type Problems = yamlfile.Problems

// Lines splits a source at YAML's line breaks: line n of a Problem is item n-1. There is always at least one line.
func Lines(data []byte) []string { return yamlfile.Lines(data) }

// DidYouMean is the end of a message: the option that the user probably meant, or nothing.
func DidYouMean(got string, options []string) string { return yamlfile.DidYouMean(got, options) }

// LooksSecret reports whether a text seems to hold a private key, a password or a token. Those must not reach a terminal or a log.
func LooksSecret(s string) bool { return yamlfile.LooksSecret(s) }
