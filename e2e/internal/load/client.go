package load

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// An api is the ConfigMaps of one namespace.
type api struct {
	client    *http.Client
	base      string
	namespace string
	limit     time.Duration // of one operation
}

// A configMap is one of ours, with a single value.
type configMap struct {
	Metadata struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Data struct {
		Value string `json:"value"`
	} `json:"data"`
}

// A status is what the API server answers instead of an object.
type status struct {
	Reason  string
	Details struct{ Kind, Name string }
}

// do carries out an operation, and fills in its outcome, its answer and the value that was read.
func (a api) do(o *operation) {
	ctx, cancel := context.WithTimeout(context.Background(), a.limit)
	defer cancel()
	// Errors look much the same before and after this moment: a time-out or a cut can come from the TLS handshake, too.
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})

	response, body, err := a.ask(ctx, o)
	switch {
	case err == nil:
		o.answer = response.Status
		o.outcome = o.judge(response.StatusCode, body)
	case connected.Load():
		o.answer, o.outcome = err.Error(), unknown
	default:
		o.answer, o.outcome = err.Error(), failed
	}
	if o.kind == read && o.outcome == unknown {
		o.outcome = failed
	}
}

// ask returns the whole answer to an operation's request.
func (a api) ask(ctx context.Context, o *operation) (*http.Response, []byte, error) {
	request, err := a.request(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	response, err := a.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, body, err
}

func (a api) request(ctx context.Context, o *operation) (*http.Request, error) {
	all := a.base + "/api/v1/namespaces/" + url.PathEscape(a.namespace) + "/configmaps"
	if o.kind == read {
		return http.NewRequestWithContext(ctx, http.MethodGet, all+"/"+o.key, nil)
	}
	var object configMap
	object.Metadata.Name, object.Data.Value = o.key, o.value
	body, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	method, target := http.MethodPost, all
	if o.kind == update {
		method, target = http.MethodPut, all+"/"+o.key
	}
	request, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	// A write must be sent only once: done twice, it would overwrite the operations in between. A transport that cannot get
	// the body again does not send it again, even if it considers the request idempotent. Reads may be repeated.
	request.GetBody = nil
	return request, nil
}

// judge returns the outcome of an operation that was answered, and stores the value that was read.
func (o *operation) judge(code int, body []byte) outcome {
	var s status
	if 400 <= code && code < 500 {
		// Not every body is a Status: one that is not JSON says nothing about the key.
		_ = json.Unmarshal(body, &s)
	}
	// The answer may be about something other than the key, such as the namespace.
	ofKey := s.Details.Kind == "configmaps" && s.Details.Name == o.key
	switch {
	case code == http.StatusOK || code == http.StatusCreated:
		var object configMap
		if err := json.Unmarshal(body, &object); err != nil {
			return unknown
		}
		if o.kind == read {
			o.value = object.Data.Value
		}
		return acknowledged
	case s.Reason == "NotFound" && ofKey && o.kind == read:
		return acknowledged
	case s.Reason == "NotFound" && ofKey && o.kind == update, s.Reason == "AlreadyExists" && ofKey && o.kind == create:
		return rejected
	case 400 <= code && code < 500 && code != http.StatusRequestTimeout:
		return failed
	}
	return unknown
}
