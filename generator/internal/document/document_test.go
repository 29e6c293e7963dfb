package document

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/node"
	"kindling/generator/internal/provider"

	"github.com/google/go-cmp/cmp"
	"github.com/vincent-petithory/dataurl"
	"go.yaml.in/yaml/v4"
)

// machine has a file that travels compressed in readable documents, and a secret one.
func machine(t *testing.T) node.Node {
	t.Helper()
	os, known := distro.Lookup("flatcar")
	if !known {
		t.Fatal("no flatcar")
	}
	return node.Node{
		Name: "cp0", Role: "control-plane", OS: os,
		Files: []node.File{
			node.Public("/etc/kindling/run.sh", []byte("#!/bin/bash\n"+strings.Repeat("echo one two three\n", 200))).Packed(),
			node.Secret("/etc/kubernetes/pki/ca.key", []byte("-----BEGIN SECRET-----\nc2VjcmV0+/8=\n-----END SECRET-----\n")),
		},
		Units: []node.Unit{{Name: "kindling.service", Enabled: true, Content: "[Unit]\nDescription=x\n\n[Service]\nExecStart=/bin/true\n\n[Install]\nWantedBy=multi-user.target\n"}},
	}
}

// TestUserDataEncodings holds that each encoding has the same files, and which one is the smallest.
func TestUserDataEncodings(t *testing.T) {
	m, n := NewMaker(), machine(t)
	made := map[provider.Encoding][]byte{}
	for _, encoding := range provider.Encodings() {
		document, err := m.Make(n, distro.CloudInit, encoding)
		if err != nil {
			t.Fatal(err)
		}
		made[encoding] = document
	}
	want := files(t, made[provider.Text])
	if len(want) != 3 {
		t.Fatalf("%v", want)
	}
	packed := unpack(t, made[provider.Gzip])
	if diff := cmp.Diff(want, files(t, packed)); diff != "" {
		t.Errorf("gzip (-text +gzip):\n%s", diff)
	}
	if bytes.Contains(packed, []byte("gz+b64")) {
		t.Error("a file is compressed inside the compressed document")
	}
	decoded, err := base64.StdEncoding.DecodeString(string(made[provider.Base64]))
	if err != nil || !bytes.Equal(decoded, made[provider.Gzip]) {
		t.Errorf("base64 is not that of the gzip form: %v", err)
	}
	if len(made[provider.Gzip]) >= len(made[provider.Text]) {
		t.Errorf("gzip has %d bytes, text %d", len(made[provider.Gzip]), len(made[provider.Text]))
	}
}

// files are the contents of write_files by their paths.
func files(t *testing.T, userData []byte) map[string]string {
	t.Helper()
	var document struct {
		WriteFiles []struct{ Path, Encoding, Content string } `yaml:"write_files"`
	}
	if err := yaml.Unmarshal(userData, &document); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range document.WriteFiles {
		content := []byte(f.Content)
		if f.Encoding == "gz+b64" {
			packed, err := base64.StdEncoding.DecodeString(f.Content)
			if err != nil {
				t.Fatal(err)
			}
			content = unpack(t, packed)
		}
		found[f.Path] = string(content)
	}
	return found
}

func unpack(t *testing.T, packed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestIgnitionMerges holds that the gzip form carries the packed file outside and everything else inside, and nothing twice.
func TestIgnitionMerges(t *testing.T) {
	m, n := NewMaker(), machine(t)
	document, err := m.Make(n, distro.Ignition, provider.Gzip)
	if err != nil {
		t.Fatal(err)
	}
	outer := readConfig(t, document)
	if len(outer.Ignition.Config.Merge) != 1 || outer.Ignition.Version != "3.3.0" {
		t.Fatalf("%+v", outer.Ignition)
	}
	inner := readConfig(t, outer.Ignition.Config.Merge[0].content(t))
	for name, test := range map[string]struct {
		got  config
		want []string
	}{
		"outer": {outer, []string{"/etc/kindling/run.sh"}},
		"inner": {inner, []string{"/etc/kubernetes/pki/ca.key", "kindling.service"}},
	} {
		var names []string
		for _, f := range test.got.Storage.Files {
			names = append(names, f.Path)
		}
		for _, u := range test.got.Systemd.Units {
			names = append(names, u.Name)
		}
		if diff := cmp.Diff(test.want, names); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, f := range append(outer.Storage.Files, inner.Storage.Files...) {
		i := slices.IndexFunc(n.Files, func(want node.File) bool { return want.Path == f.Path })
		if got := f.Contents.content(t); !bytes.Equal(got, n.Files[i].Content) {
			t.Errorf("%s: %q", f.Path, got)
		}
	}
	if _, err := m.Make(n, distro.Ignition, provider.Base64); err == nil {
		t.Error("base64 is accepted, and Ignition does not decode it")
	}
}

// config is the part of an Ignition config that the test reads.
type config struct {
	Ignition struct {
		Config  struct{ Merge []resource }
		Version string
	}
	Storage struct {
		Files []struct {
			Path     string
			Contents resource
		}
	}
	Systemd struct{ Units []struct{ Name string } }
}

func readConfig(t *testing.T, document []byte) (c config) {
	t.Helper()
	if err := json.Unmarshal(document, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

type resource struct{ Compression, Source string }

func (r resource) content(t *testing.T) []byte {
	t.Helper()
	url, err := dataurl.DecodeString(r.Source)
	if err != nil {
		t.Fatal(err)
	}
	if r.Compression == "gzip" {
		return unpack(t, url.Data)
	}
	return url.Data
}

func TestEncodingFor(t *testing.T) {
	for name, want := range map[string][3]provider.Encoding{ // user-data, Ignition, Butane
		"":             {provider.Text, provider.Text, provider.Text},
		"metal":        {provider.Text, provider.Text, provider.Text},
		"aws":          {provider.Gzip, provider.Gzip, provider.Text},
		"hetzner":      {provider.Base64, provider.Gzip, provider.Text},
		"digitalocean": {provider.Text, provider.Gzip, provider.Text},
	} {
		p, _ := provider.Lookup(name)
		got := [3]provider.Encoding{EncodingFor(p, distro.CloudInit), EncodingFor(p, distro.Ignition), EncodingFor(p, distro.Butane)}
		if got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}
