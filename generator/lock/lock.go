package lock

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kindling/generator/spec"

	"go.yaml.in/yaml/v4"
)

// FileName is that of the lock, beside cluster.yaml.
const FileName = "kindling.lock"

// Architectures are those that a document is for, in Go's words. The machine takes its own.
var Architectures = []string{"amd64", "arm64"}

// Item is a file that can be pinned.
type Item struct {
	// Program, such as kubelet.
	Program string `yaml:"program"`
	// Version as its publisher writes it: with a "v" for Kubernetes' own programs, and without one for the others.
	Version string `yaml:"version"`
	// Arch is one of [Architectures].
	Arch string `yaml:"arch"`
}

func (i Item) String() string { return i.Program + " " + i.Version + " for " + i.Arch }

// Download is a pinned file.
type Download struct {
	Item `yaml:",inline"`
	// URL at the publisher. A machine puts the mirror of cluster.yaml in the place of the host.
	URL string `yaml:"url"`
	// Size in bytes.
	Size int64 `yaml:"size"`
	// SHA256 in lower-case hexadecimal digits.
	SHA256 string `yaml:"sha256"`
}

// Repository is a pinned repository of packages.
type Repository struct {
	// URL at the publisher, with a slash at its end. A machine puts the mirror of cluster.yaml in the place of the host.
	URL string `yaml:"url"`
	// Key is the fingerprint of the OpenPGP key that signs the repository: 40 upper-case hexadecimal digits.
	Key string `yaml:"key"`
	// Packages are the versions, by package.
	Packages map[string]string `yaml:"packages"`
}

// Manifest is a pinned manifest of the pod network or of an addon.
type Manifest struct {
	// URL as in cluster.yaml. A machine puts the mirror of cluster.yaml in the place of the host.
	URL string `yaml:"url"`
	// Size in bytes.
	Size int64 `yaml:"size"`
	// SHA256 in lower-case hexadecimal digits.
	SHA256 string `yaml:"sha256"`
}

// Lock is what kindling.lock says.
type Lock struct {
	downloads    map[Item]Download
	repositories map[string]Repository
	manifests    map[string]Manifest
}

// New returns a lock with these downloads, repositories and manifests.
func New(downloads []Download, repositories []Repository, manifests []Manifest) *Lock {
	l := &Lock{map[Item]Download{}, map[string]Repository{}, map[string]Manifest{}}
	for _, d := range downloads {
		l.downloads[d.Item] = d
	}
	for _, r := range repositories {
		l.repositories[r.URL] = r
	}
	for _, m := range manifests {
		l.manifests[m.URL] = m
	}
	return l
}

// Find returns what is pinned of an item.
func (l *Lock) Find(i Item) (Download, bool) {
	d, ok := l.downloads[i]
	return d, ok
}

// Missing lists what is wanted and not pinned.
func (l *Lock) Missing(wants Wants) (missing []string) {
	for _, i := range wants.Items {
		if _, ok := l.Find(i); !ok {
			missing = append(missing, i.String())
		}
	}
	for _, r := range wants.Repositories {
		for _, name := range slices.Sorted(maps.Keys(r.Packages)) {
			if l.Repository(r.URL).Packages[name] == "" {
				missing = append(missing, name+" of "+r.URL)
			}
		}
	}
	for _, url := range wants.Manifests {
		if _, ok := l.Manifest(url); !ok {
			missing = append(missing, url)
		}
	}
	return missing
}

// Repository returns what is pinned of the repository at a URL: no key and no package if nothing is.
func (l *Lock) Repository(url string) Repository { return l.repositories[url] }

// Manifest returns what is pinned of the manifest at a URL.
func (l *Lock) Manifest(url string) (Manifest, bool) {
	m, ok := l.manifests[url]
	return m, ok
}

// Manifests are all that are pinned, sorted by URL.
func (l *Lock) Manifests() []Manifest {
	return slices.SortedFunc(maps.Values(l.manifests), func(a, b Manifest) int { return cmp.Compare(a.URL, b.URL) })
}

// Repositories are all that are pinned, sorted by URL.
func (l *Lock) Repositories() []Repository {
	return slices.SortedFunc(maps.Values(l.repositories), func(a, b Repository) int { return cmp.Compare(a.URL, b.URL) })
}

// Downloads are all that is pinned, sorted by program, version and architecture.
func (l *Lock) Downloads() []Download {
	all := make([]Download, 0, len(l.downloads))
	for _, d := range l.downloads {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b Download) int {
		return cmp.Or(cmp.Compare(a.Program, b.Program), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Arch, b.Arch))
	})
	return all
}

const head = "# Written by `kindling lock`: what machines fetch, and what they hold it against. Commit this file.\n"

type document struct {
	APIVersion string     `yaml:"apiVersion"`
	Kind       string     `yaml:"kind"`
	Downloads  []Download `yaml:"downloads,omitempty"`
	// Repositories of packages.
	Repositories []Repository `yaml:"repositories,omitempty"`
	// Manifests that machines fetch.
	Manifests []Manifest `yaml:"manifests,omitempty"`
}

// Bytes is the file, with a field a line so that a diff shows what has changed. The same lock gives the same bytes.
func (l *Lock) Bytes() ([]byte, error) {
	text, err := yaml.Dump(document{"kindling/v1alpha1", "Lock", l.Downloads(), l.Repositories(), l.Manifests()}, yaml.WithIndent(2), yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1))
	return append([]byte(head), text...), err
}

// Parse reads the file. An error names the line.
func Parse(text []byte) (*Lock, error) {
	var d document
	if err := yaml.Load(text, &d, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("%s: %w", FileName, err)
	}
	if d.APIVersion != "kindling/v1alpha1" || d.Kind != "Lock" {
		return nil, fmt.Errorf("%s: has apiVersion %q and kind %q, want kindling/v1alpha1 and Lock: run kindling lock", FileName, d.APIVersion, d.Kind)
	}
	for i, one := range d.Downloads {
		if !sumForm.MatchString(one.SHA256) || one.Program == "" || one.Version == "" || !slices.Contains(Architectures, one.Arch) || !strings.Contains(one.URL, "://") {
			return nil, fmt.Errorf("%s: downloads[%d] lacks a program, a version, an architecture, a URL or a SHA-256: run kindling lock --upgrade", FileName, i)
		}
	}
	for i, one := range d.Repositories {
		if !fingerprintForm.MatchString(one.Key) || !strings.HasSuffix(one.URL, "/") {
			return nil, fmt.Errorf("%s: repositories[%d] lacks a URL that ends with a slash, or the fingerprint of a key: run kindling lock --upgrade", FileName, i)
		}
	}
	for i, one := range d.Manifests {
		if !sumForm.MatchString(one.SHA256) || !strings.Contains(one.URL, "://") {
			return nil, fmt.Errorf("%s: manifests[%d] lacks a URL or a SHA-256: run kindling lock --upgrade", FileName, i)
		}
	}
	return New(d.Downloads, d.Repositories, d.Manifests), nil
}

// Digest names what is pinned for a cluster; it is empty if nothing is.
func (l *Lock) Digest(c *spec.Cluster) string {
	wants, text := Wanted(c), ""
	for _, i := range wants.Items {
		text += l.downloads[i].SHA256 + "\n"
	}
	for _, r := range wants.Repositories {
		text += fmt.Sprintln(l.Repository(r.URL))
	}
	for _, url := range wants.Manifests {
		text += l.manifests[url].SHA256 + "\n"
	}
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
}
