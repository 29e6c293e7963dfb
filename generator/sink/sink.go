// Package sink puts a set of finished documents where it belongs: all of them, or none.
package sink

// Sink takes the files of one set by their slash-separated paths. None of them can be seen before Commit; nothing is left of
// them after Abort, which also is the end of a sink whose Write has failed.
type Sink interface {
	Write(path string, data []byte) error
	Commit() (Report, error)
	Abort()
}

// Report is what a Commit did apart from writing the set.
type Report struct {
	// Kept are nodes and iPXE scripts of the last set that the new one does not have: nodes/NAME, ipxe/NAME.ipxe.
	Kept []string
	// Pruned are those that were removed instead.
	Pruned []string
	// Cleared are the remains of earlier runs that were cut short.
	Cleared []string
}
