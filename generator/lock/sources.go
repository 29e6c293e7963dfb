package lock

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kindling/generator/spec"
)

// Mirror puts the base URL of a mirror in the place of a publisher's host; the path stays. mirrors are those of cluster.yaml, by host.
func Mirror(mirrors map[string]string, publisher string) string {
	scheme, rest, _ := strings.Cut(publisher, "://")
	host, path, _ := strings.Cut(rest, "/")
	if base, ok := mirrors[host]; ok {
		return strings.TrimSuffix(base, "/") + "/" + path
	}
	return scheme + "://" + rest
}

// Web is the network: the publishers, or their mirrors. Proxies are those of the environment (HTTPS_PROXY and its like).
type Web struct {
	mirrors map[string]string
	client  *http.Client
	// silence is how long a server may say nothing, before its answer or in the middle of it; half a minute if it is 0.
	silence time.Duration
}

// NewWeb returns the network as a cluster's machines shall see it: with its mirrors, and with its own CAs beside those of the operating
// system.
func NewWeb(c *spec.Cluster) (Web, error) {
	web := Web{mirrors: c.Mirrors, client: http.DefaultClient}
	trusted := c.TrustedCAs()
	if len(trusted) == 0 {
		return web, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return web, err
	}
	for _, certificate := range trusted {
		pool.AppendCertsFromPEM(certificate)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	web.client = &http.Client{Transport: transport}
	return web, nil
}

// attempts and pause say how often a request is made whose answer may be another one later.
const (
	attempts = 4
	pause    = time.Second
)

// Open is a GET request.
func (w Web) Open(ctx context.Context, file string) (io.ReadCloser, error) {
	answer, err := w.ask(ctx, http.MethodGet, file)
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}

// Size is a HEAD request.
func (w Web) Size(ctx context.Context, file string) (int64, error) {
	answer, err := w.ask(ctx, http.MethodHead, file)
	if err != nil {
		return 0, err
	}
	answer.Body.Close()
	if answer.ContentLength <= 0 {
		return 0, fmt.Errorf("%s does not say how large it is", answer.Request.URL)
	}
	return answer.ContentLength, nil
}

func (w Web) ask(ctx context.Context, method, file string) (answer *http.Response, err error) {
	at := Mirror(w.mirrors, file)
	for attempt := range attempts {
		if attempt > 0 {
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(pause << (attempt - 1)):
			}
		}
		var request *http.Request
		if request, err = http.NewRequestWithContext(ctx, method, at, nil); err != nil {
			return nil, err
		}
		if answer, err = w.do(request); err != nil {
			continue
		}
		if answer.StatusCode == http.StatusOK {
			return answer, nil
		}
		answer.Body.Close()
		err = fmt.Errorf("%s answers %s", at, answer.Status)
		switch {
		case answer.StatusCode == http.StatusNotFound:
			return nil, fmt.Errorf("%w: %w", ErrNotFound, err)
		case answer.StatusCode < http.StatusInternalServerError && answer.StatusCode != http.StatusTooManyRequests:
			return nil, err
		}
	}
	return nil, err
}

// do makes a request that ends once the server has been silent for too long.
func (w Web) do(request *http.Request) (*http.Response, error) {
	limit := cmp.Or(w.silence, 30*time.Second)
	ctx, cancel := context.WithCancelCause(request.Context())
	timer := time.AfterFunc(limit, func() { cancel(fmt.Errorf("%s has been silent for %s", request.URL, limit)) })
	answer, err := w.client.Do(request.WithContext(ctx))
	if err != nil {
		timer.Stop()
		return nil, cmp.Or(context.Cause(ctx), err)
	}
	answer.Body = body{answer.Body, ctx, timer, limit}
	return answer, nil
}

// A body is that of an answer, whose timer each read sets anew.
type body struct {
	io.ReadCloser
	ctx   context.Context
	timer *time.Timer
	limit time.Duration
}

func (b body) Read(p []byte) (n int, err error) {
	b.timer.Reset(b.limit)
	if n, err = b.ReadCloser.Read(p); err != nil && err != io.EOF {
		err = cmp.Or(context.Cause(b.ctx), err)
	}
	return n, err
}

func (b body) Close() error {
	b.timer.Stop()
	return b.ReadCloser.Close()
}

// Directory has the files by host and path, as `wget -x` and `kindling lock --list` lay them out.
type Directory string

// Open opens the file of a URL.
func (d Directory) Open(_ context.Context, file string) (io.ReadCloser, error) {
	return os.Open(d.name(file))
}

// Size is that of the file of a URL.
func (d Directory) Size(_ context.Context, file string) (int64, error) {
	info, err := os.Stat(d.name(file))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (d Directory) name(file string) string {
	return filepath.Join(string(d), filepath.FromSlash(LocalPath(file)))
}

// LocalPath is where a directory has the file of a URL: host and path.
func LocalPath(file string) string {
	_, path, _ := strings.Cut(file, "://")
	return path
}
