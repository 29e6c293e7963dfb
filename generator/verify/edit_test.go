package verify_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"kindling/generator"
	"kindling/generator/internal/document/read"

	"go.yaml.in/yaml/v4"
)

// editor changes a finished set, and keeps its index right, so that only the change itself is wrong.
type editor struct {
	*testing.T
	set fstest.MapFS
}

// index changes index.json.
func (e editor) index(change func(i *generator.Index)) {
	e.Helper()
	var index generator.Index
	if err := json.Unmarshal(e.set["index.json"].Data, &index); err != nil {
		e.Fatal(err)
	}
	change(&index)
	text, err := json.MarshalIndent(index, "", "  ")
	if err != nil {
		e.Fatal(err)
	}
	e.set["index.json"] = &fstest.MapFile{Data: append(text, '\n'), Mode: 0o600}
}

func (e editor) node(name string, change func(n *generator.IndexNode)) {
	e.index(func(i *generator.Index) {
		n := i.Nodes[name]
		change(&n)
		i.Nodes[name] = n
	})
}

// write puts a file of a node into the set, and its sum into the index.
func (e editor) write(node, name string, data []byte) {
	e.set[name] = &fstest.MapFile{Data: data, Mode: 0o600}
	sum := sha256.Sum256(data)
	e.node(node, func(n *generator.IndexNode) {
		n.Files[name] = generator.IndexFile{Bytes: len(data), SHA256: hex.EncodeToString(sum[:]), Secret: n.Files[name].Secret}
	})
}

// document changes one of a node's documents as a structure.
func (e editor) document(node, file string, change func(d map[string]any)) {
	e.Helper()
	name := "nodes/" + node + "/" + file
	text, packed := e.set[name].Data, strings.HasSuffix(file, ".gz")
	if packed {
		r, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			e.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := out.ReadFrom(r); err != nil {
			e.Fatal(err)
		}
		text = out.Bytes()
	}
	var d map[string]any
	if err := yaml.Unmarshal(text, &d); err != nil { // JSON is YAML
		e.Fatal(err)
	}
	change(d)
	var err error
	if strings.HasSuffix(file, ".ign") {
		text, err = json.Marshal(d)
	} else if text, err = yaml.Marshal(d); strings.HasPrefix(file, "user-data") {
		text = append([]byte("#cloud-config\n"), text...)
	} else {
		text = append([]byte("variant: "+d["variant"].(string)+"\n"), bytes.Replace(text, []byte("variant: "+d["variant"].(string)+"\n"), nil, 1)...)
	}
	if err != nil {
		e.Fatal(err)
	}
	if packed {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		if _, err := w.Write(text); err != nil || w.Close() != nil {
			e.Fatal(err)
		}
		text = out.Bytes()
	}
	e.write(node, name, text)
}

// documents changes all of a node's documents.
func (e editor) documents(node string, change func(d map[string]any)) {
	e.Helper()
	found := false
	for name := range e.set {
		if file := path.Base(name); path.Dir(name) == "nodes/"+node && (strings.HasPrefix(file, "user-data") || strings.HasPrefix(file, "config.")) {
			found = true
			e.document(node, file, change)
		}
	}
	if !found {
		e.Fatalf("no documents of %s", node)
	}
}

// files is the list of files in a document.
func files(d map[string]any) (list []any, set func([]any)) {
	if list, ok := d["write_files"].([]any); ok {
		return list, func(list []any) { d["write_files"] = list }
	}
	storage := d["storage"].(map[string]any)
	return storage["files"].([]any), func(list []any) { storage["files"] = list }
}

// content changes a file on the machine.
func (e editor) content(node, file string, change func(content string) string) {
	e.Helper()
	content := e.read(node, file)
	e.entry(node, file, func(f map[string]any) {
		text := base64.StdEncoding.EncodeToString([]byte(change(content)))
		if _, cloudInit := f["content"]; cloudInit {
			f["content"], f["encoding"] = text, "b64"
		} else {
			f["contents"] = map[string]any{"source": "data:;base64," + text}
		}
	})
}

// read is the content of a file on the machine.
func (e editor) read(node, file string) string {
	e.Helper()
	var index generator.Index
	if err := json.Unmarshal(e.set["index.json"].Data, &index); err != nil {
		e.Fatal(err)
	}
	m, err := read.Document(e.set[index.Nodes[node].Document].Data)
	if err != nil {
		e.Fatal(err)
	}
	content, found := m.File(file)
	if !found {
		e.Fatalf("%s has no %s", node, file)
	}
	return string(content)
}

// replace changes text in a file on the machine.
func (e editor) replace(node, file, before, after string) {
	e.Helper()
	e.content(node, file, func(content string) string {
		changed := strings.ReplaceAll(content, before, after)
		if changed == content {
			e.Fatalf("no %q in %s of %s", before, file, node)
		}
		return changed
	})
}

// entry changes what a document says about a file on the machine.
func (e editor) entry(node, file string, change func(f map[string]any)) {
	e.Helper()
	e.documents(node, func(d map[string]any) {
		list, _ := files(d)
		for _, f := range list {
			if f := f.(map[string]any); f["path"] == file {
				change(f)
				return
			}
		}
		e.Fatalf("%s has no %s", node, file)
	})
}

// drop takes a file off the machine.
func (e editor) drop(node, file string) {
	e.Helper()
	e.read(node, file)
	e.documents(node, func(d map[string]any) {
		list, set := files(d)
		var rest []any
		for _, f := range list {
			if f.(map[string]any)["path"] != file {
				rest = append(rest, f)
			}
		}
		set(rest)
	})
}

// add gives a machine with user-data another file.
func (e editor) add(node, file, mode, content string) {
	e.documents(node, func(d map[string]any) {
		list, set := files(d)
		set(append(list, map[string]any{"path": file, "permissions": mode, "content": content}))
	})
}
