package yamlfile

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// menu has a field of every type that can be decoded.
type menu struct {
	Name    string            `json:"name" jsonschema:"example=lunch"`
	Kind    string            `json:"kind,omitempty" jsonschema:"enum=lunch,enum=dinner"`
	Guests  int               `json:"guests,omitempty" jsonschema:"minimum=1,maximum=12"`
	Dishes  []dish            `json:"dishes,omitempty"`
	Notes   map[string]string `json:"notes,omitempty"`
	Dessert *dish             `json:"dessert,omitempty"`

	price int // no field of the file
}

type dish struct {
	Title string `json:"title"`
	Spice spice  `json:"spice,omitzero"`
}

type spice string

func (s *spice) UnmarshalText(text []byte) error {
	if string(text) == "none" {
		return errors.New("is no spice; leave it out")
	}
	*s = spice(text)
	return nil
}

var menus = Kind{Name: "menu.yaml", MaxSize: 1 << 10, Keys: "name", Start: "ask the cook for one", Reference: "the cook's notes"}

func TestRead(t *testing.T) {
	var got menu
	file := menus.Read([]byte(`name: monday
kind: lunch
guests: 12
dishes: [{title: soup, spice: pepper}, {title: ""}]
notes: {salt: "no", "2": two}
dessert: {title: ice}
`), &got)
	if problems := file.Problems(); len(problems) > 0 || !file.Decoded() {
		t.Fatal(problems)
	}
	want := menu{
		Name: "monday", Kind: "lunch", Guests: 12, Dishes: []dish{{"soup", "pepper"}, {}},
		Notes: map[string]string{"salt": "no", "2": "two"}, Dessert: &dish{Title: "ice"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(menu{})); diff != "" {
		t.Error(diff)
	}
}

func TestReadProblems(t *testing.T) {
	for name, test := range map[string]struct{ source, want string }{
		"empty":             {"# nothing\n", "1:1: the file is empty; ask the cook for one"},
		"a list":            {"- a\n", "1:1: must be a mapping with keys such as name; ask the cook for one"},
		"two documents":     {"name: a\n---\nname: b\n", "2:1: a second document begins here, but menu.yaml must be one document; remove the line `---`"},
		"too large":         {strings.Repeat("# aaaa\n", 200), "1:1: the file has more than 1024 bytes, the most that menu.yaml may have; is this the right file?"},
		"not text":          {"name: a\xff\n", "1:8: this byte is not UTF-8 text; is this the right file?"},
		"not YAML":          {"name: [a\n", "1:7: not YAML: did not find expected ',' or ']'; close the [ of line 1 with a ]"},
		"missing":           {"guests: 1\n", "1:1: name: missing; add it, such as `name: lunch`"},
		"without a value":   {"name:\n", "1:1: name: missing; add it, such as `name: lunch`"},
		"misspelt":          {"nmae: a\n", "1:1: nmae: unknown key (did you mean \"name\"?)"},
		"elsewhere":         {"name: a\nspice: hot\n", "2:1: spice: unknown key; known keys: name, kind, guests, dishes, notes, dessert"},
		"a key of the top":  {"name: a\ndishes: [{title: b, guests: 2}]\n", "2:21: dishes[0].guests: unknown key; known keys: title, spice"},
		"duplicate":         {"name: a\nname: b\n", "2:1: name: duplicate key, first used on line 1; remove one"},
		"unlisted":          {"name: a\nkind: diner\n", "2:7: kind: unknown kind \"diner\"; one of lunch, dinner (did you mean \"dinner\"?)"},
		"too few":           {"name: a\nguests: 0\n", "2:9: guests: must be positive, not 0"},
		"too many":          {"name: a\nguests: 13\n", "2:9: guests: must be at most 12, not 13"},
		"no number":         {"name: a\nguests: all\n", "2:9: guests: must be a whole number, not the string \"all\""},
		"no mapping":        {"name: a\ndessert: ice\n", "2:10: dessert: must be a mapping of keys to values, not the string \"ice\""},
		"no list":           {"name: a\ndishes: {}\n", "2:9: dishes: must be a list, not a mapping"},
		"unquoted":          {"name: 5\n", "1:7: name: must be a string, not the number 5; put it in quotes: \"5\""},
		"by its own type":   {"name: a\ndessert: {title: b, spice: none}\n", "2:28: dessert.spice: \"none\" is no spice; leave it out"},
		"alias":             {"name: &a b\nkind: *a\n", "1:7: anchors are not allowed; remove &a and repeat the value where it is needed\n2:7: aliases are not allowed; write the value itself instead of *a"},
		"a secret":          {"name: a\nkind: abcdef.0123456789abcdef\n", "2:7: kind: unknown kind (a secret, not shown); one of lunch, dinner"},
		"not Go's to fill":  {"name: a\nprice: 5\n", "2:1: price: unknown key; known keys: name, kind, guests, dishes, notes, dessert"},
		"several, in order": {"guests: 13\nkind: snack\n", "1:1: name: missing; add it, such as `name: lunch`\n1:9: guests: must be at most 12, not 13\n2:7: kind: unknown kind \"snack\"; one of lunch, dinner"},
	} {
		if diff := cmp.Diff(test.want, menus.Read([]byte(test.source), new(menu)).Problems().Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestErrorf has the problems that a file's own rules add.
func TestErrorf(t *testing.T) {
	file := menus.Read([]byte("name: 5\nguests: 13\nnotes: {salt: a}\nkind:\n"), new(menu))
	file.Errorf(Path{"guests"}, "is not noted: the field is faulty")
	file.Errorf(Path{"name"}, "%s is taken", Quote("5")) // and then not unquoted
	file.Warnf(Path{"notes", "salt"}, "is unhealthy")
	file.KeyErrorf(Path{"notes", "salt"}, "is misspelt")
	file.Errorf(Path{"dessert", "title"}, "is at the mapping that lacks it")
	file.Refuse(Path{"notes"}, "are too few")
	file.Errorf(Path{"notes", "salt"}, "is not noted: what it is in is faulty")
	want := `1:1: dessert.title: is at the mapping that lacks it
1:7: name: "5" is taken
2:9: guests: must be at most 12, not 13
3:8: notes: are too few
3:9: notes.salt: is misspelt
3:15: warning: notes.salt: is unhealthy`
	if diff := cmp.Diff(want, file.Problems().Error()); diff != "" {
		t.Error(diff)
	}
	for path, want := range map[string]bool{"name": true, "kind": false, "dessert": false} {
		if got := file.Has(Path{path}); got != want {
			t.Errorf("has %s: %v", path, got)
		}
	}
	if file.Sound("notes", "salt") || !file.Sound("name") {
		t.Error("what is refused is sound, or the other way round")
	}
}
