package store

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample has a pair in each of two directories, and a file of its own.
func sample(content string) map[string][]byte {
	files := map[string][]byte{}
	for _, name := range []string{"a.key", "a.crt", "nodes/w0/b.key", "nodes/w0/b.crt", "bootstrap-token"} {
		files[name] = []byte(content + " of " + name)
	}
	return files
}

// locked is a directory with these files, and held.
func locked(t testing.TB, files map[string][]byte) Directory {
	t.Helper()
	d := Directory(filepath.Join(t.TempDir(), "deep", "pki"))
	hold(t, d)
	if err := d.Add(files); err != nil {
		t.Fatal(err)
	}
	return d
}

// hold locks the directory until the test is over.
func hold(t testing.TB, d Directory) {
	t.Helper()
	unlock, err := d.Lock()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(unlock)
}

// content reads all files of these names; those that do not exist are left out.
func content(t testing.TB, d Directory, names map[string][]byte) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	for name := range names {
		data, err := d.Read(name)
		if err == nil {
			found[name] = data
		} else if !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return found
}

// tree maps every path below dir to its mode, and for files to their content and time.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		found[name] = info.Mode().String()
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found[name] += info.ModTime().String() + string(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAdd(t *testing.T) {
	d := locked(t, sample("first"))
	if diff := cmp.Diff(sample("first"), content(t, d, sample(""))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	names, err := d.Names()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a.crt", "a.key", "bootstrap-token", "nodes/w0/b.crt", "nodes/w0/b.key"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	got := map[string]string{}
	for name, description := range tree(t, string(d)) {
		got[name] = description[:10]
	}
	const folder, secret, public = "drwx------", "-rw-------", "-rw-r--r--"
	want := map[string]string{
		".": folder, "nodes": folder, "nodes/w0": folder, ".lock": secret, ".gitignore": public,
		"a.key": secret, "a.crt": public, "nodes/w0/b.key": secret, "nodes/w0/b.crt": public, "bootstrap-token": secret,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("modes (-want +got):\n%s", diff)
	}
	if data, err := os.ReadFile(d.path(".gitignore")); err != nil || string(data) != "*\n" {
		t.Errorf(".gitignore: %q, %v", data, err)
	}
}

func TestOfNothing(t *testing.T) {
	d := Directory(filepath.Join(t.TempDir(), "none"))
	if names, err := d.Names(); err != nil || len(names) > 0 {
		t.Errorf("names %q, %v", names, err)
	}
	if _, err := d.Read("ca.key"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if found, err := d.Permissions([]string{"ca.key"}); err != nil || len(found) > 0 {
		t.Errorf("permissions %q, %v", found, err)
	}
	if _, err := os.Stat(string(d)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("reading has made the directory")
	}
}

// No file is ever replaced by Add, not even a link to nothing, and nothing of the batch is left half done.
func TestAddReplacesNothing(t *testing.T) {
	for name, occupy := range map[string]func(path string) error{
		"file":            func(path string) error { return os.WriteFile(path, []byte("mine"), 0o600) },
		"link":            func(path string) error { return os.Symlink("../target", path) },
		"empty directory": func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			d := locked(t, nil)
			if err := occupy(d.path("a.key")); err != nil {
				t.Fatal(err)
			}
			before := tree(t, filepath.Dir(string(d)))
			err := d.Add(map[string][]byte{"a.key": []byte("key"), "a.crt": []byte("certificate")})
			if err == nil || err.Error() != d.path("a.key")+": file exists" {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(before, tree(t, filepath.Dir(string(d)))); diff != "" {
				t.Errorf("something has changed:\n%s", diff)
			}
		})
	}
}

func TestReadFollowsLinks(t *testing.T) {
	d := locked(t, sample("first"))
	stick := filepath.Join(t.TempDir(), "stick.key")
	if err := os.Rename(d.path("a.key"), stick); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(stick, d.path("a.key")); err != nil {
		t.Fatal(err)
	}
	if data, err := d.Read("a.key"); err != nil || string(data) != "first of a.key" {
		t.Errorf("%q, %v", data, err)
	}
	// A medium that is not there just now is not a missing file.
	if err := os.Remove(stick); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Read("a.key"); errors.Is(err, fs.ErrNotExist) || !errors.Is(err, errDangling) {
		t.Error(err)
	}
}

func TestReplace(t *testing.T) {
	d := locked(t, sample("first"))
	if err := d.Add(map[string][]byte{"c.key": []byte("other")}); err != nil {
		t.Fatal(err)
	}
	before := tree(t, string(d))
	if err := d.Replace(sample("second")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sample("second"), content(t, d, sample(""))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	after := tree(t, string(d))
	for name, was := range before {
		switch is, ok := after[name]; {
		case !ok || is[:10] != was[:10]:
			t.Errorf("%s: mode was %s and is %.10s", name, was[:10], is)
		case sample("")[name] == nil && is != was:
			t.Errorf("%s has changed", name)
		}
	}
	if len(after) != len(before) {
		t.Error("something is left over")
	}
}

// A replacement ends in one of two ways, whatever moment the power goes at: the state of the disk after each step of it.
func TestReplaceCutShort(t *testing.T) {
	write := func(t *testing.T, d Directory, files map[string][]byte) {
		t.Helper()
		for name, data := range files {
			if err := os.MkdirAll(filepath.Dir(d.path(name)), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(d.path(name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	second := sample("second")
	some := map[string][]byte{"a.key": second["a.key"], "nodes/w0/b.crt": second["nodes/w0/b.crt"]}
	for _, test := range []struct {
		name             string
		stage, committed map[string][]byte
		placed           map[string][]byte
		want             string
	}{
		{name: "while the stage is written", stage: some, want: "first"},
		{name: "with the stage whole", stage: second, want: "first"},
		{name: "once committed", committed: second, want: "second"},
		{name: "while files are placed", committed: second, placed: some, want: "second"},
		{name: "with all in place", committed: second, placed: second, want: "second"},
		{name: "while it is cleared", stage: some, placed: second, want: "second"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := Directory(t.TempDir())
			write(t, d, sample("first"))
			write(t, d, test.placed)
			if test.stage != nil {
				write(t, Directory(d.path(stageName)), test.stage)
			}
			write(t, d.committed(), test.committed)
			if diff := cmp.Diff(sample(test.want), content(t, d, sample(""))); diff != "" {
				t.Errorf("before the next run (-want +got):\n%s", diff)
			}
			hold(t, d)
			if diff := cmp.Diff(sample(test.want), content(t, d, sample(""))); diff != "" {
				t.Errorf("after it (-want +got):\n%s", diff)
			}
			for name := range tree(t, string(d)) {
				if strings.Contains(name, ".replacing") || strings.HasSuffix(name, ".new") {
					t.Errorf("%s is left over", name)
				}
			}
		})
	}
}

// A killed run leaves temporary files; hidden files of others are not ours to remove.
func TestLockClears(t *testing.T) {
	d := Directory(t.TempDir())
	for _, name := range []string{".a.key.new", "nodes/w0/.b.crt.new", ".mine", "nodes/w0/b.crt"} {
		if err := os.MkdirAll(filepath.Dir(d.path(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(d.path(name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	hold(t, d)
	for name, want := range map[string]bool{".a.key.new": false, "nodes/w0/.b.crt.new": false, ".mine": true, "nodes/w0/b.crt": true} {
		if _, err := os.Stat(d.path(name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPermissions(t *testing.T) {
	d := locked(t, sample("first"))
	names := []string{"a.key", "a.crt", "nodes/w0/b.key", "nodes/w0/b.crt"}
	if got, err := d.Permissions(names); err != nil || len(got) > 0 {
		t.Errorf("of a new directory: %q, %v", got, err)
	}
	for name, mode := range map[string]fs.FileMode{"": 0o755, "a.key": 0o644, "nodes/w0": 0o711, "nodes/w0/b.key": 0o620, "a.crt": 0o666, "bootstrap-token": 0o644} {
		if err := os.Chmod(d.path(name), mode); err != nil {
			t.Fatal(err)
		}
	}
	got, err := d.Permissions(names)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, path := range []string{"", "a.key", "nodes/w0", "nodes/w0/b.key"} {
		mode := map[string]string{"": "0755", "a.key": "0644", "nodes/w0": "0711", "nodes/w0/b.key": "0620"}[path]
		want = append(want, d.path(path)+": mode "+mode+" lets others in; chmod go= "+d.path(path))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestReadOnlyFiles: what never ends is not read.
func TestReadOnlyFiles(t *testing.T) {
	d := locked(t, sample("first"))
	for name, make := range map[string]func(path string) error{
		"pipe.key": func(path string) error { return exec.Command("mkfifo", path).Run() },
		"zero.key": func(path string) error { return os.Symlink("/dev/zero", path) },
		"dir.key":  func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		if err := make(d.path(name)); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Read(name); !errors.Is(err, errNoFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(d.path("long.key"), []byte(strings.Repeat("k", maxSize+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Read("long.key"); !errors.Is(err, errTooLong) {
		t.Error(err)
	}
}
