package flags

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

const (
	admissionPlugins = "AdmissionPlugins"
	controllers      = "Controllers"
)

var pluginList = regexp.MustCompile(`--enable-admission-plugins .*Comma-delimited list of admission plugins: ([A-Za-z, ]+)\.`)

// pluginsOf are the admission plugins that the help of kube-apiserver lists.
func pluginsOf(ctx context.Context, version string) ([]string, error) {
	program, err := Program(ctx, "kube-apiserver", version)
	if err != nil {
		return nil, err
	}
	help, err := exec.CommandContext(ctx, program, "--help").Output()
	if err != nil {
		return nil, fmt.Errorf("%s --help: %w", program, err)
	}
	found := pluginList.FindSubmatch(help)
	if found == nil {
		return nil, fmt.Errorf("%s --help lists no admission plugins", program)
	}
	names := strings.Split(string(found[1]), ", ")
	slices.Sort(names)
	return names, nil
}

// A controller's descriptor has its older names, in these or in a file of names.
var aliasList = regexp.MustCompile(`aliases:\s*\[\]string\{[^}]*\}`)

var quotedName = regexp.MustCompile(`"([a-z][a-z0-9-]*)"`)

// controllersOf are the controllers of kube-controller-manager, with the names that they had before.
func controllersOf(version string) ([]string, error) {
	names := map[string]bool{}
	for _, place := range []string{"kubernetes/cmd/kube-controller-manager/names", "kubernetes/cmd/kube-controller-manager/app", "cloud-provider/names"} {
		err := eachSourceFile(place, version, func(_ string, text []byte) error {
			if strings.HasSuffix(place, "/app") {
				text = bytes.Join(aliasList.FindAll(text, -1), nil)
			}
			for _, found := range quotedName.FindAllSubmatch(text, -1) {
				names[string(found[1])] = true
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(names) < 40 {
		return nil, fmt.Errorf("the source of %s has %d controllers", version, len(names))
	}
	return slices.Sorted(maps.Keys(names)), nil
}
