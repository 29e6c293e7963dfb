// Package flags asks real programs for their flags, and keeps the answers where generator/internal/flags reads them.
package flags

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/kindling"
)

// Components are those whose programs are asked. kubeadm says which etcd goes with its release; the fields of KubeletConfiguration come
// from its Go type, and the feature gates and controllers from Kubernetes' source.
var Components = []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "etcd", kubeletConfiguration, featureGates, lockedGates, controllerManagerGates, etcdGates, admissionPlugins, controllers}

const kubeletConfiguration = "KubeletConfiguration"

var minorOf = regexp.MustCompile(`^v1\.([0-9]+)\.[0-9]+$`)

// Update puts the flags of one component into its file. It builds the program if it is not there.
func Update(ctx context.Context, component, version string) error {
	found := minorOf.FindStringSubmatch(version)
	if found == nil {
		return fmt.Errorf("%q is no release", version)
	}
	names, err := Ask(ctx, component, version)
	if err != nil {
		return err
	}
	file := fileOf(component)
	known, err := read(file)
	if err != nil {
		return err
	}
	for name, minors := range known {
		known[name] = slices.DeleteFunc(minors, func(minor string) bool { return minor == found[1] })
	}
	for _, name := range names {
		known[name] = slices.Sorted(slices.Values(append(known[name], found[1])))
	}
	return write(file, known)
}

// Known are the flags that the component's file has for a release.
func Known(component, version string) ([]string, error) {
	found := minorOf.FindStringSubmatch(version)
	if found == nil {
		return nil, fmt.Errorf("%q is no release", version)
	}
	known, err := read(fileOf(component))
	var names []string
	for name, minors := range known {
		if slices.Contains(minors, found[1]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, err
}

func fileOf(component string) string {
	return filepath.Join(kindling.Source(), "generator", "internal", "flags", component+".txt")
}

// Ask are the flags that the program of a release lists, sorted.
func Ask(ctx context.Context, component, version string) ([]string, error) {
	switch component {
	case kubeletConfiguration:
		return kubeletFields(version)
	case featureGates:
		return declaredGates(version)
	case lockedGates:
		return locked(version)
	case controllerManagerGates:
		return notOfScheduler(version)
	case etcdGates:
		return gatesOfEtcd(ctx, version)
	case admissionPlugins:
		return pluginsOf(ctx, version)
	case controllers:
		return controllersOf(version)
	}
	program, err := Program(ctx, component, version)
	if err != nil {
		return nil, err
	}
	return listed(program)
}

// Program is the path of a component's program in a release of Kubernetes; it is built if it is not there.
func Program(ctx context.Context, component, version string) (string, error) {
	if component != "etcd" {
		return built(ctx, build.Kubernetes(component, version))
	}
	etcd, err := etcdRelease(version)
	if err != nil {
		return "", err
	}
	return built(ctx, build.Etcd("etcd", "v"+etcd))
}

// etcdRelease is the version of etcd that kubeadm starts.
func etcdRelease(version string) (string, error) {
	text, err := moduleFile("k8s.io/kubernetes", version, "cmd/kubeadm/app/constants/constants.go")
	if err != nil {
		return "", err
	}
	found := etcdVersion.FindSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("kubeadm %s names no version of etcd", version)
	}
	return string(found[1]), nil
}

// built is the path of a program, which is built if it is not there.
func built(ctx context.Context, program build.Program) (string, error) {
	if err := program.Artifact().Make(ctx); err != nil {
		return "", err
	}
	return program.Path()
}

// moduleFile reads a file of a module, which the builds have downloaded.
func moduleFile(module, version, name string) ([]byte, error) {
	dir, err := moduleDir(module, version)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
}

// moduleDir is where the builds have put a module.
func moduleDir(module, version string) (string, error) {
	modules, err := exec.Command("go", "env", "GOMODCACHE").Output()
	return filepath.Join(strings.TrimSpace(string(modules)), filepath.FromSlash(module)+"@"+version), err
}

// kubeletFields are the fields of KubeletConfiguration, by the names that they have in YAML.
func kubeletFields(version string) ([]string, error) {
	text, err := moduleFile("k8s.io/kubelet", "v0."+strings.TrimPrefix(version, "v1."), "config/v1beta1/types.go")
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), "types.go", text, 0)
	if err != nil {
		return nil, err
	}
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		typ, ok := n.(*ast.TypeSpec)
		if !ok || typ.Name.Name != kubeletConfiguration {
			return !ok
		}
		for _, field := range typ.Type.(*ast.StructType).Fields.List {
			tag := reflect.StructTag(strings.Trim(field.Tag.Value, "`"))
			if name, _, _ := strings.Cut(tag.Get("json"), ","); name != "" {
				names = append(names, name)
			}
		}
		return false
	})
	if len(names) < 20 {
		return nil, fmt.Errorf("%s of %s has %d fields", kubeletConfiguration, version, len(names))
	}
	slices.Sort(names)
	return names, nil
}

var etcdVersion = regexp.MustCompile(`DefaultEtcdVersion = "([0-9.]+)-`)

var flagLine = regexp.MustCompile(`(?m)^ +(?:-[a-zA-Z], )?--([a-z0-9][a-zA-Z0-9-]*)`)

// listed are the flags that a program's help lists.
func listed(program string) ([]string, error) {
	out, err := exec.Command(program, "--help").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s --help: %w", program, err)
	}
	var names []string
	for _, found := range flagLine.FindAllSubmatch(out, -1) {
		names = append(names, string(found[1]))
	}
	if len(names) < 20 {
		return nil, fmt.Errorf("%s --help lists %d flags", program, len(names))
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// read returns the minors of each flag; none if there is no file yet.
func read(file string) (map[string][]string, error) {
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	known := map[string][]string{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		words := strings.Fields(lines.Text())
		known[words[0]] = words[1:]
	}
	return known, nil
}

func write(file string, known map[string][]string) error {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if minors := known[name]; len(minors) > 0 {
			fmt.Fprintln(&text, name, strings.Join(minors, " "))
		}
	}
	return os.WriteFile(file, []byte(text.String()), 0o644)
}
