package generator_test

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"strings"
	"testing"

	"kindling/generator"
	"kindling/generator/spec"
	"kindling/pki"

	"github.com/vincent-petithory/dataurl"
	"go.yaml.in/yaml/v4"
)

// TestWorkersHaveNoSharedKey decodes every document of every sample in every format, and looks for the cluster's private
// keys in what comes out, in the document itself, and in any base64 or gzip inside.
func TestWorkersHaveNoSharedKey(t *testing.T) {
	for _, name := range goldenClusters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := load(t, name)
			bundle := testPKI(t, c, noon)
			keys := map[string][]byte{"sa.key": bundle.ControlPlane("cp0", false).SAKey}
			for _, pair := range []string{pki.CA, pki.FrontProxyCA, pki.EtcdCA, pki.Admin} {
				keys[pair+".key"] = bundle.Pair(pair).Key
			}
			if c.Version().HasSuperAdmin() {
				keys["super-admin.key"] = bundle.Pair(pki.SuperAdmin).Key
			}
			g := newGenerator(t, c, noon)
			for _, n := range c.Nodes {
				for _, format := range []generator.Format{generator.CloudInit, generator.Ignition, generator.Butane} {
					t.Run(fmt.Sprintf("%s/%s", n.Name, format), func(t *testing.T) {
						document, err := g.Document(n.Name, format, generator.Text)
						if err != nil {
							t.Fatal(err)
						}
						everything := append([]byte(nil), document...)
						files := 0
						for _, content := range decode(t, format, document) {
							everything = append(append(everything, '\n'), content...)
							files++
						}
						if files < 5 {
							t.Fatalf("only %d files were decoded", files)
						}
						for file, key := range keys {
							has := contains(t, everything, key)
							mayHave := !c.SplitsSecrets() && n.Role == spec.ControlPlane && (file == "sa.key" || !strings.HasSuffix(file, "admin.key") && !c.OfflineCAs() && !(file == "etcd/ca.key" && c.ExternalEtcd()))
							if has != mayHave {
								t.Errorf("has %s: %t, want %t", file, has, mayHave)
							}
						}
						for _, leaf := range generator.Request(c).Leaves {
							if (leaf.Node != n.Name || c.SplitsSecrets()) && contains(t, everything, bundle.Pair(leaf.Name).Key) {
								t.Errorf("has the key of %s", leaf.Name)
							}
						}
					})
				}
			}
		})
	}
}

// contains looks for the secret number of a key, whatever is around it: in base64 it may begin at any of three places.
func contains(t *testing.T, text, key []byte) bool {
	block, _ := pem.Decode(key)
	if block == nil {
		t.Fatal("not PEM")
	}
	secret := secretOf(t, block)
	squeezed := bytes.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n", r) {
			return -1
		}
		return r
	}, text)
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString(append(make([]byte, shift), secret...))
		if bytes.Contains(squeezed, []byte(encoded[4:len(encoded)-4])) {
			return true
		}
	}
	return bytes.Contains(text, secret)
}

// secretOf is the number that nobody may know.
func secretOf(t *testing.T, block *pem.Block) []byte {
	t.Helper()
	if block.Type == "RSA PRIVATE KEY" {
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		return key.D.Bytes()
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// decode gives the content of every file and unit of a document by its path.
func decode(t *testing.T, format generator.Format, document []byte) map[string][]byte {
	t.Helper()
	switch format {
	case generator.CloudInit:
		return decodeCloudInit(t, document)
	case generator.Ignition:
		return decodeIgnition(t, document)
	}
	var config struct {
		Storage struct {
			Files []struct {
				Path     string
				Contents struct{ Inline, Source string }
			}
		}
		Systemd struct {
			Units []struct{ Name, Contents string }
		}
	}
	if err := yaml.Unmarshal(document, &config); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range config.Storage.Files {
		files[f.Path] = []byte(f.Contents.Inline + f.Contents.Source)
	}
	for _, u := range config.Systemd.Units {
		files["/etc/systemd/system/"+u.Name] = []byte(u.Contents)
	}
	return files
}

func decodeCloudInit(t *testing.T, document []byte) map[string][]byte {
	t.Helper()
	if !bytes.HasPrefix(document, []byte("#cloud-config\n")) {
		t.Fatal("not #cloud-config")
	}
	var config struct {
		WriteFiles []struct{ Path, Encoding, Content string } `yaml:"write_files"`
	}
	if err := yaml.Unmarshal(document, &config); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range config.WriteFiles {
		content := []byte(f.Content)
		switch f.Encoding {
		case "":
		case "b64", "gz+b64":
			var err error
			if content, err = base64.StdEncoding.DecodeString(f.Content); err != nil {
				t.Fatal(err)
			}
			if f.Encoding == "gz+b64" {
				content = gunzip(t, content)
			}
		default:
			t.Fatalf("%s: encoding %q", f.Path, f.Encoding)
		}
		files[f.Path] = content
	}
	return files
}

func decodeIgnition(t *testing.T, document []byte) map[string][]byte {
	t.Helper()
	var config struct {
		Storage struct {
			Files []struct {
				Path     string
				Contents struct{ Source, Compression string }
			}
		}
		Systemd struct {
			Units []struct{ Name, Contents string }
		}
	}
	if err := json.Unmarshal(document, &config); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range config.Storage.Files {
		url, err := dataurl.DecodeString(f.Contents.Source)
		if err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		content := url.Data
		if f.Contents.Compression == "gzip" {
			content = gunzip(t, content)
		}
		files[f.Path] = content
	}
	for _, u := range config.Systemd.Units {
		files["/etc/systemd/system/"+u.Name] = []byte(u.Contents)
	}
	return files
}

func gunzip(t *testing.T, data []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
