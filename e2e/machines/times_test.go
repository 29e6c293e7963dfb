package machines

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/netip"
	"time"
)

// times are the times from power-on until parts of the cluster were up.
type times struct {
	Quorum     time.Duration // every control plane's etcd knows a leader
	APIServers time.Duration // every control plane's API server is ready
	Ready      time.Duration // every Node is Ready
	// Memory is what the processes of each machine hold at the end, in bytes.
	Memory map[string]int
}

// bootMeasured boots all machines at the same time, and watches the cluster from outside until every Node is Ready.
func (c *cluster) bootMeasured() times {
	c.t.Helper()
	began := time.Now()
	c.Boot(c.names("")...)
	measured, all := times{Memory: map[string]int{}}, c.names("")
	etcds, servers := c.questions()

	reached := make(chan string, 3)
	watch := func(what string, when *time.Duration, yes func(context.Context) bool) {
		go func() {
			for ctx := c.t.Context(); ctx.Err() == nil; time.Sleep(200 * time.Millisecond) {
				if yes(ctx) {
					*when = time.Since(began)
					reached <- what
					return
				}
			}
		}()
	}
	watch("quorum", &measured.Quorum, func(ctx context.Context) bool { return allAnswer(ctx, etcds) })
	watch("API servers", &measured.APIServers, func(ctx context.Context) bool { return allAnswer(ctx, servers) })
	watch("Nodes", &measured.Ready, func(ctx context.Context) bool {
		nodes, err := c.admin.readyNodes(ctx)
		return err == nil && allReady(nodes, all)
	})
	var there []string
	c.Eventually("quorum, all API servers and all Nodes are there", func() (string, bool) {
		select {
		case what := <-reached:
			there = append(there, what)
		default:
		}
		return fmt.Sprint(there), len(there) == cap(reached)
	})
	c.t.Logf("from power-on: quorum %s, all API servers %s, all Nodes Ready %s", measured.Quorum, measured.APIServers, measured.Ready)
	for _, name := range all {
		measured.Memory[name] = c.Memory(name)
	}
	return measured
}

// A question is a request whose HTTP status is the answer.
type question struct {
	client *http.Client
	url    string
}

// questions returns the questions for each control plane: whether its etcd knows a leader, and whether its API server is
// ready.
func (c *cluster) questions() (etcds, servers []question) {
	for _, name := range c.names("control-plane") {
		client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{
			DialContext:     c.DialFrom(name),
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		}}
		etcds = append(etcds, question{client, "http://127.0.0.1:2381/readyz"})
		servers = append(servers, question{client, "https://" + netip.AddrPortFrom(c.node(name).addresses()[0], 6443).String() + "/readyz"})
	}
	return etcds, servers
}

func allAnswer(ctx context.Context, questions []question) bool {
	for _, q := range questions {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, q.url, nil)
		if err != nil {
			return false
		}
		response, err := q.client.Do(request)
		if err != nil {
			return false
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return false
		}
	}
	return true
}
