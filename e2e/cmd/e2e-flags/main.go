// Command e2e-flags asks the real programs of each minor for their flags, and writes what generator/internal/flags knows: a file for each
// component, with a line for each flag and the minors that have it. So it does for the fields of KubeletConfiguration, from its Go type. It builds four programs a minor, which takes ten minutes each; those
// that are in the cache it only asks.
//
//	e2e-flags VERSION...     asks these releases, such as v1.36.3, and keeps what is known of other minors
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/kindling"
)

// components whose programs are asked. kubeadm says which etcd goes with its release.
var components = []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "etcd", kubeletConfiguration}

const kubeletConfiguration = "KubeletConfiguration"

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 {
		log.Fatal("e2e-flags VERSION...")
	}
	for _, version := range os.Args[1:] {
		for _, component := range components {
			began := time.Now()
			if err := update(component, version); err != nil {
				log.Fatal(err)
			}
			log.Printf("%s %s: %.0f s", component, version, time.Since(began).Seconds())
		}
	}
}

var minorOf = regexp.MustCompile(`^v1\.([0-9]+)\.[0-9]+$`)

// update puts the flags of one program into its component's file.
func update(component, version string) error {
	found := minorOf.FindStringSubmatch(version)
	if found == nil {
		return fmt.Errorf("%q is no release", version)
	}
	names, err := namesOf(component, version)
	if err != nil {
		return err
	}
	file := filepath.Join(kindling.Source(), "generator", "internal", "flags", component+".txt")
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

func namesOf(component, version string) ([]string, error) {
	if component == kubeletConfiguration {
		return kubeletFields(version)
	}
	program, err := programOf(component, version)
	if err != nil {
		return nil, err
	}
	return listed(program)
}

func programOf(component, version string) (string, error) {
	if component != "etcd" {
		return built(build.Kubernetes(component, version))
	}
	text, err := moduleFile("kubernetes", version, "cmd/kubeadm/app/constants/constants.go")
	if err != nil {
		return "", err
	}
	found := etcdVersion.FindSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("kubeadm %s names no version of etcd", version)
	}
	return built(build.Etcd("etcd", "v"+string(found[1])))
}

// built is the path of a program, which is built if it is not there.
func built(program build.Program) (string, error) {
	if err := program.Artifact().Make(context.Background()); err != nil {
		return "", err
	}
	return program.Path()
}

// moduleFile reads a file of one of Kubernetes' modules, which the builds have downloaded.
func moduleFile(module, version, name string) ([]byte, error) {
	modules, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(modules)), "k8s.io", module+"@"+version, filepath.FromSlash(name)))
}

// kubeletFields are the fields of KubeletConfiguration, by the names that they have in YAML.
func kubeletFields(version string) ([]string, error) {
	text, err := moduleFile("kubelet", "v0."+strings.TrimPrefix(version, "v1."), "config/v1beta1/types.go")
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
	return names, nil
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
