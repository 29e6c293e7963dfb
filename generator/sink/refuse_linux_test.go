package sink_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// TestRefuse tries roots that must not be replaced. Nothing changes.
func TestRefuse(t *testing.T) {
	const move = "; move it away, or choose another directory with -o"
	many := tree{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g/h", "g/i"} {
		many["out/"+name] = name
	}
	for name, test := range map[string]struct {
		root   string
		before tree
		// setup does as root what a tree cannot say, in the directory that holds it.
		setup func() error
		want  string
	}{
		"a link":                   {"out", tree{"there/README.md": readme, "out": "-> there"}, nil, "out is not a directory, or a link to one"},
		"a link with slash":        {"out/", tree{"there/README.md": readme, "out": "-> there"}, nil, "out/ is not a directory, or a link to one"},
		"a file":                   {"out", tree{"out": "x"}, nil, "out is not a directory, or a link to one"},
		"below a file":             {"x/out", tree{"x": "x"}, nil, "not a directory"},
		"not a set":                {"out", many, nil, "out has what kindling did not write there (7: a, b, c, d, e, …)" + move},
		"a README of yours":        {"out", tree{"out/README.md": "mine\n"}, nil, "(1: README.md)" + move},
		"an index of others":       {"out", tree{"out/index.json": `{"kind": "Index"}`}, nil, "(1: index.json)" + move},
		"a set without its README": {"out", old.with(tree{"out/README.md": "-"}), nil, "(3: .gitignore, ipxe, nodes)" + move},
		"foreign files":            {"out", old.with(tree{"out/nodes/w1/notes": "", "out/.git/config": "", "out/nodes/x/y/": "", "out/empty/": ""}), nil, "(4: .git, empty, nodes/w1/notes, nodes/x/y)" + move},
		"a linked document":        {"out", old.with(tree{"out/nodes/w1/user-data": "-> ../../../secret", "secret": "s"}), nil, "(1: nodes/w1/user-data)" + move},
		"a linked node":            {"out", old.with(tree{"out/nodes/w2": "-> ../../w2", "w2/user-data": ""}), nil, "(1: nodes/w2)" + move},
		"a FIFO":                   {"out", old, func() error { return unix.Mkfifo("out/nodes/cp0/config.ign", 0o600) }, "(1: nodes/cp0/config.ign)" + move},
		"foreign files in a stage of an earlier release": {"out", tree{"out/.kindling-1/mine": ""}, nil, "(1: .kindling-1/mine)" + move},
		"the working directory":                          {".", tree{}, nil, ". is the working directory, which cannot be replaced; run kindling from another one"},
		"a repository":                                   {".", tree{".git/config": "", "README.md": ""}, nil, ". has what kindling did not write there (2: .git, README.md)" + move},
		"the file system":                                {"/", tree{}, nil, "/ is the root of the file system"},
		"another user's": {"out", old, func() error { return os.Chown("out", 1000, 1000) },
			"out belongs to another user (uid 1000), who could replace what is in it; choose another directory with -o, or run kindling as that user"},
		"another user's, empty": {"out", tree{"out/": ""}, func() error { return os.Chown("out", 1000, 1000) }, "out belongs to another user"},
		"all may write":         {"out", old, func() error { return os.Chmod("out", 0o777) }, "out (mode 0777) lets other users write; chmod go-w out, or choose another directory with -o"},
		"a group may write":     {"out", old, func() error { return os.Chmod("out", 0o770) }, "lets other users write"},
		"all may write, sticky": {"out", old, func() error { return os.Chmod("out", 0o777|os.ModeSticky) }, "lets other users write"},
		"below another user's":  {"x/out", tree{"x/": ""}, func() error { return os.Chown("x", 1000, 1000) }, "/x belongs to another user (uid 1000)"},
		"below another user's, sticky": {"x/out", tree{"x/": ""}, func() error {
			return errors.Join(os.Chown("x", 1000, 1000), os.Chmod("x", 0o777|os.ModeSticky))
		}, "/x belongs to another user (uid 1000)"},
		"where all may write":         {"x/out", tree{"x/": ""}, func() error { return os.Chmod("x", 0o777) }, "lets other users write; chmod go-w"},
		"where a group may write":     {"x/out", tree{"x/": ""}, func() error { return errors.Join(os.Chown("x", 0, 1000), os.Chmod("x", 0o775)) }, "lets other users write; chmod go-w"},
		"a file in the stage's place": {"out", tree{".out.kindling": ""}, nil, "/.out.kindling is in the way of the new set; remove it"},
		"a link in the stage's place": {"out", tree{".out.kindling": "-> x", "x/": ""}, nil, "/.out.kindling is in the way of the new set; remove it"},
		"another user's stage":        {"out", tree{".out.kindling/": ""}, func() error { return os.Chown(".out.kindling", 1000, 1000) }, "/.out.kindling belongs to another user (uid 1000)"},
		"a mount point": {"out", tree{"out/": ""}, func() error { return unix.Mount("tmpfs", "out", "tmpfs", 0, "mode=700") },
			"out is a mount point, which cannot be replaced; choose a directory below it with -o"},
		"a read-only parent": {"x/out", tree{"x/out/README.md": readme}, func() error {
			return errors.Join(unix.Mount("x", "x", "", unix.MS_BIND, ""), unix.Mount("", "x", "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY, ""))
		}, "/x/.out.kindling, where the new set is written: read-only file system"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			test.before.make(t, ".")
			if test.setup != nil {
				if err := test.setup(); err != nil {
					t.Fatal(err)
				}
			}
			defer unix.Unmount("out", unix.MNT_DETACH)
			defer unix.Unmount("x", unix.MNT_DETACH)
			before := treeOf(t, ".")
			_, err := generate(test.root, true, next)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
			if diff := cmp.Diff(before, treeOf(t, ".")); diff != "" {
				t.Errorf("(-before +after):\n%s", diff)
			}
		})
	}
}
