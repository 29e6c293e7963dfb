package document

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// ScriptsAttribute is the attribute in which a test reports the scripts that its machines have run.
const ScriptsAttribute = "scripts"

// Scripts are the distinct scripts and units that machines run: run.sh, units and drop-ins. Each is known by a digest of its
// path and its content.
type Scripts map[string]bool

// Add adds the scripts and units of a document.
func (s Scripts) Add(document []byte) error {
	files, err := Files(document)
	if err != nil {
		return err
	}
	for _, file := range files {
		if file.Path == "/etc/kindling/run.sh" || strings.HasPrefix(file.Path, units) {
			s[digest(file.Path+"\n"+string(file.Content))] = true
		}
	}
	return nil
}

// String returns all digests in one line, which Parse reads.
func (s Scripts) String() string { return strings.Join(slices.Sorted(maps.Keys(s)), " ") }

// Parse adds the scripts in such a line.
func (s Scripts) Parse(line string) {
	for digest := range strings.FieldsSeq(line) {
		s[digest] = true
	}
}

// Key returns a digest of the whole set.
func (s Scripts) Key() string { return digest(s.String()) }

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}
