package formation

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/netns"
)

// listen listens on a port in a machine's network until the test ends.
func (n network) listen(t testing.TB, name, port string) net.Listener {
	t.Helper()
	listener, err := netns.Do("/run/netns/"+n.namespace(name), func() (net.Listener, error) { return net.Listen("tcp", ":"+port) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// dial connects to an address from a machine.
func (n network) dial(name, address string) (net.Conn, error) {
	return netns.Do("/run/netns/"+n.namespace(name), func() (net.Conn, error) { return net.DialTimeout("tcp", address, 5*time.Second) })
}

// neverAnswers accepts every connection and sends nothing.
func neverAnswers(m *machines, name string) {
	listener := m.network.listen(m.t, name, "2380")
	go func() {
		var held []net.Conn
		for {
			conn, err := listener.Accept()
			if err != nil {
				break // the test has ended
			}
			held = append(held, conn)
		}
		for _, conn := range held {
			conn.Close()
		}
	}()
}

// answers are a server's answers by path. TOKEN stands for the cluster's token. Every other path is answered with 404.
type answers map[string]string

// serves returns an impostor with a valid certificate and the wrong answers.
func serves(answers answers) func(m *machines, name string) {
	return func(m *machines, name string) {
		certificate := m.pair(name, "peer")
		token := nodeEnv(m.t, m.all[name].disk(), "ETCD_TOKEN")
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer, ok := answers[r.URL.Path]
			if !ok {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("X-Etcd-Cluster-ID", m.cluster)
			fmt.Fprintln(w, strings.Replace(answer, "TOKEN", token, 1))
		})
		server := http.Server{Handler: handler, TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}}}
		listener := m.network.listen(m.t, name, "2380")
		go func() { _ = server.ServeTLS(listener, "", "") }()
		m.t.Cleanup(func() { server.Close() })
	}
}

// otherCA boots a machine with the right document and with certificates from another CA.
func otherCA(m *machines, name string) {
	m.Certify(name, filepath.Join(pkiOf("rsa2048"), "etcd"))
	m.Boot(name)
}
