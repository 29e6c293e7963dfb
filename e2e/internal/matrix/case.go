package matrix

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
)

// A Case is a fault, as a test that makes it.
type Case struct {
	Name    string
	Package string // of the module e2e
	Test    string
	Covers  []string // scripts in templates
}

// Scripts is a hash of the text of the scripts that the case covers, below the directory of kindling's own module.
func (c Case) Scripts(source string) (string, error) {
	hash := sha256.New()
	for _, name := range c.Covers {
		text, err := os.ReadFile(filepath.Join(source, "templates", name))
		if err != nil {
			return "", fmt.Errorf("case %q: %w", c.Name, err)
		}
		fmt.Fprintf(hash, "%s %d\n%s", name, len(text), text)
	}
	return fmt.Sprintf("%x", hash.Sum(nil)[:6]), nil
}

// Stale are the cases that no row of the table tells of as the scripts are now.
func Stale(source string, cases []Case, table Table) ([]Case, error) {
	var stale []Case
	for _, c := range cases {
		scripts, err := c.Scripts(source)
		if err != nil {
			return nil, err
		}
		if row, ok := table[c.Name]; !ok || row.Scripts != scripts {
			stale = append(stale, c)
		}
	}
	return stale, nil
}
