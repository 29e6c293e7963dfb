package lock

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
)

// ErrNotFound is the error of a [Source] that has no such file, and can say so for certain.
var ErrNotFound = errors.New("not found")

// A Source gives publishers' files by their URLs: the publishers themselves, a mirror or a directory.
type Source interface {
	// Open returns a file's content.
	Open(ctx context.Context, url string) (io.ReadCloser, error)
	// Size returns a file's size in bytes, and with it the answer to whether it is there.
	Size(ctx context.Context, url string) (int64, error)
}

// parallel is how many files are asked for at the same time.
const parallel = 8

// Update returns the lock with all that is wanted. What is pinned already stays, and is compared with what the source has now; a
// difference is an error with both sums, unless upgrade is set. notes say what the operator should know. All problems are one error.
func Update(ctx context.Context, old *Lock, wants Wants, source Source, upgrade bool) (updated *Lock, notes []string, err error) {
	type result struct {
		Download
		note string
		err  error
	}
	results := make([]result, len(wants.Items))
	var group sync.WaitGroup
	slots := make(chan struct{}, parallel)
	for i, item := range wants.Items {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			r := &results[i]
			r.Download, r.note, r.err = resolve(ctx, item, source)
			if before, ok := old.Find(item); ok && r.err == nil && !upgrade {
				if r.SHA256 != before.SHA256 {
					r.err = fmt.Errorf("%s: %w", item, changed(r.URL, r.SHA256, before.SHA256))
				}
				r.Download = before
			}
		})
	}
	group.Wait()
	var (
		downloads    []Download
		repositories []Repository
		errs         []error
	)
	for _, wanted := range wants.Repositories {
		pinned := old.Repository(wanted.URL)
		if upgrade {
			pinned = Repository{}
		}
		r, err := resolveRepository(ctx, wanted, source, pinned)
		repositories, errs = append(repositories, r), append(errs, err)
	}
	var manifests []Manifest
	for _, url := range wants.Manifests {
		m, err := resolveManifest(ctx, url, source)
		if before, ok := old.Manifest(url); ok && err == nil && !upgrade && before.SHA256 != m.SHA256 {
			err = changed(url, m.SHA256, before.SHA256)
		}
		manifests, errs = append(manifests, m), append(errs, err)
	}
	for _, r := range results {
		downloads = append(downloads, r.Download)
		errs = append(errs, r.err)
		if r.note != "" {
			notes = append(notes, r.note)
		}
	}
	return New(downloads, repositories, manifests), notes, errors.Join(errs...)
}

func changed(url, now, before string) error {
	return fmt.Errorf("%s has the SHA-256 %s now, and %s in %s: find out why, or take it with --upgrade", url, now, before, FileName)
}

// resolveManifest reads a manifest.
func resolveManifest(ctx context.Context, url string, source Source) (Manifest, error) {
	text, err := read(ctx, source, url)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", url, err)
	}
	return Manifest{URL: url, Size: int64(len(text)), SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(text)))}, nil
}

// resolve asks for an item's sum and size. Where there is no sum, the file itself is read.
func resolve(ctx context.Context, item Item, source Source) (d Download, note string, err error) {
	file, sums := item.urls()
	d = Download{Item: item, URL: file}
	if d.Size, err = source.Size(ctx, file); err != nil {
		return d, "", fmt.Errorf("%s: %s: %w", item, file, err)
	}
	text, err := read(ctx, source, sums)
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, fs.ErrNotExist):
		if d.SHA256, err = hash(ctx, source, file); err != nil {
			return d, "", fmt.Errorf("%s: %s: %w", item, file, err)
		}
		return d, fmt.Sprintf("%s: there is no %s: pinned what is at %s today", item, sums, file), nil
	case err != nil:
		return d, "", fmt.Errorf("%s: %s: %w", item, sums, err)
	}
	var ok bool
	if d.SHA256, ok = findSum(text, file); !ok {
		return d, "", fmt.Errorf("%s: %s has no SHA-256 of it; it begins with %.60q", item, sums, text)
	}
	if _, local := source.(Directory); local {
		// A copy may be cut short, and reading it costs little.
		if sum, err := hash(ctx, source, file); err != nil || sum != d.SHA256 {
			return d, "", errors.Join(err, fmt.Errorf("%s: the copy of %s has the SHA-256 %s, and not %s", item, file, sum, d.SHA256))
		}
	}
	return d, "", nil
}

// maxText is more than any list of sums or packages has.
const maxText = 1 << 26

func read(ctx context.Context, source Source, url string) (string, error) {
	body, err := source.Open(ctx, url)
	if err != nil {
		return "", err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, maxText))
	return string(text), err
}

func hash(ctx context.Context, source Source, url string) (string, error) {
	body, err := source.Open(ctx, url)
	if err != nil {
		return "", err
	}
	defer body.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, body); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
