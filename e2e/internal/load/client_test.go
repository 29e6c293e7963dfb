package load

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestOutcomes(t *testing.T) {
	answer := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = w.Write([]byte(body))
		}
	}
	about := func(code int, reason, key string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { answerStatus(w, code, reason, key) }
	}
	for name, test := range map[string]struct {
		handler              http.HandlerFunc
		create, update, read outcome
	}{
		"object":             {answer(200, `{"data":{"value":"7"}}`), acknowledged, acknowledged, acknowledged},
		"half an object":     {answer(200, `{"data":{"val`), unknown, unknown, failed},
		"exists":             {about(409, "AlreadyExists", "key"), rejected, failed, failed},
		"not found":          {about(404, "NotFound", "key"), failed, rejected, acknowledged},
		"another not found":  {about(404, "NotFound", "namespace"), failed, failed, failed},
		"page not found":     {answer(404, "404 page not found"), failed, failed, failed},
		"forbidden":          {about(403, "Forbidden", "key"), failed, failed, failed},
		"overloaded":         {answer(429, "Too many requests"), failed, failed, failed},
		"a proxy's time-out": {answer(408, ""), unknown, unknown, failed},
		"unavailable":        {answer(503, ""), unknown, unknown, failed},
		"cut":                {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, unknown, unknown, failed},
		"cut in its answer": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			_, _ = w.Write([]byte(`{"data":{"value":"7"}}`))
		}, unknown, unknown, failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewTLSServer(test.handler)
			defer server.Close()
			a := api{client: server.Client(), base: server.URL, namespace: "default", limit: 10 * time.Second}
			for kind, want := range map[kind]outcome{create: test.create, update: test.update, read: test.read} {
				o := operation{kind: kind, key: "key"}
				a.do(&o)
				if o.outcome != want {
					t.Errorf("%s: got %s, want %s (%s)", kind, o.outcome, want, o.answer)
				}
			}
		})
	}
}

func TestTimeOut(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body) // until then, the server does not see that the client is gone
		<-r.Context().Done()
	}))
	defer server.Close()
	a := api{client: server.Client(), base: server.URL, namespace: "default", limit: 200 * time.Millisecond}
	o := operation{kind: create, key: "key", value: "1"}
	a.do(&o)
	if o.outcome != unknown {
		t.Errorf("got %s: %s", o.outcome, o.answer)
	}
}

// TestNeverSent covers load balancers that accept no connection, and that accept one without having a server.
func TestNeverSent(t *testing.T) {
	for name, accept := range map[string]func(net.Listener){
		"refused":           func(l net.Listener) { l.Close() },
		"cut before TLS":    func(l net.Listener) { serve(l, func(c net.Conn) { c.Close() }) },
		"silent before TLS": func(l net.Listener) { serve(l, func(net.Conn) {}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			go accept(listener)
			base := "https://" + listener.Addr().String()
			a := api{client: new(http.Client), base: base, namespace: "default", limit: 200 * time.Millisecond}
			o := operation{kind: update, key: "key", value: "1"}
			a.do(&o)
			if o.outcome != failed {
				t.Errorf("got %s: %s", o.outcome, o.answer)
			}
		})
	}
}

// serve passes each connection to a handler until the listener is closed.
func serve(listener net.Listener, handle func(net.Conn)) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		handle(connection)
	}
}
