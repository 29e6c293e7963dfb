package serve_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kindling/generator/serve"
)

const split = "../../testdata/golden/split"

// secretServer has a set with secret parts, and no machine that boots over the network.
func secretServer(t *testing.T) (*serve.Server, *serve.Ledger, func(from, path string) (int, string)) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	if err := os.CopyFS(out, os.DirFS(split)); err != nil {
		t.Fatal(err)
	}
	documents, err := serve.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := serve.OpenLedger(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &serve.Server{Documents: documents, Ledger: ledger, Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")}, Log: func(serve.Entry) {}, Now: func() time.Time { return noon }}
	return s, ledger, func(from, path string) (int, string) {
		r := httptest.NewRequest(http.MethodGet, "https://10.0.0.5:8443"+path, nil)
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
}

func TestSecretParts(t *testing.T) {
	s, ledger, get := secretServer(t)
	want := func(from, path string, status int, body string) {
		t.Helper()
		code, got := get(from, path)
		if code != status || body != "" && got != body {
			t.Errorf("%s asks for %s: %d, not %d: %.100q", from, path, code, status, got)
		}
	}
	part := func(name string) string {
		data, err := os.ReadFile(filepath.Join(split, "secret", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	want("10.0.0.8:1", "/secret/cp0", 403, "10.0.0.8 is the address of cp1; if cp0 asks, have DHCP give it its own\n")
	want("10.0.0.77:1", "/secret/cp0", 403, "10.0.0.77 is not the address of cp0\n")
	want("10.0.0.8:1", "/secret/pool", 403, "10.0.0.8 is the address of cp1; if pool asks, have DHCP give it its own\n")
	want("10.0.1.7:1", "/secret/cp0", 403, "10.0.1.7 is in no network that may ask\n")
	want("10.0.0.7:1", "/secret/cp9", 404, "")
	want("10.0.0.7:1", "/secret/../secret/cp0", 404, "")
	want("10.0.0.7:1", "/nodes/cp0/user-data", 403, "")
	want("10.0.0.7:1", "/secret/cp0", 200, part("cp0"))
	want("10.0.0.7:2", "/secret/cp0", 403, "cp0 has had this at 2026-01-01T12:00:00Z; kindling serve --rearm cp0 lets it have it again\n")
	want("10.0.0.8:1", "/secret/cp1", 200, part("cp1"))
	for range 2 { // the machines of a pool share it
		want("10.0.0.77:1", "/secret/pool", 200, part("pool"))
	}
	if err := ledger.Rearm("cp0"); err != nil {
		t.Fatal(err)
	}
	want("10.0.0.7:1", "/secret/cp0", 200, part("cp0"))

	plain := httptest.NewRequest(http.MethodGet, "http://10.0.0.5:8080/secret/w0", nil)
	plain.RemoteAddr = "10.0.0.10:1"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, plain)
	if w.Code != http.StatusForbidden {
		t.Errorf("without TLS: %d %.100q", w.Code, w.Body)
	}
}
