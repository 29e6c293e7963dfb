package load

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"sync"
	"testing"
)

// A fault is what a fake does wrong with one request.
type fault int

const (
	none      fault = iota
	refuse          // says that it is overloaded
	cutBefore       // does nothing, and cuts the connection
	cutAfter        // does it, and cuts the connection
	lose            // acknowledges, and does nothing
	stale           // reads the first value instead of the last one
)

// A fake is a small API server that has nothing but ConfigMaps, and faults.
type fake struct {
	*httptest.Server

	mu       sync.Mutex
	values   map[string][]string // all that each key ever had
	requests int
	fault    func(method string, request int) fault
}

func newFake(t *testing.T, fault func(method string, request int) fault) *fake {
	t.Helper()
	f := &fake{values: map[string][]string{}, fault: fault}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	fault := f.fault(r.Method, f.requests)
	switch fault {
	case refuse:
		http.Error(w, "Too many requests, please try again later.", http.StatusTooManyRequests)
		return
	case cutBefore:
		panic(http.ErrAbortHandler)
	}
	var object configMap
	key := path.Base(r.URL.Path)
	if r.Method != http.MethodGet {
		if err := json.NewDecoder(r.Body).Decode(&object); err != nil {
			panic(err)
		}
		key = object.Metadata.Name
	}
	values, exists := f.values[key]
	possible := exists != (r.Method == http.MethodPost)
	switch {
	case !possible:
	case r.Method != http.MethodGet && fault != lose:
		f.values[key] = append(values, object.Data.Value)
	case r.Method == http.MethodGet && fault == stale:
		object.Data.Value = values[0]
	case r.Method == http.MethodGet:
		object.Data.Value = values[len(values)-1]
	}
	switch {
	case fault == cutAfter:
		panic(http.ErrAbortHandler)
	case possible:
		_ = json.NewEncoder(w).Encode(object)
	case exists:
		answerStatus(w, http.StatusConflict, "AlreadyExists", key)
	default:
		answerStatus(w, http.StatusNotFound, "NotFound", key)
	}
}

// answerStatus answers as an API server does about a ConfigMap.
func answerStatus(w http.ResponseWriter, code int, reason, key string) {
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"kind": "Status", "reason": reason, "details": map[string]string{"kind": "configmaps", "name": key},
	})
}

// forget loses a key with all its values.
func (f *fake) forget(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.values, key)
}
