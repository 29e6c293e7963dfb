package kindling

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kindling/e2e/internal/document"
)

// Scripts returns the scripts and units of all nodes whose name matches a pattern of [filepath.Match].
func (d Documents) Scripts(pattern string) (document.Scripts, error) {
	scripts := document.Scripts{}
	for _, name := range []string{"user-data", "config.ign"} {
		files, err := filepath.Glob(filepath.Join(d.out, "nodes", pattern, name))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err := errors.Join(err, scripts.Add(text)); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	if len(scripts) == 0 {
		return nil, fmt.Errorf("%s: no scripts for nodes named %s", d.spec, pattern)
	}
	return scripts, nil
}
