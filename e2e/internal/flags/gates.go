package flags

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	featureGates           = "FeatureGates"
	lockedGates            = "LockedGates"
	controllerManagerGates = "ControllerManagerGates"
	etcdGates              = "EtcdGates"
)

// gateModules declare the feature gates that all of Kubernetes' programs have.
var gateModules = []string{"kubernetes/pkg/features", "apiserver/pkg/features", "apiextensions-apiserver/pkg/features", "component-base", "client-go/features"}

// controllerManagerModule declares some of these, and others, which kube-scheduler does not have.
const controllerManagerModule = "controller-manager/pkg/features"

// constant is a line such as NodeSwap featuregate.Feature = "NodeSwap"; some have the type around the text, or none.
var constant = regexp.MustCompile(`(\w+)(?:\s+[\w.]*Feature)?\s*=\s*(?:[\w.]*Feature\()?"([A-Z]\w*)"`)

// declaredGates are the feature gates in the source of a release.
func declaredGates(version string) ([]string, error) {
	specs, err := gateSpecs(version, gateModules...)
	return slices.Sorted(maps.Keys(specs)), err
}

// notOfScheduler are the feature gates that the other programs have beside them, and kube-scheduler has not.
func notOfScheduler(version string) ([]string, error) {
	all, err := declaredGates(version)
	if err != nil {
		return nil, err
	}
	specs, err := gateSpecs(version, append(gateModules, controllerManagerModule)...)
	var others []string
	for _, name := range slices.Sorted(maps.Keys(specs)) {
		if !slices.Contains(all, name) {
			others = append(others, name)
		}
	}
	return others, err
}

// locked are the feature gates that a release does not let anyone change, with the value that they have, such as NodeSwap=true.
func locked(version string) ([]string, error) {
	specs, err := gateSpecs(version, gateModules...)
	var names []string
	for name, spec := range specs {
		if spec["LockToDefault"] == "true" {
			names = append(names, name+"="+spec["Default"])
		}
	}
	slices.Sort(names)
	return names, err
}

var gateLine = regexp.MustCompile(`(?m)^ +([A-Z]\w*)=true\|false`)

// gatesOfEtcd are the feature gates that the help of etcd lists; there are none before etcd 3.6.
func gatesOfEtcd(ctx context.Context, version string) ([]string, error) {
	etcd, err := Program(ctx, "etcd", version)
	if err != nil {
		return nil, err
	}
	help, err := exec.Command(etcd, "--help").CombinedOutput()
	var names []string
	for _, found := range gateLine.FindAllSubmatch(help, -1) {
		names = append(names, string(found[1]))
	}
	slices.Sort(names)
	return names, err
}

// gateSpecs are the specifications of a release's feature gates in these modules.
func gateSpecs(version string, modules ...string) (map[string]map[string]string, error) {
	minor, err := strconv.Atoi(minorOf.FindStringSubmatch(version)[1])
	if err != nil {
		return nil, err
	}
	names, specs := map[string]string{}, map[string]map[string]string{}
	for _, module := range append(gateModules, controllerManagerModule) {
		err := eachSourceFile(module, version, func(path string, text []byte) error {
			for _, found := range constant.FindAllSubmatch(text, -1) {
				names[string(found[1])] = string(found[2])
			}
			if !slices.Contains(modules, module) {
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				entry, ok := n.(*ast.KeyValueExpr)
				if !ok {
					return true
				}
				if spec := specOf(entry.Value, minor); spec["Default"] != "" {
					specs[lastName(entry.Key)] = spec
				}
				return true
			})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	named := map[string]map[string]string{}
	for constant, spec := range specs {
		if names[constant] == "" {
			return nil, fmt.Errorf("the source of %s does not say which feature gate %s is", version, constant)
		}
		named[names[constant]] = spec
	}
	if len(named) < 50 {
		return nil, fmt.Errorf("the source of %s has %d feature gates", version, len(named))
	}
	return named, nil
}

// specOf has the fields of a feature gate's specification: {Default: true, …}, or the last one up to a minor of
// {{Version: version.MustParse("1.30"), …}, …}.
func specOf(value ast.Expr, minor int) map[string]string {
	fields := map[string]string{}
	list, ok := value.(*ast.CompositeLit)
	if !ok {
		return fields
	}
	for _, element := range list.Elts {
		switch element := element.(type) {
		case *ast.KeyValueExpr:
			fields[lastName(element.Key)] = lastName(element.Value)
		case *ast.CompositeLit:
			later := specOf(element, minor)
			if reached(later["Version"], minor) {
				fields = later
			}
		}
	}
	return fields
}

// reached says whether 1.minor is at least this version, such as 1.30, or 0.0.
func reached(version string, minor int) bool {
	major, rest, _ := strings.Cut(version, ".")
	since, err := strconv.Atoi(rest)
	return err == nil && (major == "0" || since <= minor)
}

// lastName is the name of a field, a constant of another package, or what a function gets, with dots between.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.BasicLit:
		return strings.Trim(e.Value, `"`)
	case *ast.CallExpr:
		var args []string
		for _, arg := range e.Args {
			args = append(args, lastName(arg))
		}
		return strings.Join(args, ".")
	}
	return ""
}

// eachSourceFile reads the source files of a directory of one of Kubernetes' modules, which older releases may not have.
func eachSourceFile(place, version string, read func(path string, text []byte) error) error {
	module, below, _ := strings.Cut(place, "/")
	if module != "kubernetes" {
		version = "v0." + strings.TrimPrefix(version, "v1.")
	}
	dir, err := moduleDir("k8s.io/"+module, version)
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err != nil {
		return err
	}
	return filepath.WalkDir(filepath.Join(dir, filepath.FromSlash(below)), func(path string, _ fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return read(path, text)
	})
}
