package flags

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const featureGates = "FeatureGates"

// gateModules declare the feature gates of Kubernetes' programs.
var gateModules = []string{"kubernetes/pkg/features", "apiserver/pkg/features", "apiextensions-apiserver/pkg/features", "component-base", "client-go/features", "controller-manager/pkg/features"}

var gate = regexp.MustCompile(`\bFeature\s*=\s*"([A-Z][A-Za-z0-9]*)"`)

// declaredGates are the feature gates in the source of a release.
func declaredGates(version string) ([]string, error) {
	var names []string
	for _, name := range gateModules {
		module, below, _ := strings.Cut(name, "/")
		of := version
		if module != "kubernetes" {
			of = "v0." + strings.TrimPrefix(version, "v1.")
		}
		dir, err := moduleDir("k8s.io/"+module, of)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(dir); err != nil {
			return nil, err
		}
		dir = filepath.Join(dir, filepath.FromSlash(below))
		if _, err := os.Stat(dir); err != nil {
			continue // older releases have none there
		}
		err = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, found := range gate.FindAllSubmatch(text, -1) {
				names = append(names, string(found[1]))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(names) < 50 {
		return nil, fmt.Errorf("the source of %s has %d feature gates", version, len(names))
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
