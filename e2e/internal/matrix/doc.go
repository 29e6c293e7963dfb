// Package matrix keeps docs/fault-matrix.md: which faults a cluster was made to suffer, how often, and what came out of it.
//
// A case is a test of another package. Its row says which commit it was run at, and which scripts it covers, as a hash of
// their text: once one of them has changed, the row says nothing of kindling as it is now, and the case is to be run again.
package matrix
