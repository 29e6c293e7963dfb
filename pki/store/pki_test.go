package store

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
)

// person is somebody with an identity.
type person struct {
	recipients Recipients
	identities *Identities
}

func newPerson(t testing.TB) person {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	to, err := ParseRecipients("test", []byte(key.Recipient().String()))
	if err != nil {
		t.Fatal(err)
	}
	return person{to, identities(key.String())}
}

// identities come from these texts.
func identities(texts ...string) *Identities {
	found := &Identities{Passphrase: func(string) ([]byte, error) { return nil, errors.New("asks for a passphrase") }}
	for _, text := range texts {
		found.Sources = append(found.Sources, Source{"id", func() ([]byte, error) { return []byte(text), nil }})
	}
	return found
}

// holdPKI locks the PKI until the test is over.
func holdPKI(t testing.TB, p *PKI) *PKI {
	t.Helper()
	unlock, err := p.Lock()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(unlock)
	return p
}

// sealed is a directory with these files, sealed to somebody and held.
func sealed(t testing.TB, to person, files map[string][]byte) (*PKI, Directory) {
	t.Helper()
	dir := Directory(filepath.Join(t.TempDir(), "pki"))
	p := holdPKI(t, Open(string(dir), to.identities))
	if err := p.Add(files); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Seal(to.recipients); err != nil {
		t.Fatal(err)
	}
	return p, dir
}

// opened has what a PKI says of these files.
func opened(t testing.TB, p *PKI, names map[string][]byte) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	for name := range names {
		data, err := p.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		found[name] = data
	}
	return found
}

// inTheClear are the files below a directory that have a secret of the sample.
func inTheClear(t testing.TB, dir Directory) []string {
	t.Helper()
	var found []string
	for name, description := range tree(t, string(dir)) {
		if strings.Contains(description, ".key") || strings.Contains(description, "bootstrap-token") {
			found = append(found, name)
		}
	}
	return found
}

func TestSeal(t *testing.T) {
	alice := newPerson(t)
	p, dir := sealed(t, alice, sample("first"))
	if diff := cmp.Diff(sample("first"), opened(t, p, sample(""))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if found := inTheClear(t, dir); found != nil {
		t.Errorf("in the clear: %q", found)
	}
	want := []string{
		".", ".gitignore", ".lock", "a.crt", "a.key.age", "bootstrap-token.age", "nodes", "nodes/w0", "nodes/w0/b.crt", "nodes/w0/b.key.age", "recipients",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(tree(t, string(dir))))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	names, err := p.Names()
	if diff := cmp.Diff([]string{"a.crt", "a.key", "bootstrap-token", "nodes/w0/b.crt", "nodes/w0/b.key", "recipients"}, names); diff != "" || err != nil {
		t.Errorf("names: %v (-want +got):\n%s", err, diff)
	}
	if text, err := dir.Read("a.key.age"); err != nil || !bytes.HasPrefix(text, []byte("-----BEGIN AGE ENCRYPTED FILE-----\n")) {
		t.Errorf("%v: %s", err, text)
	}
}

// Sealing again changes no byte; other recipients change the whole set.
func TestSealAgain(t *testing.T) {
	alice, bob := newPerson(t), newPerson(t)
	p, dir := sealed(t, alice, sample("first"))
	before := tree(t, string(dir))
	for _, to := range []Recipients{nil, alice.recipients, slices.Concat(alice.recipients, alice.recipients)} {
		again := Open(string(dir), nil) // which takes no identity
		if err := again.readRecipients(); err != nil {
			t.Fatal(err)
		}
		if done, err := again.Seal(to); err != nil || done != nil {
			t.Errorf("sealed %q, %v", done, err)
		}
	}
	if diff := cmp.Diff(before, tree(t, string(dir))); diff != "" {
		t.Errorf("something has changed:\n%s", diff)
	}

	stranger := Open(string(dir), bob.identities)
	if err := stranger.readRecipients(); err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.Seal(bob.recipients); err == nil {
		t.Error("others than the recipients can seal anew")
	}
	if diff := cmp.Diff(before, tree(t, string(dir))); diff != "" {
		t.Errorf("something has changed:\n%s", diff)
	}

	if err := p.readRecipients(); err != nil {
		t.Fatal(err)
	}
	done, err := p.Seal(bob.recipients)
	if diff := cmp.Diff([]string{"a.key", "bootstrap-token", "nodes/w0/b.key"}, done); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff(sample("first"), opened(t, Open(string(dir), bob.identities), sample(""))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := p.Read("a.key"); err == nil {
		t.Error("the former recipient can still open it")
	}
}

// What is made in a sealed directory is sealed before it is written, from the first file on.
func TestSealedFromTheBeginning(t *testing.T) {
	alice := newPerson(t)
	_, dir := sealed(t, alice, nil)
	p := Open(string(dir), alice.identities)
	if err := p.readRecipients(); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		write   func(map[string][]byte) error
		content string
	}{{p.Add, "first"}, {p.Replace, "second"}} {
		if err := step.write(sample(step.content)); err != nil {
			t.Fatal(err)
		}
		if found := inTheClear(t, dir); found != nil {
			t.Errorf("in the clear: %q", found)
		}
		if diff := cmp.Diff(sample(step.content), opened(t, p, sample(""))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if err := p.Add(map[string][]byte{"a.key": []byte("another")}); err == nil {
		t.Error("Add has replaced a sealed file")
	}
}

// A file that is put into a sealed directory in the clear can be used, is named, and is sealed by the next run.
func TestInTheClear(t *testing.T) {
	alice := newPerson(t)
	p, dir := sealed(t, alice, sample("first"))
	if err := os.WriteFile(dir.path("c.key"), []byte("imported"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir.path("a.key"), []byte("restored"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := p.Read("c.key"); err != nil || string(data) != "imported" {
		t.Errorf("%q, %v", data, err)
	}
	if diff := cmp.Diff([]string{"a.key", "c.key"}, p.Clear([]string{"a.crt", "a.key", "bootstrap-token", "c.key"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := p.readRecipients(); err != nil {
		t.Fatal(err)
	}
	// Which of the two is the right one, nobody knows.
	before := tree(t, string(dir))
	if _, err := p.Seal(nil); err == nil || err.Error() != dir.path("a.key")+": "+errBoth.Error() {
		t.Error(err)
	}
	if diff := cmp.Diff(before, tree(t, string(dir))); diff != "" {
		t.Errorf("something has changed:\n%s", diff)
	}
	if err := os.Remove(dir.path("a.key")); err != nil {
		t.Fatal(err)
	}
	done, err := p.Seal(nil)
	if diff := cmp.Diff([]string{"c.key"}, done); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := os.Stat(dir.path("c.key")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("it is still there in the clear")
	}
}

// Sealing ends in one of two ways, whatever moment the power goes at: the state of the disk after each step of it.
func TestSealCutShort(t *testing.T) {
	alice := newPerson(t)
	files := sample("first")
	ciphertext, err := alice.recipients.seal(files)
	if err != nil {
		t.Fatal(err)
	}
	ciphertext[recipientsFile] = alice.recipients.text()
	for name, test := range map[string]struct {
		stage, committed bool
		placed, removed  []string
		want             bool // sealed
	}{
		"while the stage is written": {stage: true},
		"once committed":             {committed: true, want: true},
		"while files are placed":     {committed: true, placed: []string{"a.key.age"}, want: true},
		"while others are removed":   {committed: true, placed: slices.Collect(maps.Keys(ciphertext)), removed: []string{"a.key"}, want: true},
		"while it is cleared":        {stage: true, placed: slices.Collect(maps.Keys(ciphertext)), removed: []string{"a.key", "nodes/w0/b.key", "bootstrap-token"}, want: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := Directory(t.TempDir())
			write := func(to Directory, files map[string][]byte) {
				if err := to.write(files, os.Rename); err != nil {
					t.Fatal(err)
				}
			}
			write(dir, files)
			if test.stage {
				write(Directory(dir.path(stageName)), map[string][]byte{"a.key.age": ciphertext["a.key.age"]})
			}
			if test.committed {
				write(dir.committed(), ciphertext)
			}
			for _, name := range test.placed {
				write(dir, map[string][]byte{name: ciphertext[name]})
			}
			for _, name := range test.removed {
				if err := os.Remove(dir.path(name)); err != nil {
					t.Fatal(err)
				}
			}
			p := Open(string(dir), alice.identities)
			if diff := cmp.Diff(files, opened(t, p, files)); diff != "" {
				t.Errorf("before the next run (-want +got):\n%s", diff)
			}
			holdPKI(t, p)
			if diff := cmp.Diff(files, opened(t, p, files)); diff != "" {
				t.Errorf("after it (-want +got):\n%s", diff)
			}
			if clear := inTheClear(t, dir); (clear == nil) != test.want || p.Sealed() != test.want {
				t.Errorf("sealed: %t, in the clear: %q", p.Sealed(), clear)
			}
		})
	}
}

func TestSealRefuses(t *testing.T) {
	alice := newPerson(t)
	for name, test := range map[string]struct {
		prepare func(dir Directory) error
		want    string
	}{
		"a link":         {func(dir Directory) error { return os.Symlink("a.crt", dir.path("c.key")) }, "c.key: " + errLink.Error()},
		"a link to none": {func(dir Directory) error { return os.Symlink("nothing", dir.path("c.key")) }, "c.key: " + errLink.Error()},
		"a large file":   {func(dir Directory) error { return os.WriteFile(dir.path("c.key"), make([]byte, maxSize+1), 0o600) }, "c.key: " + errTooLong.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			dir := locked(t, sample("first"))
			if err := test.prepare(dir); err != nil {
				t.Fatal(err)
			}
			before := tree(t, string(dir))
			if _, err := Open(string(dir), nil).Seal(alice.recipients); err == nil || err.Error() != dir.path(test.want) {
				t.Error(err)
			}
			if diff := cmp.Diff(before, tree(t, string(dir))); diff != "" {
				t.Errorf("something has changed:\n%s", diff)
			}
		})
	}
}

// Without the recipients, new keys would be written in the clear next to sealed ones.
func TestLostRecipients(t *testing.T) {
	alice := newPerson(t)
	_, dir := sealed(t, alice, sample("first"))
	if err := os.Remove(dir.path(recipientsFile)); err != nil {
		t.Fatal(err)
	}
	p := Open(string(dir), alice.identities)
	if err := p.readRecipients(); err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(map[string][]byte) error{p.Add, p.Replace} {
		if err := write(map[string][]byte{"c.key": nil}); !errors.Is(err, errNoRecipients) {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(sample("first"), opened(t, p, sample(""))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := p.Seal(alice.recipients); err != nil {
		t.Error(err)
	}
}

// TestDamaged: each fault of a sealed file is named, and nothing of its content is in an error.
func TestDamaged(t *testing.T) {
	alice, bob := newPerson(t), newPerson(t)
	_, dir := sealed(t, alice, sample("first"))
	whole, err := dir.Read("a.key.age")
	if err != nil {
		t.Fatal(err)
	}
	const damaged = "is damaged, or not whole; restore it from git or from a copy"
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-50] ^= 1
	for name, test := range map[string]struct {
		data []byte
		with *Identities
		want string
	}{
		"no identity":        {whole, nil, "is sealed; say with --identity FILE or KINDLING_IDENTITY what opens it"},
		"another's identity": {whole, bob.identities, "is sealed to others than the given identity; use one of those in the file recipients, with --identity"},
		"no identities file": {whole, identities("nonsense AGE-SECRET-KEY-1"), "is sealed, and cannot be opened: id " + errIdentity.Error() + "; use another one with --identity"},
		"empty":              {nil, alice.identities, damaged},
		"in the clear":       {[]byte("first of a.key"), alice.identities, damaged},
		"one bit":            {flipped, alice.identities, damaged},
		"half":               {whole[:len(whole)/2], alice.identities, damaged},
		"without last line":  {whole[:bytes.LastIndex(whole, []byte("-----END"))], alice.identities, damaged},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(dir.path("a.key.age"), test.data, 0o600); err != nil {
				t.Fatal(err)
			}
			data, err := Open(string(dir), test.with).Read("a.key")
			if data != nil || err == nil || err.Error() != dir.path("a.key.age")+": "+test.want {
				t.Errorf("%q, %v", data, err)
			}
		})
	}
	// Binary is as good as text.
	binary, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	w, err := age.Encrypt(binary, alice.recipients.keys()...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("binary")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), binary.Close(), os.Rename(binary.Name(), dir.path("a.key.age"))); err != nil {
		t.Fatal(err)
	}
	if data, err := Open(string(dir), alice.identities).Read("a.key"); err != nil || string(data) != "binary" {
		t.Errorf("%q, %v", data, err)
	}
}

// The .gitignore follows the directory; one that somebody has changed stays.
func TestIgnore(t *testing.T) {
	dir := locked(t, nil)
	text := func() string {
		data, err := os.ReadFile(dir.path(".gitignore"))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	p := Open(string(dir), nil)
	if _, err := p.Seal(newPerson(t).recipients); err != nil || text() != ignoreClear {
		t.Errorf("sealed: %v, %q", err, text())
	}
	if err := errors.Join(os.Remove(dir.path(recipientsFile)), dir.prepare()); err != nil || text() != ignoreAll {
		t.Errorf("no longer sealed: %v, %q", err, text())
	}
	if err := os.WriteFile(dir.path(".gitignore"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Seal(newPerson(t).recipients); err != nil || text() != "mine" {
		t.Errorf("somebody's own: %v, %q", err, text())
	}
}
