package flags

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"kindling/e2e/internal/kindling"
)

// ValuesFile has the types of the flags' values, of the newest release that was asked.
func ValuesFile() string {
	return filepath.Join(kindling.Source(), "generator", "internal", "flags", "values.types")
}

// UpdateValues writes that file.
func UpdateValues(ctx context.Context, version string) error {
	lines, err := AskValues(ctx, version)
	if err != nil {
		return err
	}
	return os.WriteFile(ValuesFile(), []byte(strings.Join(lines, "\n")+"\n"), 0o644)
}

// AskValues has a line for each flag whose value is no text: the component, the flag, and the type of its value. Kubernetes' programs say
// it in their help, etcd in its source.
func AskValues(ctx context.Context, version string) ([]string, error) {
	var lines []string
	for _, component := range []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"} {
		program, err := Program(ctx, component, version)
		if err != nil {
			return nil, err
		}
		out, err := exec.CommandContext(ctx, program, "--help").CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("%s --help: %w", program, err)
		}
		for _, found := range typedFlag.FindAllSubmatch(out, -1) {
			if word, known := valueWords[string(found[2])]; known {
				lines = append(lines, component+" "+string(found[1])+" "+word)
			}
		}
	}
	etcd, err := etcdRelease(version)
	if err != nil {
		return nil, err
	}
	text, err := moduleFile("go.etcd.io/etcd/server/v3", "v"+etcd, "embed/config.go")
	if err != nil {
		return nil, err
	}
	for _, found := range etcdFlag.FindAllSubmatch(text, -1) {
		if word, known := valueWords[strings.ToLower(string(found[1]))]; known {
			lines = append(lines, "etcd "+string(found[2])+" "+word)
		}
	}
	if len(lines) < 200 {
		return nil, fmt.Errorf("the programs of %s have %d flags whose values are no text", version, len(lines))
	}
	slices.Sort(lines)
	return slices.Compact(lines), nil
}

var (
	// A flag without a word after it is true or false.
	typedFlag = regexp.MustCompile(`(?m)^ +(?:-[a-zA-Z], )?--([a-z0-9][a-zA-Z0-9-]*)(?: (\S+))?(?:  |$)`)
	etcdFlag  = regexp.MustCompile(`fs\.(\w+)Var\(&?[\w.]+, "([a-z0-9-]+)"`)
)

// valueWords are the types that kindling knows, by the words of the programs.
var valueWords = map[string]string{
	"": "bool", "bool": "bool", "duration": "duration", "Level": "int32",
	"int": "int64", "int32": "int32", "int64": "int64", "uint": "uint64", "uint32": "uint32", "uint64": "uint64",
	"float": "float64", "float32": "float64", "float64": "float64",
}
