package lock

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// A form is that of a repository: which file has its key, and how to read which versions of each package it has.
type form struct {
	key      string
	versions func(ctx context.Context, source Source, repository string) (map[string][]string, error)
}

// forms are those of the package managers, by the directories that pkgs.k8s.io has for them.
var forms = map[string]form{
	"deb": {"Release.key", debVersions},
	"rpm": {"repodata/repomd.xml.key", rpmVersions},
}

// Form is that of the packages, deb or rpm.
func (r PackageRepository) Form() string { return path.Base(r.URL) }

// debVersions reads the index of a flat repository (deb822).
func debVersions(ctx context.Context, source Source, repository string) (map[string][]string, error) {
	index, err := read(ctx, source, repository+"Packages")
	if err != nil {
		return nil, fmt.Errorf("%sPackages: %w", repository, err)
	}
	versions := map[string][]string{}
	var name string
	for line := range strings.Lines(index) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "Package":
			name = value
		case "Version":
			versions[name] = append(versions[name], value)
		}
	}
	return versions, nil
}

// rpmVersions reads the list of packages that repomd.xml names (createrepo_c(8)).
func rpmVersions(ctx context.Context, source Source, repository string) (map[string][]string, error) {
	var top struct {
		Data []struct {
			Type     string `xml:"type,attr"`
			Location struct {
				Href string `xml:"href,attr"`
			} `xml:"location"`
			Checksum struct {
				Type string `xml:"type,attr"`
				Sum  string `xml:",chardata"`
			} `xml:"checksum"`
		} `xml:"data"`
	}
	const repomd = "repodata/repomd.xml"
	if err := readXML(ctx, source, repository+repomd, &top, nil); err != nil {
		return nil, err
	}
	for _, data := range top.Data {
		if data.Type != "primary" {
			continue
		}
		var primary struct {
			Packages []struct {
				Name    string `xml:"name"`
				Version struct {
					Version string `xml:"ver,attr"`
					Release string `xml:"rel,attr"`
				} `xml:"version"`
			} `xml:"package"`
		}
		check := func(text string) error {
			if sum := fmt.Sprintf("%x", sha256.Sum256([]byte(text))); data.Checksum.Type == "sha256" && sum != strings.TrimSpace(data.Checksum.Sum) {
				return fmt.Errorf("its SHA-256 is %s and not %s, as %s says", sum, data.Checksum.Sum, repomd)
			}
			return nil
		}
		if err := readXML(ctx, source, repository+data.Location.Href, &primary, check); err != nil {
			return nil, err
		}
		versions := map[string][]string{}
		for _, p := range primary.Packages {
			versions[p.Name] = append(versions[p.Name], p.Version.Version+"-"+p.Version.Release)
		}
		return versions, nil
	}
	return nil, fmt.Errorf("%s%s names no list of packages", repository, repomd)
}

// readXML reads a file that its name may say is compressed. check, if not nil, judges it as it comes.
func readXML(ctx context.Context, source Source, url string, into any, check func(string) error) error {
	text, err := read(ctx, source, url)
	if err == nil && check != nil {
		err = check(text)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", url, err)
	}
	var plain io.Reader = strings.NewReader(text)
	switch path.Ext(url) {
	case ".gz":
		plain, err = gzip.NewReader(plain)
	case ".zst":
		plain, err = zstd.NewReader(plain)
	}
	if err == nil {
		err = xml.NewDecoder(io.LimitReader(plain, maxText)).Decode(into)
	}
	if err != nil {
		return fmt.Errorf("%s is not what it should be: %w", url, err)
	}
	return nil
}
