package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"kindling/e2e/internal/kindling"
)

var kubernetesVersion = regexp.MustCompile(`(?m)^kubernetesVersion: (\S+)$`)

// sampleVersions returns the Kubernetes versions of the sample clusters that have documents.
func sampleVersions() ([]string, error) {
	goldens, err := filepath.Glob(filepath.Join(kindling.Source(), "testdata/golden/*"))
	if err != nil {
		return nil, err
	}
	var specs []string
	for _, golden := range goldens {
		specs = append(specs, filepath.Join(kindling.Source(), "testdata/clusters", filepath.Base(golden)+".yaml"))
	}
	return versionsIn(specs)
}

// machineVersions returns the Kubernetes versions of the clusters of whole machines.
func machineVersions() ([]string, error) {
	specs, err := filepath.Glob(filepath.Join(kindling.Source(), "e2e/machines/testdata/*.yaml"))
	if err != nil {
		return nil, err
	}
	return versionsIn(specs)
}

// versionsIn returns the Kubernetes versions in those files that are specs.
func versionsIn(files []string) ([]string, error) {
	var versions []string
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if found := kubernetesVersion.FindSubmatch(text); found != nil {
			versions = append(versions, string(found[1]))
		}
	}
	slices.Sort(versions)
	return slices.Compact(versions), nil
}
