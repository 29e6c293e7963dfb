// Package sink puts a set of finished documents where it belongs: all of them, or none.
package sink

// Sink takes the files of one set by their slash-separated paths. None of them is visible before Commit. Abort removes all
// of them; it must be called after a Write that failed.
type Sink interface {
	Write(path string, data []byte) error
	Commit() (Report, error)
	Abort()
}

// Report is what a Commit did besides writing the set.
type Report struct {
	// Kept are the nodes and iPXE scripts that only the last set has: nodes/NAME, ipxe/NAME.ipxe.
	Kept []string
	// Pruned are those that were removed instead.
	Pruned []string
	// Cleared is what earlier runs left behind when they were interrupted.
	Cleared []string
}
