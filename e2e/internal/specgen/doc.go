// Package specgen makes cluster.yaml files out of bytes: valid ones, with every field and with values that other programs have misread.
// The same bytes give the same file, so that Go's fuzzing can change and shorten them. Where the bytes end, every choice is the first.
//
// About one file in eight has one value in it that may be wrong, for what `kindling validate` says of it.
package specgen
