package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/urfave/cli/v2"
)

// manCommand writes the manual: a page for the program and one for each command, made of the same texts as the help. It is hidden because
// only those who package kindling need it.
func (p *program) manCommand() *cli.Command {
	return &cli.Command{
		Name:      "man",
		Usage:     "write the manual's pages to a directory",
		ArgsUsage: "DIR",
		UsageText: "kindling man man1",
		Hidden:    true,
		Action: func(ctx *cli.Context) error {
			date, err := p.releaseDate()
			if err != nil {
				return err
			}
			root := &cli.Command{
				Name: ctx.App.Name, Usage: ctx.App.Usage, Description: ctx.App.Description, UsageText: ctx.App.UsageText,
				Flags: ctx.App.VisibleFlags(), Subcommands: ctx.App.Commands,
			}
			return writePages(ctx.Args().First(), manPage{Command: root, Date: date.UTC().Format(time.DateOnly), Version: version()})
		},
	}
}

// releaseDate is today or, where a build must give the same bytes every day, the time that it sets:
// https://reproducible-builds.org/specs/source-date-epoch/
func (p *program) releaseDate() (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return p.now(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: %q is not a number of seconds", epoch)
	}
	return time.Unix(seconds, 0), nil
}

// manPage is the page of a command.
type manPage struct {
	Command *cli.Command
	// Parents are the words before the command's name.
	Parents       []string
	Date, Version string
}

// Words is the command as it is typed.
func (m manPage) Words() string { return strings.Join(append(m.Parents, m.Command.Name), " ") }

// Name is that of the page. As with git's, a page's name has a hyphen where the command has a blank.
func (m manPage) Name() string { return strings.ReplaceAll(m.Words(), " ", "-") }

// Flags are the labels and the texts of the command's flags, as the help has them.
func (m manPage) Flags() (flags [][]string) {
	all := m.Command.VisibleFlags()
	if m.Parents != nil { // urfave/cli gives it to a command that runs
		all = append(all, cli.HelpFlag)
	}
	for _, f := range all {
		flags = append(flags, strings.SplitN(f.String(), "\t", 2))
	}
	return flags
}

// Below are the pages of the command's own commands.
func (m manPage) Below() (pages []manPage) {
	for _, c := range m.Command.VisibleCommands() {
		pages = append(pages, manPage{c, append(m.Parents[:len(m.Parents):len(m.Parents)], m.Command.Name), m.Date, m.Version})
	}
	return pages
}

//go:embed man.1.tmpl
var manText string

var manTemplate = template.Must(template.New("man").Funcs(template.FuncMap{"roff": roff}).Parse(manText))

// roff escapes a text so that it arrives as it is: a shell's quotes and hyphens can be copied from the page.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(text)
	return strings.ReplaceAll("\n"+text, "\n.", "\n\\&.")[1:]
}

func writePages(dir string, page manPage) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var text strings.Builder
	if err := manTemplate.Execute(&text, page); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, page.Name()+".1"), []byte(text.String()), 0o644); err != nil {
		return err
	}
	for _, below := range page.Below() {
		if err := writePages(dir, below); err != nil {
			return err
		}
	}
	return nil
}
