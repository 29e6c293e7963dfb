package lock

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

const (
	deb   = "https://pkgs.k8s.io/core:/stable:/v1.30/deb/"
	index = `Package: kubelet
Version: 1.30.13-1.1
Filename: ./amd64/kubelet_1.30.13-1.1_amd64.deb

Package: kubelet
Version: 1.30.14-1.2

Package: kubelet
Version: 1.30.14-1.10
Description: the version of this is the newest
 Version: 9

Package: kubeadm
Version: 1.30.14-1.1

Package: kubectl
Version: 1.30.14-1.1

Package: kubernetes-cni
Version: 1.4.0-1.1

Package: kubernetes-cni
Version: 1.10.0-2.1

Package: cri-tools
Version: 1.30.1-1.1
`
)

// newKey returns an armored OpenPGP key and its fingerprint.
func newKey(t *testing.T) (armored, print string) {
	t.Helper()
	entity, err := openpgp.NewEntity("test", "", "test@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	out, err := armor.Encode(&text, openpgp.PublicKeyType, nil)
	if err := errors.Join(err, entity.Serialize(out), out.Close()); err != nil {
		t.Fatal(err)
	}
	return text.String(), fmt.Sprintf("%X", entity.PrimaryKey.Fingerprint)
}

func TestUpdatePackages(t *testing.T) {
	t.Parallel()
	wants := Wanted(load(t, strings.Replace(specText, "method: binaries", "method: packages", 1)))
	if diff := cmp.Diff(Wants{Repositories: []PackageRepository{{deb, map[string]string{
		"kubeadm": "1.30.14", "kubelet": "1.30.14", "kubectl": "1.30.14", "kubernetes-cni": "", "cri-tools": "",
	}}}}, wants); diff != "" {
		t.Fatalf("wanted (-want +got):\n%s", diff)
	}
	key, print := newKey(t)
	other, otherPrint := newKey(t)
	newest := map[string]string{"kubelet": "1.30.14-1.10", "kubeadm": "1.30.14-1.1", "kubectl": "1.30.14-1.1", "kubernetes-cni": "1.10.0-2.1", "cri-tools": "1.30.1-1.1"}
	with := func(name, version string) map[string]string {
		versions := map[string]string{}
		for other := range newest {
			versions[other] = newest[other]
		}
		versions[name] = version
		return versions
	}
	for name, test := range map[string]struct {
		pinned  map[string]string // with print
		key     string
		index   string
		upgrade bool
		want    map[string]string
		errs    []string
	}{
		"nothing is pinned":                     {nil, key, index, false, newest, nil},
		"what is pinned stays":                  {with("kubelet", "1.30.14-1.2"), key, index, false, with("kubelet", "1.30.14-1.2"), nil},
		"an upgrade":                            {with("kubelet", "1.30.14-1.2"), key, index, true, newest, nil},
		"another patch release is wanted":       {with("kubelet", "1.30.13-1.1"), key, index, false, newest, nil},
		"what is pinned is gone":                {with("kubelet", "1.30.14-1.3"), key, index, false, nil, []string{"no longer has kubelet 1.30.14-1.3", "--upgrade"}},
		"another key":                           {newest, other, index, false, nil, []string{"has the key " + otherPrint + " now, and " + print, "--upgrade"}},
		"another key, wanted":                   {newest, other, index, true, newest, nil},
		"a page in the place of the key":        {nil, "<html>Log in</html>", index, false, nil, []string{deb + "Release.key: it is no OpenPGP key", `"<html>Log in</html>"`}},
		"the release is not there":              {nil, key, strings.ReplaceAll(index, "1.30.14", "1.30.15"), false, nil, []string{"has no kubeadm 1.30.14", "has no kubectl 1.30.14", "has no kubelet 1.30.14"}},
		"a repository without one of the tools": {nil, key, strings.ReplaceAll(index, "Package: cri-tools", "Package: tools"), false, nil, []string{deb + " has no cri-tools"}},
		"no index":                              {nil, key, "", false, nil, []string{deb + "Packages: ", "no such file"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{LocalPath(deb) + "Release.key": test.key}
			if test.index != "" {
				files[LocalPath(deb)+"Packages"] = test.index
			}
			var repositories []Repository
			if test.pinned != nil {
				repositories = []Repository{{deb, print, test.pinned}}
			}
			l, _, err := Update(t.Context(), New(nil, repositories, nil), wants, directory(t, files), test.upgrade)
			if (err != nil) != (test.errs != nil) {
				t.Fatal(err)
			}
			for _, want := range test.errs {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q:\n%v", want, err)
				}
			}
			if err != nil {
				return
			}
			text, err := l.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			again, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, again.Repository(deb).Packages); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

const primary = `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="6">
<package type="rpm"><name>kubelet</name><arch>x86_64</arch><version epoch="0" ver="1.30.14" rel="150500.1.1"/></package>
<package type="rpm"><name>kubelet</name><arch>aarch64</arch><version epoch="0" ver="1.30.14" rel="150500.2.1"/></package>
<package type="rpm"><name>kubeadm</name><arch>x86_64</arch><version epoch="0" ver="1.30.14" rel="150500.1.1"/></package>
<package type="rpm"><name>kubectl</name><arch>x86_64</arch><version epoch="0" ver="1.30.14" rel="150500.1.1"/></package>
<package type="rpm"><name>kubernetes-cni</name><arch>x86_64</arch><version epoch="0" ver="1.4.0" rel="150500.1.1"/></package>
<package type="rpm"><name>cri-tools</name><arch>x86_64</arch><version epoch="0" ver="1.30.1" rel="150500.1.1"/></package>
</metadata>
`

// TestUpdateRPMs reads repositories as createrepo_c lays them out, whatever it compresses with.
func TestUpdateRPMs(t *testing.T) {
	t.Parallel()
	const rpm = "https://pkgs.k8s.io/core:/stable:/v1.30/rpm/"
	wants := Wanted(load(t, strings.NewReplacer("method: binaries", "method: packages", "os: ubuntu", "os: rocky").Replace(specText)))
	if len(wants.Repositories) != 1 || wants.Repositories[0].URL != rpm {
		t.Fatalf("wanted: %v", wants.Repositories)
	}
	var runtime []string
	for _, i := range wants.Items {
		runtime = append(runtime, i.Program)
	}
	if diff := cmp.Diff([]string{"containerd", "containerd", "runc", "runc"}, runtime); diff != "" {
		t.Errorf("beside the packages (-want +got):\n%s", diff)
	}
	wants.Items = nil
	key, _ := newKey(t)
	gzipped := compressed(t, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
	zstandard := compressed(t, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) })
	for name, test := range map[string]struct {
		list, content, sum string // of the list of packages; the sum if it is another one
		err                string
	}{
		"plain":            {"primary.xml", primary, "", ""},
		"gzip":             {"primary.xml.gz", gzipped, "", ""},
		"Zstandard":        {"primary.xml.zst", zstandard, "", ""},
		"cut short":        {"primary.xml.gz", gzipped[:len(gzipped)/2], "", rpm + "repodata/primary.xml.gz is not what it should be: unexpected EOF"},
		"changed":          {"primary.xml", primary, strings.Repeat("0", 64), rpm + "repodata/primary.xml: its SHA-256 is "},
		"a page":           {"primary.xml", "<html>Log in", "", rpm + "repodata/primary.xml is not what it should be: "},
		"no list is named": {"", "", "", rpm + "repodata/repomd.xml names no list of packages"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{LocalPath(rpm) + "repodata/repomd.xml.key": key}
			repomd := "<repomd>"
			if test.list != "" {
				files[LocalPath(rpm)+"repodata/"+test.list] = test.content
				if test.sum == "" {
					test.sum = fmt.Sprintf("%x", sha256.Sum256([]byte(test.content)))
				}
				repomd += fmt.Sprintf(`<data type="other"><location href="repodata/other"/></data><data type="primary"><checksum type="sha256">%s</checksum><location href="repodata/%s"/></data>`, test.sum, test.list)
			}
			files[LocalPath(rpm)+"repodata/repomd.xml"] = repomd + "</repomd>"
			l, _, err := Update(t.Context(), New(nil, nil, nil), wants, directory(t, files), false)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("the error lacks %q: %v", test.err, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{"kubelet": "1.30.14-150500.2.1", "kubeadm": "1.30.14-150500.1.1", "kubectl": "1.30.14-150500.1.1", "kubernetes-cni": "1.4.0-150500.1.1", "cri-tools": "1.30.1-150500.1.1"}
			if diff := cmp.Diff(want, l.Repository(rpm).Packages); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// compressed is the list of packages in a compressed form.
func compressed(t *testing.T, by func(io.Writer) (io.WriteCloser, error)) string {
	t.Helper()
	var b bytes.Buffer
	w, err := by(&b)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(w, primary)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
