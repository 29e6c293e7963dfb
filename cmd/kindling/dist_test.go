package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestDist makes a release twice, as two people would: in other directories, with another umask, time zone and language. It takes two of
// the platforms; the others only differ in their names.
func TestDist(t *testing.T) {
	one := madeRelease(t, "a", "umask 022; TZ=UTC LC_ALL=C .ci/dist")
	two := madeRelease(t, "a/longer/path", "umask 077; touch *; TZ=Asia/Kathmandu LC_ALL=C.UTF-8 .ci/dist")
	if diff := cmp.Diff(sums(one), sums(two)); diff != "" {
		t.Fatalf("two runs differ:\n%s", diff)
	}
	const linux, windows = "/kindling-v0-linux-amd64", "/kindling-v0-windows-amd64"
	want := []string{"/SHA256SUMS", linux + ".cdx.json", linux + ".tar.gz", windows + ".cdx.json", windows + ".zip"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(one))); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	var listed strings.Builder
	for _, name := range want[1:] {
		fmt.Fprintf(&listed, "%x  %s\n", sha256.Sum256([]byte(one[name])), name[1:])
	}
	if diff := cmp.Diff(listed.String(), one["/SHA256SUMS"]); diff != "" {
		t.Errorf("SHA256SUMS (-want +got):\n%s", diff)
	}

	unpacked := untar(t, one[linux+".tar.gz"])
	checkTree(t, unpacked, "kindling")
	checkTree(t, unzip(t, one[windows+".zip"]), "kindling.exe")
	program, err := elf.NewFile(strings.NewReader(unpacked["kindling"]))
	if err != nil {
		t.Fatal(err)
	}
	for _, segment := range program.Progs {
		if segment.Type == elf.PT_INTERP {
			t.Error("the program is not static")
		}
	}
	checkSBOM(t, one[linux+".cdx.json"], unpacked["kindling"])
}

// madeRelease commits the files of this checkout to a new repository and returns what the command leaves in its dist.
func madeRelease(t *testing.T, at, command string) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), at)
	bash := exec.Command("bash", "-euo", "pipefail", "-c", `
		mkdir -p "$1"
		(cd ../.. && git ls-files -z -co --exclude-standard | tar -c --null -T - --ignore-failed-read) | tar -x -C "$1"
		cd "$1"
		git init -q
		git add -A
		git -c user.name=a -c user.email=a@example.com commit -q -m a
		`+command, "release", dir)
	bash.Env = append(os.Environ(), "VERSION=v0", "PLATFORMS=linux/amd64 windows/amd64", "GIT_AUTHOR_DATE=@1767225600 +0000", "GIT_COMMITTER_DATE=@1767225600 +0000")
	if out, err := bash.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return contents(t, filepath.Join(dir, "dist"))
}

func sums(files map[string]string) map[string]string {
	all := map[string]string{}
	for name, content := range files {
		all[name] = fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
	}
	return all
}

func untar(t *testing.T, archive string) map[string]string {
	t.Helper()
	files := map[string]string{}
	unzipped, err := gzip.NewReader(strings.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	for all := tar.NewReader(unzipped); ; {
		header, err := all.Next()
		if errors.Is(err, io.EOF) {
			return files
		} else if err != nil {
			t.Fatal(err)
		}
		if header.Uid != 0 || header.Gid != 0 || header.Mode&^0o755 != 0 || header.ModTime.Unix() != 1767225600 {
			t.Errorf("%+v", header)
		}
		content, err := io.ReadAll(all)
		if err != nil {
			t.Fatal(err)
		}
		add(files, header.Name, content)
	}
}

func unzip(t *testing.T, archive string) map[string]string {
	t.Helper()
	files := map[string]string{}
	all, err := zip.NewReader(strings.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		add(files, f.Name, content)
	}
	return files
}

// add leaves out the directory that everything is in.
func add(files map[string]string, name string, content []byte) {
	if _, name, _ = strings.Cut(name, "/"); name != "" && !strings.HasSuffix(name, "/") {
		files[name] = string(content)
	}
}

// checkTree holds an archive against what it has to have.
func checkTree(t *testing.T, files map[string]string, executable string) {
	t.Helper()
	want := []string{executable, "LICENSE", "README.md", "CHANGELOG.md", "completions/kindling.bash", "completions/kindling.fish", "completions/kindling.zsh"}
	app := (&program{}).app()
	for command := range commandPaths(app.Name, app.Commands, "") {
		if command != "kindling man" {
			want = append(want, "man/man1/"+strings.ReplaceAll(command, " ", "-")+".1")
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(files))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if page := files["man/man1/kindling.1"]; !strings.HasPrefix(page, `.TH "kindling" 1 "2026-01-01" "kindling v0"`) {
		t.Errorf("%.80s", page)
	}
}

// checkSBOM holds an SBOM against CycloneDX's schema, the program that it is about and the modules in it.
func checkSBOM(t *testing.T, sbom, program string) {
	t.Helper()
	var bom struct {
		Metadata struct {
			Component  struct{ Name, Version string }
			Properties []struct{ Name, Value string }
		}
		Components []struct{ Name, Version string }
	}
	if err := json.Unmarshal([]byte(sbom), &bom); err != nil {
		t.Fatal(err)
	}
	if c := bom.Metadata.Component; c.Name != "kindling" || c.Version != "v0" {
		t.Errorf("%+v", c)
	}
	properties := map[string]string{}
	for _, p := range bom.Metadata.Properties {
		properties[p.Name] = p.Value
	}
	if got, want := properties["cdx:gomod:binary:hash:SHA-256"], fmt.Sprintf("%x", sha256.Sum256([]byte(program))); got != want {
		t.Errorf("the SBOM is about a program with the SHA-256 %s, not %s", got, want)
	}
	var got []string
	for _, c := range bom.Components {
		if c.Name != "std" {
			got = append(got, c.Name+" "+c.Version)
		}
	}
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", ".")
	list.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(strings.ReplaceAll(strings.TrimSpace(string(out)), " ", "@"))
	for i := range want {
		want[i] = strings.Replace(want[i], "@", " ", 1)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
		t.Errorf("modules (-in the program +in the SBOM):\n%s", diff)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(sbom))
	if err != nil {
		t.Fatal(err)
	}
	if err := cycloneDX(t).Validate(document); err != nil {
		t.Error(err)
	}
}

// cycloneDX is the schema of CycloneDX 1.6, which its Go library brings along for its own tests.
func cycloneDX(t *testing.T) *jsonschema.Schema {
	t.Helper()
	download := exec.Command("go", "mod", "download", "-json", "github.com/CycloneDX/cyclonedx-go@v0.12.0")
	download.Dir = t.TempDir()
	out, err := download.Output()
	if err != nil {
		t.Fatal(err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	for _, name := range []string{"bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schemax.json"} {
		text, err := os.ReadFile(filepath.Join(module.Dir, "schema", name))
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource(document.(map[string]any)["$id"].(string), document); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
