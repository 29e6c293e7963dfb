// Command e2e-matrix keeps docs/fault-matrix.md.
//
//	e2e-matrix          runs every case whose row is missing or tells of other scripts, and writes each row as it comes
//	e2e-matrix check    fails if there is such a case
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/matrix"
)

func main() {
	log.SetFlags(0)
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(args []string) error {
	source := kindling.Source()
	file := filepath.Join(source, "docs/fault-matrix.md")
	table, err := matrix.Read(file)
	if err != nil {
		return err
	}
	stale, err := matrix.Stale(source, cases, table)
	if err != nil {
		return err
	}
	if len(args) == 1 && args[0] == "check" {
		return check(stale)
	}
	var errs []error
	for _, c := range stale {
		row, err := runCase(source, c)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.Name, err))
			log.Printf("%s: %v", c.Name, err)
			continue
		}
		table[c.Name] = row
		if err := table.Write(file, cases); err != nil {
			return err
		}
	}
	text, err := os.ReadFile(file)
	fmt.Print(string(text))
	return errors.Join(append(errs, err)...)
}

func check(stale []matrix.Case) error {
	var errs []error
	for _, c := range stale {
		errs = append(errs, fmt.Errorf("docs/fault-matrix.md tells nothing of %q as the scripts are now: run make e2e-matrix", c.Name))
	}
	return errors.Join(errs...)
}

func runCase(source string, c matrix.Case) (matrix.Row, error) {
	scripts, err := c.Scripts(source)
	if err != nil {
		return matrix.Row{}, err
	}
	commit, err := exec.Command("git", "-C", source, "describe", "--always", "--dirty", "--exclude=*").Output()
	if err != nil {
		return matrix.Row{}, fmt.Errorf("git describe: %w", err)
	}
	cache, err := build.CacheDir()
	if err != nil {
		return matrix.Row{}, err
	}
	name := filepath.Join(cache, "matrix", c.Test+".log")
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return matrix.Row{}, err
	}
	output, err := os.Create(name)
	if err != nil {
		return matrix.Row{}, err
	}
	defer output.Close()
	log.Printf("%s: %s, its output in %s", c.Name, c.Test, name)
	began := time.Now()
	row, err := c.Run(context.Background(), filepath.Join(source, "e2e"), output)
	log.Printf("%s: %s runs: %s (%.0f s)", c.Name, row.Runs, row.Outcome, time.Since(began).Seconds())
	row.Commit, row.Scripts = strings.TrimSpace(string(commit)), scripts
	return row, err
}
