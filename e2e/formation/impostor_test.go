package formation

import (
	"crypto/tls"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// listen listens at a port in the network of a machine, until the test ends.
func (n network) listen(t testing.TB, name, port string) net.Listener {
	t.Helper()
	runtime.LockOSThread() // and the thread stays locked if it cannot come back
	own, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	there, err := os.Open("/run/netns/" + n.namespace(name))
	if err != nil {
		t.Fatal(err)
	}
	defer there.Close()
	if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
		t.Fatal(err)
	}
	listener, listenErr := net.Listen("tcp", ":"+port)
	if err := unix.Setns(int(own.Fd()), unix.CLONE_NEWNET); err != nil {
		t.Fatal(err)
	}
	runtime.UnlockOSThread()
	if listenErr != nil {
		t.Fatal(listenErr)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
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

// findsNothing has a good certificate and answers 404 to all requests.
func findsNothing(m *machines, name string) {
	machine := m.all[name]
	certificate, err := tls.LoadX509KeyPair(machine.pki("peer.crt"), machine.pki("peer.key"))
	if err != nil {
		m.t.Fatal(err)
	}
	server := http.Server{Handler: http.NotFoundHandler(), TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}}}
	listener := m.network.listen(m.t, name, "2380")
	go func() { _ = server.ServeTLS(listener, "", "") }()
	m.t.Cleanup(func() { server.Close() })
}

// otherCA is a machine with the right document, whose certificates are of another CA.
func otherCA(m *machines, name string) {
	m.Certify(name, filepath.Join(pkiOf("rsa2048"), "etcd"))
	m.Boot(name)
}
