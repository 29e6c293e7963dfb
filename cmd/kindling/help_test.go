package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v2"
)

// commandPaths are the words of the program and of each command, groups and hidden ones included.
func commandPaths(name string, below []*cli.Command, examples string) map[string]string {
	paths := map[string]string{name: examples}
	for _, c := range below {
		for path, text := range commandPaths(name+" "+c.Name, c.Subcommands, c.UsageText) {
			paths[path] = text
		}
	}
	return paths
}

// TestExamples runs the examples of each command's help in a directory with a cluster that has been generated, and files to seal with and for a server.
func TestExamples(t *testing.T) {
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	shell := userShell(t, repository)
	base := t.TempDir()
	shell(t, "kindling new > cluster.yaml; kindling lock; kindling pki init; kindling generate; mkdir -p .config/fish/completions", base)
	identities := filepath.Join(repository, "testdata/identities")
	shell(t, `sed -i 's/name: w0,/& mac: "52:54:00:00:00:10",/' cluster.yaml; kindling generate; mkdir images`, base)
	shell(t, "openssl req -x509 -newkey ed25519 -nodes -subj /CN=boot -keyout boot.key -out boot.crt", base)
	shell(t, "cp "+identities+"/alice key.txt; cp "+identities+"/alice.pub team.txt; cp "+identities+"/bob.pub new-team.txt", base)
	app := (&program{}).app()
	for command, examples := range commandPaths(app.Name, app.Commands, app.UsageText) {
		t.Run(command, func(t *testing.T) {
			if strings.TrimSpace(examples) == "" {
				t.Error("no examples")
			}
			dir := t.TempDir()
			shell(t, "cp -a "+base+"/. .", dir)
			for line := range strings.Lines(examples) {
				if !strings.Contains(line, command) {
					t.Errorf("%q does not show %q", line, command)
				}
				if command == "kindling serve" && !strings.Contains(line, "--rearm") {
					line = untilListening(line)
				}
				shell(t, line, dir)
			}
			var help strings.Builder
			run(append(strings.Fields(command), "--help"), strings.NewReader(""), &help, &help, time.Now)
			want := "EXAMPLES:\n   " + strings.ReplaceAll(examples, "\n", "\n   ") + "\n"
			if command != "kindling help" && !strings.HasSuffix(help.String(), want) { // for which urfave/cli shows the program's
				t.Errorf("the help does not end with\n%s\n%s", want, help.String())
			}
		})
	}
}

// untilListening runs a server in a network of its own, and stops it once it listens.
func untilListening(line string) string {
	return "unshare --net " + strings.TrimSuffix(line, "\n") + " 2>log & until grep -q 'listening on' log; do kill -0 $!; sleep 0.1; done; kill $!; wait $!"
}

// TestMan holds the manual's pages against the formatters that people have. None of them has a warning.
func TestMan(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SOURCE_DATE_EPOCH", "1767225600")
	if code := run([]string{"kindling", "man", dir}, strings.NewReader(""), os.Stdout, os.Stderr, time.Now); code != 0 {
		t.Fatal(code)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	app := (&program{}).app()
	commands := commandPaths(app.Name, app.Commands, app.UsageText)
	delete(commands, "kindling man")
	if len(pages) != len(commands) {
		t.Errorf("%d pages for %d commands", len(pages), len(commands))
	}
	for _, page := range pages {
		for _, check := range [][]string{
			{"mandoc", "-T", "lint", "-W", "warning"},
			{"groff", "-man", "-ww", "-z", "-T", "utf8"},
			{"man", "--warnings=w", "-l"},
		} {
			formatter := exec.Command(check[0], append(check[1:], page)...)
			var warnings strings.Builder
			formatter.Stderr = &warnings
			text, err := formatter.Output()
			if check[0] == "mandoc" {
				warnings.Write(text) // which it writes there
			}
			if err != nil || warnings.Len() > 0 {
				t.Errorf("%s: %v %s", check, err, warnings.String())
			}
		}
	}
	for command, examples := range commands {
		page := filepath.Join(dir, strings.ReplaceAll(command, " ", "-")+".1")
		text, err := exec.Command("mandoc", "-T", "ascii", "-O", "width=200", page).Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(examples) {
			if !strings.Contains(string(text), strings.TrimSuffix(line, "\n")) {
				t.Errorf("%s does not show %q:\n%s", page, line, text)
			}
		}
	}
	first, err := os.ReadFile(filepath.Join(dir, "kindling.1"))
	if err != nil || !strings.HasPrefix(string(first), `.TH "kindling" 1 "2026-01-01" `) {
		t.Errorf("%v %.60s", err, first)
	}
}
