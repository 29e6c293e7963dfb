// Command e2e-matrix keeps docs/fault-matrix.md.
//
//	e2e-matrix             runs every case that has no row for the current scripts, and writes each row at once
//	e2e-matrix TEST...     runs the cases with these tests, whether they have a row or not
//	e2e-matrix check       fails if a case has no such row
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
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
	file := filepath.Join(kindling.Source(), matrixFile)
	table, err := matrix.Read(file)
	if err != nil {
		return err
	}
	if slices.Equal(args, []string{"check"}) {
		return check(table)
	}
	chosen, err := choose(args, table)
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range chosen {
		commit, err := cleanCommit()
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		if err := runCase(c, commit, table); err != nil {
			log.Printf("%s: %v", c.Name, err)
			errs = append(errs, fmt.Errorf("%s: %w", c.Name, err))
		}
		if err := table.Write(file, cases); err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

func check(table matrix.Table) error {
	stale, err := matrix.Stale(cases, table)
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range stale {
		errs = append(errs, fmt.Errorf("%s has no row for %q with the current scripts and a clean commit: run make e2e-matrix", matrixFile, c.Name))
	}
	return errors.Join(errs...)
}

// choose returns the cases with these tests or, if no test is named, the cases without a row.
func choose(tests []string, table matrix.Table) ([]matrix.Case, error) {
	if len(tests) == 0 {
		return matrix.Stale(cases, table)
	}
	var chosen []matrix.Case
	for _, test := range tests {
		i := slices.IndexFunc(cases, func(c matrix.Case) bool { return c.Test == test })
		if i < 0 {
			return nil, fmt.Errorf("no case has the test %s; see e2e/cmd/e2e-matrix/cases.go", test)
		}
		chosen = append(chosen, cases[i])
	}
	return chosen, nil
}

// runCase runs a case and puts its row into the table. After a failure there is no row.
func runCase(c matrix.Case, commit string, table matrix.Table) error {
	output, err := logFile(c.Test)
	if err != nil {
		return err
	}
	defer output.Close()
	log.Printf("%s: %s, its output in %s", c.Name, c.Test, output.Name())
	began := time.Now()
	row, err := c.Run(context.Background(), filepath.Join(kindling.Source(), "e2e"), output)
	if err != nil {
		delete(table, c.Name)
		return fmt.Errorf("%w (%.0f s)", err, time.Since(began).Seconds())
	}
	log.Printf("%s: %s runs: %s (%.0f s)", c.Name, row.Runs, row.Outcome, time.Since(began).Seconds())
	row.Commit = commit
	table[c.Name] = row
	return nil
}

// logFile creates the file for the output of a test.
func logFile(test string) (*os.File, error) {
	cache, err := build.CacheDir()
	if err != nil {
		return nil, err
	}
	name := filepath.Join(cache, "matrix", test+".log")
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	return os.Create(name)
}
