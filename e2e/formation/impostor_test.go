package formation

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// listen listens at a port in the network of a machine, until the test ends.
func (n network) listen(t testing.TB, name, port string) net.Listener {
	t.Helper()
	listener, err := within(n.namespace(name), func() (net.Listener, error) { return net.Listen("tcp", ":"+port) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// dial connects to an address from a machine.
func (n network) dial(name, address string) (net.Conn, error) {
	return within(n.namespace(name), func() (net.Conn, error) { return net.DialTimeout("tcp", address, 5*time.Second) })
}

// within does something in a network namespace: a socket stays in the one that it was made in.
func within[T any](namespace string, do func() (T, error)) (T, error) {
	var none T
	runtime.LockOSThread() // and the thread stays locked if it cannot come back
	own, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return none, err
	}
	defer own.Close()
	there, err := os.Open("/run/netns/" + namespace)
	if err != nil {
		return none, err
	}
	defer there.Close()
	if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
		return none, err
	}
	value, err := do()
	if err := unix.Setns(int(own.Fd()), unix.CLONE_NEWNET); err != nil {
		return none, err
	}
	runtime.UnlockOSThread()
	return value, err
}

// neverAnswers accepts every connection and says nothing.
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

// answers are what a server answers, by the path; TOKEN in them stands for the cluster's. It answers 404 to everything else.
type answers map[string]string

// serves has a good certificate, and the answers of something else.
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

// otherCA is a machine with the right document, whose certificates are of another CA.
func otherCA(m *machines, name string) {
	m.Certify(name, filepath.Join(pkiOf("rsa2048"), "etcd"))
	m.Boot(name)
}
