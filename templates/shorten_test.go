package templates

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"mvdan.cc/sh/v3/syntax"
)

func TestShorten(t *testing.T) {
	for name, test := range map[string]struct{ script, want string }{
		"expansions, arithmetic, loops and read": {
			`main() { local first=1 list=(); for word in "${list[@]}"; do read -r -t 5 first <"$word"; list+=("$((first * 2))"); done; }`,
			`main() { local a=1 b=(); for word in "${b[@]}"; do read -r -t 5 a <"$word"; b+=("$((a * 2))"); done; }`,
		},
		"printf -v": {
			`main() { local line; printf -v line %s line; printf line; echo "$line"; }`,
			`main() { local a; printf -v a %s line; printf line; echo "$a"; }`,
		},
		"a caller's local is the same name in the functions that it calls": {
			`main() { local answers; step_ask; echo $answers; }; step_ask() { answers=$1; }`,
			`main() { local a; step_ask; echo $a; }; step_ask() { a=$1; }`,
		},
		"what is used outside of functions stays, in them as well": {
			`state=/var; main() { local state=$state own=1; echo $own; }`,
			`state=/var; main() { local state=$state a=1; echo $a; }`,
		},
		"what is quoted stays": {
			`main() { local socat= own=1; trap 'kill $socat' TERM; socat=$! own=2; }`,
			`main() { local socat= a=1; trap 'kill $socat' TERM; socat=$! a=2; }`,
		},
		"no name is taken twice": {
			`main() { local b text; echo $b $text; a=1; }`,
			`main() { local c d; echo $c $d; a=1; }`,
		},
		"words that are no variables stay": {
			`main() { local name key; echo name "name" $name 'name'; awk -v name="$name" '{print name}'; local -A list=([name]=1); }`,
			`main() { local a b; echo name "name" $a 'name'; awk -v name="$a" '{print name}'; local -A c=([name]=1); }`,
		},
		"functions that are called, also by optional, by trap and in substitutions": {
			`main() { ask one; ! known two || optional tell; trap silent EXIT; x=$(ask three); ask < <(known); }; ask() { :; }; known() { :; }; tell() { :; }; silent() { :; }; optional() { :; }`,
			`main() { a one; ! b two || c e; trap d EXIT; x=$(a three); a < <(b); }; a() { :; }; b() { :; }; e() { :; }; d() { :; }; c() { :; }`,
		},
		"functions whose names are words as well, or that a user's step calls": {
			`main() { status running; reply; say hello; declare -f reply; }; running() { :; }; status() { :; }; reply() { :; }; say() { :; }`,
			`main() { a running; reply; say hello; declare -f reply; }; running() { :; }; a() { :; }; reply() { :; }; say() { :; }`,
		},
		"functions that are called from outside": {
			`begin() { :; }; etcd_guard() { begin; }; step_one() { :; }`,
			`begin() { :; }; etcd_guard() { begin; }; step_one() { :; }`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := Parse(test.script)
			if err != nil {
				t.Fatal(err)
			}
			shorten(file, slices.Concat(entries, forOwnSteps))
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
