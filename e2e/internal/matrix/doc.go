// Package matrix keeps docs/fault-matrix.md: which faults were injected into clusters, how often, and with what result.
//
// A case is a test of another package. Its row has the commit at which it was run, and a key: the hash of the scripts and
// units that its machines ran. If the documents that kindling makes now have another key, the row says nothing about them,
// and its case has to be run again.
package matrix
