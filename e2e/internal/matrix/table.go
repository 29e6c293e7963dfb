package matrix

import (
	"fmt"
	"os"
	"strings"
)

// A Row is the result of a case.
type Row struct {
	Runs, Outcome, Commit, Date, Scripts string
}

// A Table is the rows of docs/fault-matrix.md, by the names of their cases.
type Table map[string]Row

const head = `# The fault matrix

Written by ` + "`make e2e-matrix`" + `, which injects one fault after another into clusters of real machines. A row is only there if
every run passed: the cluster is the same as before and still has all its data, or the machines wait and say why.

The last column is a hash of the scripts and systemd units that the machines of the case ran. Once the documents of the case
have others, ` + "`.ci/run`" + ` fails until ` + "`make e2e-matrix`" + ` has run the case again.

| case | runs | outcome | commit | date | scripts |
| --- | ---: | --- | --- | --- | --- |
`

// Read reads a table. If there is no file, the table is empty.
func Read(file string) (Table, error) {
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return Table{}, nil
	}
	if err != nil {
		return nil, err
	}
	_, rows, found := strings.Cut(string(text), head)
	if !found {
		return nil, fmt.Errorf("%s does not have the head that e2e-matrix writes", file)
	}
	table := Table{}
	for line := range strings.Lines(rows) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 6 {
			return nil, fmt.Errorf("%s: a row with %d cells: %s", file, len(cells), line)
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		table[cells[0]] = Row{cells[1], cells[2], cells[3], cells[4], cells[5]}
	}
	return table, nil
}

// Write writes the rows of these cases, in their order.
func (t Table) Write(file string, cases []Case) error {
	text := new(strings.Builder)
	text.WriteString(head)
	for _, c := range cases {
		if row, ok := t[c.Name]; ok {
			fmt.Fprintf(text, "| %s | %s | %s | %s | %s | %s |\n", c.Name, row.Runs, row.Outcome, row.Commit, row.Date, row.Scripts)
		}
	}
	return os.WriteFile(file, []byte(text.String()), 0o644)
}
