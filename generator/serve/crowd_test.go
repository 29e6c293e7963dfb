package serve_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kindling/generator"
	"kindling/generator/serve"
)

// crowd writes a set for so many machines.
func crowd(t *testing.T, machines int) string {
	t.Helper()
	out := t.TempDir()
	index := generator.Index{APIVersion: "kindling/v1alpha1", Kind: "Index", Nodes: map[string]generator.IndexNode{}}
	for i := range machines {
		name := fmt.Sprintf("w%d", i)
		files := map[string]generator.IndexFile{}
		for file, content := range map[string]string{
			fmt.Sprintf("ipxe/52-54-00-00-%02x-%02x.ipxe", i>>8, i&255): "#!ipxe\nset base-url http://boot.test\nkernel x",
			"nodes/" + name + "/user-data":                              strings.Repeat("the document of "+name+"\n", 1000),
			"nodes/" + name + "/meta-data":                              "local-hostname: " + name,
		} {
			full := filepath.Join(out, file)
			if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			files[file] = generator.IndexFile{Bytes: len(content), SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(content))), Secret: strings.HasSuffix(file, "user-data")}
		}
		index.Nodes[name] = generator.IndexNode{MAC: "x", Files: files}
	}
	text, err := json.Marshal(index)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, "index.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCrowd has a thousand machines at once, each of them asking twice for everything, among clients that never finish their requests.
// Each machine has its document once.
func TestCrowd(t *testing.T) {
	const machines = 1000
	documents, err := serve.Open(crowd(t, machines))
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := serve.OpenLedger(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var logged atomic.Int64
	server := httptest.NewServer(&serve.Server{
		Documents: documents, Ledger: ledger, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
		Log: func(serve.Entry) { logged.Add(1) }, Now: time.Now,
	})
	defer server.Close()
	for range 100 {
		slow, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer slow.Close()
		fmt.Fprint(slow, "GET /ipxe/boot")
	}

	get := func(path string) (int, string) {
		answer, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Error(err)
		}
		return answer.StatusCode, string(body)
	}
	var had, refused atomic.Int64
	var all sync.WaitGroup
	for i := range machines {
		name := fmt.Sprintf("w%d", i)
		_, script := get(fmt.Sprintf("/ipxe/52-54-00-00-%02x-%02x.ipxe", i>>8, i&255))
		_, token, _ := strings.Cut(script, "/boot/")
		token, _, _ = strings.Cut(token, "\n")
		for range 2 {
			all.Go(func() {
				get("/boot/" + token + "/nodes/" + name + "/meta-data")
				switch code, body := get("/boot/" + token + "/nodes/" + name + "/user-data"); {
				case code == http.StatusOK && body == strings.Repeat("the document of "+name+"\n", 1000):
					had.Add(1)
				case code == http.StatusForbidden:
					refused.Add(1)
				default:
					t.Errorf("%s: %d %.100s", name, code, body)
				}
			})
		}
	}
	all.Wait()
	if had.Load() != machines || refused.Load() != machines || logged.Load() != 5*machines {
		t.Errorf("%d had their documents, %d were refused, %d requests in the log", had.Load(), refused.Load(), logged.Load())
	}
}
