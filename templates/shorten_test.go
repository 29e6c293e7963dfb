package templates

import (
	"bytes"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"mvdan.cc/sh/v3/syntax"
)

func TestShorten(t *testing.T) {
	for name, test := range map[string]struct{ script, want string }{
		"expansions, arithmetic, loops and read": {
			`f() { local first=1 list=(); for word in "${list[@]}"; do read -r -t 5 first <"$word"; list+=("$((first * 2))"); done; }`,
			`f() { local a=1 b=(); for word in "${b[@]}"; do read -r -t 5 a <"$word"; b+=("$((a * 2))"); done; }`,
		},
		"a caller's local is the same name in the functions that it calls": {
			`f() { local answers; ask; echo $answers; }; ask() { answers=$1; }`,
			`f() { local a; ask; echo $a; }; ask() { a=$1; }`,
		},
		"what is used outside of functions stays, in them as well": {
			`state=/var; f() { local state=$state own=1; echo $own; }`,
			`state=/var; f() { local state=$state a=1; echo $a; }`,
		},
		"no name is taken twice": {
			`f() { local b text; echo $b $text; a=1; }`,
			`f() { local c d; echo $c $d; a=1; }`,
		},
		"words that are no variables stay": {
			`f() { local name key; echo name "name" $name '$name'; awk -v name="$name" '{print name}'; local -A list=([name]=1); }`,
			`f() { local a b; echo name "name" $a '$name'; awk -v name="$a" '{print name}'; local -A c=([name]=1); }`,
		},
		"a user's step stays": {
			`step_user() { local name=1; echo $name; }; f() { local other; }`,
			`step_user() { local name=1; echo $name; }; f() { local a; }`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := Parse(test.script)
			if err != nil {
				t.Fatal(err)
			}
			shorten(file, func(function string) bool { return function != "step_user" })
			var out bytes.Buffer
			if err := syntax.NewPrinter(syntax.SingleLine(true)).Print(&out, file); err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(test.want, strings.TrimSpace(out.String())); diff != "" {
				t.Error(diff)
			}
		})
	}
}
