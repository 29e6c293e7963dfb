package rig

import (
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// A Proxy is a forward proxy, as companies have one between their networks and the rest of the world.
type Proxy struct {
	rig   *Rig
	login string
	hosts map[string]netip.Addr

	mutex sync.Mutex
	asked map[string]bool
}

// ServeProxy serves a forward proxy at an address of the network, on port 3128, for those who have the login. It alone knows where these
// hosts are.
func (r *Rig) ServeProxy(at netip.Prefix, login *url.Userinfo, hosts map[string]netip.Addr) *Proxy {
	r.t.Helper()
	p := &Proxy{rig: r, hosts: hosts, asked: map[string]bool{}}
	if login != nil {
		password, _ := login.Password()
		p.login = "Basic " + base64.StdEncoding.EncodeToString([]byte(login.Username()+":"+password))
	}
	r.serveHTTP(r.listen(at, 3128), p)
	return p
}

// Asked returns what the proxy was asked for, in order: a host and its first directory or, for https, a host and its port.
func (p *Proxy) Asked() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var list []string
	for what := range p.asked {
		list = append(list, what)
	}
	slices.Sort(list)
	return list
}

func (p *Proxy) note(what string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.asked[what] = true
}

// ServeHTTP implements http.Handler.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.Header.Get("Proxy-Authorization") != p.login {
		w.Header().Set("Proxy-Authenticate", "Basic") // dnf and zypper wait to be asked
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	what := request.Host
	if request.Method != http.MethodConnect {
		directory, _, _ := strings.Cut(strings.TrimPrefix(request.URL.Path, "/"), "/")
		what += "/" + directory
	}
	p.note(what)
	if request.Method == http.MethodConnect {
		p.tunnel(w, request)
		return
	}
	forward := httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}, Transport: &http.Transport{DialContext: p.dial, DisableKeepAlives: true}}
	forward.ServeHTTP(w, request)
}

// dial connects to a host that the proxy knows, or to an address.
func (p *Proxy) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if at, ok := p.hosts[host]; ok {
		host = at.String()
	}
	return p.rig.DialContext(ctx, network, net.JoinHostPort(host, port))
}

func (p *Proxy) tunnel(w http.ResponseWriter, request *http.Request) {
	server, err := p.dial(request.Context(), "tcp", request.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer server.Close()
	w.WriteHeader(http.StatusOK)
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	go func() {
		io.Copy(server, buffered)
		server.Close()
	}()
	io.Copy(client, server)
}
