package formation

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kindling/e2e/internal/leaf"
	"kindling/e2e/internal/progress"
)

// Whatever clients do to the responder of a waiting machine, it reveals nothing and still answers the right clients, and the
// machine goes on when the others arrive.
func TestFaultAbusedResponder(t *testing.T) {
	t.Parallel()
	m := newMachines(t, sample("stacked"))
	m.Boot("cp0")
	m.Wait("cp0", `waiting: 1 of 3 machines are ready to form etcd`)
	peer := m.pair("cp1", "peer")

	t.Run("no certificate", func(t *testing.T) { m.checkRefused(t) })
	t.Run("certificate of another CA", func(t *testing.T) { m.checkRefused(t, foreign(t)) })
	// The API server's certificate is from the same CA, so TLS accepts it. There is nothing to learn.
	for _, name := range []string{"apiserver-etcd-client", "peer"} {
		t.Run(name, func(t *testing.T) {
			pair := peer
			if name != "peer" {
				pair = client(t, name)
			}
			answer, err := m.get("cp1", "/members", pair)
			if fields := strings.Fields(answer); err != nil || len(fields) != 4 || fields[0] != "blank" || fields[2] != "cp0" {
				t.Errorf("the answer is %q, %v", answer, err)
			}
			for _, path := range []string{"/kindling", "/raft", "/raft/snapshot", "/raft/stream/message/1", "/version", "/", "/members/", "/../etc/kubernetes/pki/etcd/ca.key"} {
				if answer, err := m.get("cp1", path, pair); err != nil || answer != "404 Not Found" {
					t.Errorf("%s: %q %v", path, answer, err)
				}
			}
		})
	}
	t.Run("garbage", func(t *testing.T) {
		for _, garbage := range []string{"", "\x00", "GET /members HTTP/1.1\r\n\r\n", strings.Repeat("A", 1<<16)} {
			if answer := m.speak(t, "cp1", garbage, nil); strings.Contains(answer, "kindling-") {
				t.Errorf("to %.20q without TLS: %q", garbage, answer)
			}
		}
		if answer := m.speak(t, "cp1", strings.Repeat("GET ", 1<<14)+"\r\n\r\n", &peer); strings.Contains(answer, "kindling-") {
			t.Errorf("to a long line: %q", answer)
		}
		for _, garbage := range []string{"\r\n\r\n", "GET\r\n\r\n", "GET /raft /members\r\n\r\n", "POST /members HTTP/1.1\r\n\r\n", "GET $(id) HTTP/1.1\r\n\r\n",
			"GET /members;reboot HTTP/1.1\r\n\r\n"} {
			if answer := m.speak(t, "cp1", garbage, &peer); !strings.HasPrefix(answer, "HTTP/1.1 404 ") {
				t.Errorf("to %.20q: %q", garbage, answer)
			}
		}
	})
	t.Run("20 clients at once", func(t *testing.T) {
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				answer, err := m.get("cp1", "/members", peer)
				if err != nil || !strings.HasPrefix(answer, "blank ") {
					t.Errorf("%q %v", answer, err)
				}
			})
		}
		all.Wait()
	})
	t.Run("clients that hang", func(t *testing.T) {
		for range 40 {
			err := patiently(func() error {
				conn, err := m.network.dial("cp1", "10.0.0.7:2380")
				if err == nil {
					t.Cleanup(func() { conn.Close() })
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if answer, err := m.get("cp1", "/members", peer); err != nil || !strings.HasPrefix(answer, "blank ") {
			t.Errorf("while they hang: %q %v", answer, err)
		}
	})

	m.NoEtcd(time.Second, "cp0")
	m.Boot("cp1", "cp2")
	m.WaitDone(m.names...)
	m.checkFormed()
}

// For a minute, the members of a formed etcd send raft messages to a machine that waits for other peers: its document is
// from another generation.
func TestFaultRaftMessages(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	m.write()
	m.Stop("cp2")
	first := m.all["cp0"]
	m.leave("cp2")
	m.Use(changed(t, "stacked", "- name: cp0\n  role: control-plane\n  address: 10.0.0.7\n- name: cp1\n  role: control-plane\n  address: 10.0.0.8\n", more("cp3", "cp4")))
	m.Wipe("cp2")
	m.Boot("cp2")
	m.Wait("cp2", `etcd: waiting: `)
	m.NoEtcd(time.Minute, "cp2")
	m.Boot("cp3", "cp4")
	m.WaitDone("cp2", "cp3", "cp4")
	if id := m.ClusterID("cp2"); id == m.cluster || id != m.ClusterID("cp3") {
		t.Errorf("cp2 is in cluster %s", id)
	}
	m.all["cp0"] = first
	m.checkWritten("cp0")
	delete(m.all, "cp0")
}

// checkRefused checks that cp0 never answers a client, which asks many times.
func (m *machines) checkRefused(t *testing.T, pair ...tls.Certificate) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if answer, err := m.ask("cp1", "/members", pair...); err == nil {
			t.Fatalf("cp0 answered %q", answer)
		}
	}
}

// get asks cp0 until there is an answer.
func (m *machines) get(from, path string, pair ...tls.Certificate) (answer string, err error) {
	err = patiently(func() (err error) {
		answer, err = m.ask(from, path, pair...)
		return err
	})
	return answer, err
}

// ask asks cp0 once, from another machine. If the status is not 200, it returns the status.
func (m *machines) ask(from, path string, pair ...tls.Certificate) (string, error) {
	client := http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		Dial:              func(_, address string) (net.Conn, error) { return m.network.dial(from, address) },
		TLSClientConfig:   &tls.Config{Certificates: pair, RootCAs: m.etcdCA()},
	}}
	response, err := client.Get("https://10.0.0.7:2380" + path)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return response.Status, nil
	}
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

// speak sends text to cp0, over TLS if there is a pair, and returns everything that comes back.
func (m *machines) speak(t *testing.T, from, text string, pair *tls.Certificate) (answer string) {
	t.Helper()
	err := patiently(func() error {
		conn, err := m.network.dial(from, "10.0.0.7:2380")
		if err != nil {
			return err
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(12 * time.Second)); err != nil {
			return err
		}
		if pair != nil {
			secure := tls.Client(conn, &tls.Config{Certificates: []tls.Certificate{*pair}, RootCAs: m.etcdCA(), ServerName: "10.0.0.7"})
			if err := secure.Handshake(); err != nil {
				return err
			}
			conn = secure
		}
		_, _ = io.WriteString(conn, text) // cp0 may hang up in the middle
		all, err := io.ReadAll(conn)
		answer = string(all)
		if answer == "" && pair != nil {
			return fmt.Errorf("no answer: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// patiently retries: the responder is away for a moment whenever its program restarts, every half a minute.
func patiently(try func() error) error {
	return progress.Wait(50*time.Millisecond, func() (string, bool) {
		err := try()
		return fmt.Sprint(err), err == nil
	})
}

func (m *machines) etcdCA() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(readFile(m.t, m.all["cp0"].pki("ca.crt"))))
	return pool
}

// pair returns one of a machine's certificates, with its key.
func (m *machines) pair(name, use string) tls.Certificate {
	m.t.Helper()
	pair, err := tls.LoadX509KeyPair(m.all[name].pki(use+".crt"), m.all[name].pki(use+".key"))
	if err != nil {
		m.t.Fatal(err)
	}
	return pair
}

func client(t *testing.T, name string) tls.Certificate {
	t.Helper()
	return keyPair(t, filepath.Join(pkiOf("p256"), "etcd"), name)
}

func foreign(t *testing.T) tls.Certificate {
	t.Helper()
	return keyPair(t, filepath.Join(pkiOf("rsa2048"), "etcd"), "cp1")
}

func keyPair(t *testing.T, ca, name string) tls.Certificate {
	t.Helper()
	cert, key := leaf.Etcd(t, ca, name, "10.0.0.8", time.Now().Add(-5*time.Minute))
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}
