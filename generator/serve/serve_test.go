package serve_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"kindling/generator"
	"kindling/generator/serve"

	"github.com/google/go-cmp/cmp"
)

const golden = "../../testdata/golden/pxe"

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// site is a server with the machines that ask it.
type site struct {
	t      *testing.T
	out    string
	ledger string
	server *serve.Server
	mutex  sync.Mutex
	log    []serve.Entry
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, out: filepath.Join(t.TempDir(), "out"), ledger: filepath.Join(t.TempDir(), "ledger")}
	if err := os.CopyFS(s.out, os.DirFS(golden)); err != nil {
		t.Fatal(err)
	}
	s.start()
	return s
}

// start is a new process on the same disk.
func (s *site) start() {
	s.t.Helper()
	documents, err := serve.Open(s.out)
	if err != nil {
		s.t.Fatal(err)
	}
	ledger, err := serve.OpenLedger(s.ledger)
	if err != nil {
		s.t.Fatal(err)
	}
	s.server = &serve.Server{
		Documents: documents, Ledger: ledger, Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("fd00::/64")},
		Images: fstest.MapFS{"flatcar/vmlinuz": {Data: []byte("a kernel")}},
		Log: func(e serve.Entry) {
			s.mutex.Lock()
			defer s.mutex.Unlock()
			s.log = append(s.log, e)
		},
		Now: func() time.Time { return noon },
	}
}

func (s *site) do(method, from, path string) (int, string) {
	r := httptest.NewRequest(method, "http://10.0.0.1:8080/x", nil)
	r.URL.Path, r.RemoteAddr = path, from
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// get asks from an address, and wants a status.
func (s *site) get(from, path string, status int) string {
	s.t.Helper()
	code, body := s.do(http.MethodGet, from, path)
	if code != status {
		s.t.Errorf("%s asks for %s: %d, not %d: %.200s", from, path, code, status, body)
	}
	return body
}

var tokenLine = regexp.MustCompile(`\nset base-url \$\{base-url\}(/boot/[A-Z2-7]{26})\nkernel `)

// boot asks for the script of the MAC address that ends so, and returns the path of the token.
func (s *site) boot(from, mac string) string {
	s.t.Helper()
	script := s.get(from, "/kindling/ipxe/52-54-00-00-00-"+mac+".ipxe", http.StatusOK)
	token := tokenLine.FindStringSubmatch(script)
	if token == nil {
		s.t.Fatalf("no token in\n%s", script)
	}
	return "/kindling" + token[1]
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(golden, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestBoots has each machine boot as its firmware, installer and first boot do.
func TestBoots(t *testing.T) {
	s := newSite(t)
	want := read(t, "ipxe/boot.ipxe")
	if got := s.get("10.0.0.7:1", "/kindling/ipxe/boot.ipxe", 200); got != want {
		t.Errorf("%s", got)
	}
	for mac, files := range map[string][]string{
		"07": {"nodes/cp0/install/config.ign", "nodes/cp0/config.ign"},
		"08": {"nodes/cp1/install/meta-data", "nodes/cp1/install/user-data"},
		"09": {"nodes/cp2/config.ign"},
		"10": {"nodes/w0/install/config.ign", "nodes/w0/config.ign"},
	} {
		token := s.boot("10.0.0.200:7", mac) // a lease of the firmware's own
		own := "10.0.0." + strings.TrimPrefix(mac, "0") + ":1"
		for _, file := range files {
			if got := s.get(own, token+"/"+file, 200); got != read(t, file) {
				t.Errorf("%s is another file", file)
			}
		}
		if got := s.get(own, token+"/images/flatcar/vmlinuz", 200); got != "a kernel" {
			t.Errorf("%s", got)
		}
		script := s.get(own, "/kindling/ipxe/52-54-00-00-00-"+mac+".ipxe", 200)
		if strings.Contains(script, "kernel") || !strings.HasSuffix(script, "\nexit\n") {
			t.Errorf("the next script of %s:\n%s", mac, script)
		}
	}
}

// TestRefusals has what a server must not give away, and where it must not end.
func TestRefusals(t *testing.T) {
	s := newSite(t)
	token := s.boot("10.0.0.7:1", "07")
	other := s.boot("10.0.0.8:1", "08")
	third := s.boot("10.0.0.9:1", "09") // not bound yet
	s.get("10.0.0.7:1", token+"/nodes/cp0/config.ign", 200)
	s.get("10.0.0.8:1", other+"/nodes/cp1/meta-data", 200)
	for name, c := range map[string]struct {
		from, path string
		status     int
	}{
		"a second time":                     {"10.0.0.7:1", token + "/nodes/cp0/config.ign", 403},
		"another machine's document":        {"10.0.0.7:1", token + "/nodes/cp1/user-data", 403},
		"another machine's public file":     {"10.0.0.7:1", token + "/nodes/cp1/meta-data", 403},
		"a token of another address":        {"10.0.0.200:1", other + "/nodes/cp1/user-data", 403},
		"another machine's script":          {"10.0.0.9:1", "/kindling/ipxe/52-54-00-00-00-10.ipxe", 403},
		"a token on another machine":        {"10.0.0.10:1", third + "/nodes/cp2/config.ign", 403},
		"no token":                          {"10.0.0.8:1", "/kindling/nodes/cp1/user-data", 403},
		"an empty token":                    {"10.0.0.8:1", "/kindling/boot//nodes/cp1/user-data", 404},
		"a token made up":                   {"10.0.0.8:1", "/kindling/boot/AAAAAAAAAAAAAAAAAAAAAAAAAA/nodes/cp1/user-data", 403},
		"an address outside":                {"10.0.1.8:1", "/kindling/ipxe/boot.ipxe", 403},
		"a script for an address outside":   {"192.168.0.8:1", "/kindling/ipxe/52-54-00-00-00-10.ipxe", 403},
		"an IPv6 address outside":           {"[fd00:0:0:1::8]:1", "/kindling/ipxe/boot.ipxe", 403},
		"a MAC address of nobody":           {"10.0.0.8:1", "/kindling/ipxe/52-54-00-00-00-99.ipxe", 404},
		"a file that is not there":          {"10.0.0.8:1", other + "/nodes/cp1/network-config", 404},
		"another node's directory":          {"10.0.0.8:1", other + "/nodes/cp1/../cp2/config.ign", 404},
		"a directory":                       {"10.0.0.8:1", other + "/nodes/cp1", 404},
		"the index":                         {"10.0.0.8:1", "/kindling/index.json", 404},
		"the index with a token":            {"10.0.0.8:1", other + "/index.json", 404},
		"a script with a token":             {"10.0.0.8:1", other + "/ipxe/52-54-00-00-00-10.ipxe", 404},
		"README.md":                         {"10.0.0.8:1", "/kindling/README.md", 404},
		"without the base URL's path":       {"10.0.0.8:1", "/ipxe/boot.ipxe", 404},
		"the root":                          {"10.0.0.8:1", "/", 404},
		"nothing":                           {"10.0.0.8:1", "", 404},
		"pki":                               {"10.0.0.8:1", "/kindling/pki/ca.key", 404},
		"above the set":                     {"10.0.0.8:1", "/kindling/../pki/ca.key", 404},
		"above the set, by a script":        {"10.0.0.8:1", "/kindling/ipxe/../../pki/ca.key", 404},
		"above the set, with a token":       {"10.0.0.8:1", other + "/../../../pki/ca.key", 404},
		"above the images":                  {"10.0.0.8:1", "/kindling/images/../out/index.json", 404},
		"a backslash":                       {"10.0.0.8:1", "/kindling/images/..\\out", 404},
		"an image that is not there":        {"10.0.0.8:1", "/kindling/images/flatcar", 404},
		"the list of images":                {"10.0.0.8:1", "/kindling/images/", 404},
		"a zero byte":                       {"10.0.0.8:1", "/kindling/images/flatcar\x00/vmlinuz", 404},
		"a request from nowhere":            {"", "/kindling/ipxe/boot.ipxe", 403},
		"a path as long as a header may be": {"10.0.0.8:1", "/kindling/" + strings.Repeat("a/", 5000) + "a", 404},
	} {
		t.Run(name, func(t *testing.T) {
			s := &site{t: t, out: s.out, ledger: s.ledger}
			s.start()
			body := s.get(c.from, c.path, c.status)
			if strings.Contains(body, "PRIVATE KEY") || strings.Contains(body, "/boot/") {
				t.Errorf("%s", body)
			}
			if len(s.log) != 1 || s.log[0].Status != c.status || s.log[0].Reason == "" || strings.Contains(s.log[0].Path, token[len("/kindling/boot/"):]) {
				t.Errorf("log: %+v", s.log)
			}
		})
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PROPFIND"} {
		if code, _ := s.do(method, "10.0.0.8:1", other+"/nodes/cp1/user-data"); code != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, code)
		}
	}
	if code, body := s.do(http.MethodHead, "10.0.0.8:1", other+"/nodes/cp1/install/user-data"); code != 200 || body != "" {
		t.Errorf("HEAD: %d %s", code, body)
	}
	s.get("10.0.0.8:1", other+"/nodes/cp1/user-data", 200) // which none of the above has used up
}

// TestOnce has machines that reset before they asked for anything, and a thief who comes too late.
func TestOnce(t *testing.T) {
	s := newSite(t)
	first, second := s.boot("10.0.0.9:1", "09"), s.boot("10.0.0.9:1", "09")
	thief := s.boot("10.0.0.66:1", "09")
	s.get("10.0.0.9:1", first+"/nodes/cp2/config.ign", 200)
	for _, token := range []string{first, second, thief} {
		if body := s.get("10.0.0.66:1", token+"/nodes/cp2/config.ign", 403); strings.Contains(body, "PRIVATE KEY") {
			t.Errorf("%s", body)
		}
	}

	s.start()
	s.get("10.0.0.9:1", first+"/nodes/cp2/config.ign", 403)
	if err := s.server.Ledger.Rearm("cp2"); err != nil {
		t.Fatal(err)
	}
	s.get("10.0.0.9:1", first+"/nodes/cp2/config.ign", 403)
	s.get("10.0.0.9:1", s.boot("10.0.0.9:1", "09")+"/nodes/cp2/config.ign", 200)

	for range 20 {
		first = s.boot("10.0.0.10:1", "10")
	}
	s.get("10.0.0.10:1", first+"/nodes/w0/config.ign", 200)
}

// broken is a connection that ends.
type broken struct{ *httptest.ResponseRecorder }

func (broken) Write([]byte) (int, error) { return 0, fmt.Errorf("connection reset by peer") }

// TestBrokenOff has a machine get its document after all whose first connection ended.
func TestBrokenOff(t *testing.T) {
	s := newSite(t)
	token := s.boot("10.0.0.9:1", "09")
	r := httptest.NewRequest(http.MethodGet, "http://x"+token+"/nodes/cp2/config.ign", nil)
	r.RemoteAddr = "10.0.0.9:1"
	s.server.ServeHTTP(broken{httptest.NewRecorder()}, r)
	if last := s.log[len(s.log)-1]; last.Reason != "broke off: connection reset by peer" {
		t.Errorf("%+v", last)
	}
	s.get("10.0.0.9:1", token+"/nodes/cp2/config.ign", 200)
}

// TestAnotherSet replaces the set below a server that runs, and damages it.
func TestAnotherSet(t *testing.T) {
	s := newSite(t)
	token := s.boot("10.0.0.9:1", "09")
	name := filepath.Join(s.out, "nodes/cp2/config.ign")
	if err := os.WriteFile(name, []byte("another document"), 0o600); err != nil {
		t.Fatal(err)
	}
	if body := s.get("10.0.0.9:1", token+"/nodes/cp2/config.ign", 500); strings.Contains(body, s.out) {
		t.Errorf("%s", body)
	}
	if last := s.log[len(s.log)-1]; !strings.Contains(last.Reason, "config.ign: differs from index.json") {
		t.Errorf("%+v", last)
	}

	var index generator.Index
	if err := json.Unmarshal([]byte(read(t, "index.json")), &index); err != nil {
		t.Fatal(err)
	}
	index.Nodes["cp2"].Files["nodes/cp2/config.ign"] = generator.IndexFile{SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte("another document"))), Secret: true}
	text, err := json.Marshal(index)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.out, "index.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := s.get("10.0.0.9:1", token+"/nodes/cp2/config.ign", 200); got != "another document" {
		t.Errorf("%s", got)
	}

	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/hostname", name); err != nil {
		t.Fatal(err)
	}
	if err := s.server.Ledger.Rearm("cp2"); err != nil {
		t.Fatal(err)
	}
	s.get("10.0.0.9:1", s.boot("10.0.0.9:1", "09")+"/nodes/cp2/config.ign", 500)
	if err := os.WriteFile(filepath.Join(s.out, "index.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.get("10.0.0.9:1", "/kindling/ipxe/boot.ipxe", 500)
	if _, err := serve.Open(s.out); err == nil || !strings.HasSuffix(err.Error(), "index.json is not the index of a set of documents; run kindling generate") {
		t.Errorf("%v", err)
	}
}

// TestDamagedLedger gives nothing away until the machine is armed again.
func TestDamagedLedger(t *testing.T) {
	s := newSite(t)
	token := s.boot("10.0.0.9:1", "09")
	if err := os.WriteFile(filepath.Join(s.ledger, "cp2.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.get("10.0.0.9:1", token+"/nodes/cp2/config.ign", 500)
	s.get("10.0.0.9:1", "/kindling/ipxe/52-54-00-00-00-09.ipxe", 500)
	if last := s.log[len(s.log)-1]; !strings.HasSuffix(last.Reason, "cp2.json is damaged; kindling serve --rearm cp2 removes it") {
		t.Errorf("%+v", last)
	}
	if err := s.server.Ledger.Rearm("cp2"); err != nil {
		t.Fatal(err)
	}
	s.get("10.0.0.9:1", s.boot("10.0.0.9:1", "09")+"/nodes/cp2/config.ign", 200)
	for _, name := range []string{"", "../out", `..\out`, ".cp2"} {
		if err := s.server.Ledger.Rearm(name); err == nil {
			t.Errorf("%q has been armed", name)
		}
	}
}

// TestLog has who asked for what, and no token.
func TestLog(t *testing.T) {
	s := newSite(t)
	token := s.boot("10.0.0.9:1", "09")
	s.get("[::ffff:10.0.0.9]:1", token+"/nodes/cp2/config.ign", 200)
	s.get("[fd00::9%eth0]:1", token+"/nodes/cp2/config.ign", 403)
	nine, six := netip.MustParseAddr("10.0.0.9"), netip.MustParseAddr("fd00::9")
	want := []serve.Entry{
		{Time: noon, From: nine, Node: "cp2", Path: "ipxe/52-54-00-00-00-09.ipxe", Status: 200, Bytes: s.log[0].Bytes},
		{Time: noon, From: nine, Node: "cp2", Path: "nodes/cp2/config.ign", Status: 200, Bytes: int64(len(read(t, "nodes/cp2/config.ign")))},
		{Time: noon, From: six, Node: "cp2", Path: "nodes/cp2/config.ign", Status: 403, Bytes: 39, Reason: "this token is another address's"},
	}
	want[2].Bytes = s.log[2].Bytes
	if diff := cmp.Diff(want, s.log, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
