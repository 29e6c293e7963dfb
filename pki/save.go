package pki

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Init is `kindling pki init`: it completes the directory for the request and returns the names of the files that it
// wrote, also when it fails half-way. Runs on the same directory wait for each other. Errors are those of [LoadDir],
// [Bundle.Complete] and [SaveDir].
func Init(dir string, r Request, now time.Time) (written []string, err error) {
	unlock, err := lock(dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	b, err := LoadDir(dir)
	if err != nil {
		return nil, err
	}
	if _, err := b.Complete(r, now); err != nil {
		return nil, err
	}
	return save(dir, b)
}

// SaveDir writes those files of the bundle that do not exist, and returns their names, also when it fails half-way. No
// file is ever replaced: one that is there with other content is a [Problem], found before anything is written. Each
// file appears whole or not at all. Directories get mode 0700, secret files 0600, others 0644; a .gitignore keeps all of
// them out of git. Runs on the same directory wait for each other.
func SaveDir(dir string, b *Bundle) (written []string, err error) {
	unlock, err := lock(dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return save(dir, b)
}

// lock makes the directory if need be and holds it for this process until unlock is called or the process ends. The lock
// is on a file of its own because network file systems lock no directories.
func lock(dir string) (unlock func(), err error) {
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		f.Close()
		return nil, &fs.PathError{Op: "lock", Path: f.Name(), Err: err}
	}
	return func() { f.Close() }, nil
}

func save(dir string, b *Bundle) (written []string, err error) {
	missing, err := missingFiles(dir, b)
	if err != nil {
		return nil, err
	}
	ignore := filepath.Join(dir, ".gitignore")
	if _, err := os.Lstat(ignore); errors.Is(err, fs.ErrNotExist) {
		if err := writeNew(ignore, []byte("*\n"), 0o644); err != nil {
			return nil, err
		}
	}
	for _, f := range missing {
		mode := fs.FileMode(0o644)
		if f.secret {
			mode = 0o600
		}
		path := filepath.Join(dir, filepath.FromSlash(f.name))
		if err := makeDir(filepath.Dir(path)); err != nil {
			return written, err
		}
		if err := writeNew(path, f.data, mode); err != nil {
			return written, err
		}
		written = append(written, f.name)
	}
	return written, nil
}

// missingFiles lists the bundle's files that the directory lacks.
func missingFiles(dir string, b *Bundle) ([]file, error) {
	var missing []file
	p := problems{dir: dir}
	for _, f := range b.files() {
		path := filepath.Join(dir, filepath.FromSlash(f.name))
		os.Remove(tempName(path)) // left by a run killed just after it linked the file
		data, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, f)
		case err != nil:
			p.add(f.name, "make it a readable file", "cannot be read: %v", cause(err))
		case !bytes.Equal(bytes.TrimSpace(data), bytes.TrimSpace(f.data)):
			p.add(f.name, moveAway, "is there with other content")
		}
	}
	return missing, errors.Join(p.list...)
}

func tempName(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
}

// writeNew creates a file whole or not at all, and lastingly. It fails if there is anything of that name, be it a link to
// nothing. The caller holds the lock.
func writeNew(path string, data []byte, mode fs.FileMode) error {
	if err := link(path, data, mode); err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	return syncDir(filepath.Dir(path))
}

// link writes the file under a temporary name and gives it its own.
func link(path string, data []byte, mode fs.FileMode) error {
	temp := tempName(path)
	os.Remove(temp) // left by a run killed while it wrote the file
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Link(temp, path)
}

// makeDir makes a directory with its parents, lastingly. Existing ones keep their modes.
func makeDir(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeDir(filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
		}
		return nil
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
