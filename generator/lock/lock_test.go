package lock

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/generator/spec"

	"github.com/google/go-cmp/cmp"
)

const specText = `apiVersion: kindling/v1alpha1
kind: Cluster
name: lab
kubernetesVersion: v1.30.14
controlPlaneEndpoint: api.lab.example.com:6443
os: ubuntu
install: {method: binaries}
cni: {manifest: none}
nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7}
- {name: w0, role: worker, address: 10.0.0.8, install: {method: preinstalled}}
`

func load(t *testing.T, text string) *spec.Cluster {
	t.Helper()
	c, problems := spec.Load([]byte(text), spec.Local{})
	if c == nil {
		t.Fatal(problems)
	}
	return c
}

// published has what publishers have of these items, by host and path, each sum in its publisher's form.
func published(items []Item) map[string]string {
	files := map[string]string{}
	for _, i := range items {
		file, sums := i.urls()
		content := "content of " + i.String()
		sum := fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
		switch i.Program {
		case "kubeadm", "kubelet", "kubectl", "crictl":
		case "runc":
			// One list for all, signed in the clear.
			sum = files[LocalPath(sums)] + sum + " *" + filepath.Base(file) + "\n"
		default:
			sum += "  " + filepath.Base(file) + "\n"
		}
		files[LocalPath(file)], files[LocalPath(sums)] = content, sum
	}
	return files
}

// serve has mirrors for both hosts at one server.
func serve(t *testing.T, files map[string]string) Web {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, ok := files[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		if r.Method == http.MethodGet {
			fmt.Fprint(w, content)
		}
	}))
	t.Cleanup(server.Close)
	return Web{client: http.DefaultClient, mirrors: map[string]string{"dl.k8s.io": server.URL + "/dl.k8s.io/", "github.com": server.URL + "/github.com"}}
}

func directory(t *testing.T, files map[string]string) Directory {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Directory(dir)
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	wanted := Wanted(load(t, specText))
	if len(wanted.Items) != 7*len(Architectures) {
		t.Fatalf("%d items are wanted: %v", len(wanted.Items), wanted.Items)
	}
	files := published(wanted.Items)
	var texts []string
	for _, source := range []Source{serve(t, files), directory(t, files)} {
		l, notes, err := Update(t.Context(), New(nil, nil, nil), wanted, source, false)
		if err != nil || notes != nil {
			t.Fatal(err, notes)
		}
		for _, i := range wanted.Items {
			content := "content of " + i.String()
			file, _ := i.urls()
			got, ok := l.Find(i)
			want := Download{i, file, int64(len(content)), fmt.Sprintf("%x", sha256.Sum256([]byte(content)))}
			if diff := cmp.Diff(want, got); !ok || diff != "" {
				t.Errorf("%s (-want +got):\n%s", i, diff)
			}
		}
		text, err := l.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
		again, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(l.Downloads(), again.Downloads()); diff != "" {
			t.Errorf("read back (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(texts[0], texts[1]); diff != "" {
		t.Errorf("from a directory it is another lock (-web +directory):\n%s", diff)
	}
}

func TestUpdateRefuses(t *testing.T) {
	t.Parallel()
	wanted := Wanted(load(t, specText))
	kubelet, kubeletSum := Item{"kubelet", "v1.30.14", "amd64"}.urls()
	containerd, containerdSum := Item{"containerd", "2.3.4", "arm64"}.urls()
	runc, _ := Item{"runc", "1.4.3", "amd64"}.urls()
	good := New(nil, nil, nil)
	if l, _, err := Update(t.Context(), New(nil, nil, nil), wanted, directory(t, published(wanted.Items)), false); err == nil {
		good = l
	}
	const other = "0000000000000000000000000000000000000000000000000000000000000000"
	for name, test := range map[string]struct {
		change  map[string]string // "" takes a file away
		upgrade bool
		errs    []string
		notes   int
	}{
		"nothing has changed":            {},
		"a sum has changed":              {map[string]string{LocalPath(kubeletSum): other}, false, []string{"kubelet v1.30.14 for amd64: " + kubelet + " has the SHA-256 " + other + " now, and ", "take it with --upgrade"}, 0},
		"a sum has changed, wanted":      {map[string]string{LocalPath(kubeletSum): other}, true, nil, 0},
		"a file and a sum that are gone": {map[string]string{LocalPath(kubelet): "", LocalPath(containerd): ""}, false, []string{kubelet, containerd, "404 Not Found"}, 0},
		"a sum that is gone":             {map[string]string{LocalPath(containerdSum): ""}, false, nil, 1},
		"a page in the place of a sum":   {map[string]string{LocalPath(kubeletSum): "<html>Log in</html>"}, false, []string{kubeletSum + " has no SHA-256 of it; it begins with \"<html>"}, 0},
		"a list without the file":        {map[string]string{LocalPath(containerdSum): other + "  containerd-1.0.tar.gz\n"}, false, []string{containerdSum + " has no SHA-256 of it"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := published(wanted.Items)
			for file, content := range test.change {
				if files[file] = content; content == "" {
					delete(files, file)
				}
			}
			_, notes, err := Update(t.Context(), good, wanted, serve(t, files), test.upgrade)
			if (err != nil) != (test.errs != nil) || len(notes) != test.notes {
				t.Fatalf("%v, %q", err, notes)
			}
			for _, want := range test.errs {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q:\n%v", want, err)
				}
			}
		})
	}
	files := published(wanted.Items)
	files[LocalPath(runc)] = "cut short"
	if _, _, err := Update(t.Context(), New(nil, nil, nil), wanted, directory(t, files), false); err == nil || !strings.Contains(err.Error(), "the copy of "+runc+" has the SHA-256 ") {
		t.Errorf("a copy that was cut short: %v", err)
	}
}

// TestWebTriesAgain has a server that is busy at first.
func TestWebTriesAgain(t *testing.T) {
	t.Parallel()
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if requests++; requests < 3 {
			http.Error(w, "busy", []int{http.StatusTooManyRequests, http.StatusServiceUnavailable}[requests-1])
			return
		}
		fmt.Fprint(w, "at last")
	}))
	t.Cleanup(server.Close)
	text, err := read(context.Background(), Web{client: http.DefaultClient, mirrors: map[string]string{"dl.k8s.io": server.URL}}, "https://dl.k8s.io/x")
	if err != nil || text != "at last" {
		t.Errorf("%q, %v", text, err)
	}
}

// TestWebGivesUp has servers that take the request and say nothing, or stop in the middle.
func TestWebGivesUp(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]string{"no answer": "", "half an answer": "half"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if begin != "" {
					fmt.Fprint(w, begin)
					w.(http.Flusher).Flush()
				}
				<-r.Context().Done()
			}))
			t.Cleanup(server.Close)
			web := Web{client: http.DefaultClient, mirrors: map[string]string{"dl.k8s.io": server.URL}, silence: 50 * time.Millisecond}
			if text, err := read(t.Context(), web, "https://dl.k8s.io/x"); err == nil || !strings.Contains(err.Error(), server.URL+"/x has been silent for 50ms") {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	const begin = "apiVersion: kindling/v1alpha1\nkind: Lock\ndownloads:\n"
	for name, test := range map[string]struct{ text, want string }{
		"another kind":   {"apiVersion: kindling/v1alpha1\nkind: Cluster\n", `has apiVersion "kindling/v1alpha1" and kind "Cluster"`},
		"an unknown key": {begin + "- {programm: kubelet}\n", "programm"},
		"a short key":    {"apiVersion: kindling/v1alpha1\nkind: Lock\nrepositories:\n- {url: https://x/, key: 12AB}\n", "repositories[0] lacks"},
		"a short sum":    {begin + "- {program: kubelet, version: v1.30.14, arch: amd64, url: https://x/y, size: 1, sha256: 12ab}\n", "downloads[0] lacks"},
		"no YAML":        {"\t", "kindling.lock"},
	} {
		if _, err := Parse([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
