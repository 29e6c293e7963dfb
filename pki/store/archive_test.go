package store

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tarred is an archive of the sample below a directory.
func tarred(t *testing.T, dir string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	files := sample("first")
	files["ca.crt"], files["etcd/ca.crt"] = []byte("ca"), []byte("etcd")
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err := w.WriteHeader(&tar.Header{Name: dir + name, Mode: 0o600, Size: int64(len(files[name]))})
		if err == nil {
			_, err = w.Write(files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(data)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestOpenArchive(t *testing.T) {
	for name, data := range map[string][]byte{
		"of a directory": tarred(t, "some/pki/"), "of a directory's files": tarred(t, "./"), "without a dot": tarred(t, ""),
		"with a root": tarred(t, "/srv/pki/"), "gzip": zipped(t, tarred(t, "pki/")),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := OpenArchive("<stdin>", bytes.NewReader(data), nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sample("first"), opened(t, p, sample(""))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			names, err := p.Names()
			if diff := cmp.Diff([]string{"a.crt", "a.key", "bootstrap-token", "ca.crt", "etcd/ca.crt", "nodes/w0/b.crt", "nodes/w0/b.key"}, names); diff != "" || err != nil {
				t.Errorf("names: %v (-want +got):\n%s", err, diff)
			}
			if _, err := p.Read("b.key"); !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			if _, err := p.Lock(); !errors.Is(err, errReadOnly) {
				t.Error(err)
			}
		})
	}
}

// An archive that is cut short is refused wherever that is, also between two of its files.
func TestCutArchive(t *testing.T) {
	for name, data := range map[string][]byte{"tar": tarred(t, ""), "gzip": zipped(t, tarred(t, ""))} {
		for n := range data {
			if _, err := OpenArchive(name, bytes.NewReader(data[:n]), nil); err == nil {
				t.Errorf("%s: %d of %d bytes are taken for the whole", name, n, len(data))
			}
		}
	}
}
