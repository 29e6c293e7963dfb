package load

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestUnreadKeys(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(string, int) fault { return none })
	l := startQuick(t, f)
	l.pace.readBack = 50 * time.Millisecond
	key := l.key()
	f.Close()
	if err := l.Stop().Check(); err == nil || !strings.Contains(err.Error(), "could not be read after the load: "+key) {
		t.Errorf("got %v", err)
	}
}

func TestStartFails(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	_, err := Start(server.Client(), server.URL, "nowhere")
	if err == nil || !strings.Contains(err.Error(), "in namespace nowhere: 404 Not Found") {
		t.Errorf("got %v", err)
	}
}
