package lock

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kindling/generator/spec"

	"github.com/ProtonMail/go-crypto/openpgp"
)

// PackageRepository is a repository that machines install packages from, and what they want of it.
type PackageRepository struct {
	// URL at the publisher, with a slash at its end.
	URL string
	// Packages by name. The value is the upstream release, or empty for the newest one.
	Packages map[string]string
}

// Packages is the repository of the node's own packages, in the form of its operating system; without any, for another install method.
func Packages(c *spec.Cluster, n spec.Node) PackageRepository {
	if n.InstallMethod() != "packages" || n.Role == spec.LoadBalance {
		return PackageRepository{}
	}
	own := strings.TrimPrefix(c.Version().String(), "v")
	r := PackageRepository{repository(c, n), map[string]string{"kubeadm": own, "kubelet": own, "kubernetes-cni": ""}}
	if n.Role == spec.ControlPlane {
		r.Packages["kubectl"] = own
	}
	if c.Version().NeedsCrictl() {
		r.Packages["cri-tools"] = ""
	}
	return r
}

// repository is that of the minor's packages in the node's form. It has nothing else.
func repository(c *spec.Cluster, n spec.Node) string {
	form := "rpm"
	if n.System().Manager == "apt" {
		form = "deb"
	}
	return "https://pkgs.k8s.io/core:/stable:/v" + c.Version().Minor.String() + "/" + form + "/"
}

// wantedRepositories are those of all nodes, each once, with what any of them wants.
func wantedRepositories(c *spec.Cluster) []PackageRepository {
	byURL := map[string]PackageRepository{}
	for _, n := range c.Nodes {
		one := Packages(c, n)
		if one.URL == "" {
			continue
		}
		if all, ok := byURL[one.URL]; ok {
			maps.Copy(one.Packages, all.Packages)
		}
		byURL[one.URL] = one
	}
	return slices.SortedFunc(maps.Values(byURL), func(a, b PackageRepository) int { return cmp.Compare(a.URL, b.URL) })
}

// resolveRepository asks for a repository's key and for the newest build of each package. What is pinned already stays, and has to be
// there today.
func resolveRepository(ctx context.Context, wanted PackageRepository, source Source, pinned Repository) (Repository, error) {
	r := Repository{URL: wanted.URL, Packages: map[string]string{}}
	form := forms[wanted.Form()]
	key, err := read(ctx, source, wanted.URL+form.key)
	if err == nil {
		r.Key, err = fingerprint(key)
	}
	if err != nil {
		return r, fmt.Errorf("%s%s: %w", wanted.URL, form.key, err)
	}
	versions, err := form.versions(ctx, source, wanted.URL)
	if err != nil {
		return r, err
	}
	var errs []error
	if pinned.Key != "" && pinned.Key != r.Key {
		errs = append(errs, fmt.Errorf("%s has the key %s now, and %s in %s: find out why, or take it with --upgrade", r.URL, r.Key, pinned.Key, FileName))
	}
	for name, release := range wanted.Packages {
		builds := slices.DeleteFunc(versions[name], func(version string) bool { return !isBuild(version, release) })
		before := pinned.Packages[name]
		switch {
		case len(builds) == 0:
			errs = append(errs, fmt.Errorf("%s has no %s", wanted.URL, strings.TrimSpace(name+" "+release)))
		case !isBuild(before, release):
			r.Packages[name] = slices.MaxFunc(builds, compareVersions)
		case slices.Contains(builds, before):
			r.Packages[name] = before
		default:
			errs = append(errs, fmt.Errorf("%s no longer has %s %s, which %s pins: take another build with --upgrade", wanted.URL, name, before, FileName))
		}
	}
	return r, errors.Join(errs...)
}

// isBuild reports whether a version is a build of an upstream release or, if that is empty, a version at all.
func isBuild(version, release string) bool {
	return version != "" && (release == "" || strings.HasPrefix(version, release+"-"))
}

var fingerprintForm = regexp.MustCompile(`^[0-9A-F]{40}$`)

// fingerprint is that of an armored OpenPGP key.
func fingerprint(armored string) (string, error) {
	keys, err := openpgp.ReadArmoredKeyRing(strings.NewReader(armored))
	if err != nil {
		return "", fmt.Errorf("it is no OpenPGP key (%w); it begins with %.60q", err, armored)
	}
	return fmt.Sprintf("%X", keys[0].PrimaryKey.Fingerprint), nil
}

var number = regexp.MustCompile(`[0-9]+`)

// compareVersions compares the numbers in two versions, such as 1.37.2-1.1. Kubernetes' packages differ in nothing else.
func compareVersions(a, b string) int {
	numbers := func(version string) (list []int) {
		for _, digits := range number.FindAllString(version, -1) {
			n, _ := strconv.Atoi(digits)
			list = append(list, n)
		}
		return list
	}
	return slices.Compare(numbers(a), numbers(b))
}
