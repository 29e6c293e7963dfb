package formation

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/document"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/progress"
	"kindling/e2e/internal/tail"
)

// machines are the control planes of one cluster, on a network of their own.
type machines struct {
	t         testing.TB
	dir       string
	documents kindling.Documents
	network   network
	names     []string // of the control planes that the documents name
	all       map[string]*machine
	cluster   string // the ID of etcd's cluster once it has formed
	history   history
	scripts   document.Scripts // of the documents that were booted
}

type machine struct {
	name     string
	document string // the node that it is for: the machine itself, except for a twin
	userData []byte // what its disk was made from
	dir      string
	address  string    // the first
	first    *exec.Cmd // its first process, while it is on
	stubs    []string  // of its programs, beside those that all machines have
}

// A member is a member of etcd.
type member struct {
	ID        uint64   `json:"ID"`
	Name      string   `json:"name"`
	PeerURLs  []string `json:"peerURLs"`
	IsLearner bool     `json:"isLearner"`
}

// newMachines makes the documents of a cluster, and its machines, which are off.
func newMachines(t *testing.T, spec string) *machines {
	t.Helper()
	m := &machines{t: t, dir: t.TempDir(), network: newNetwork(t), all: map[string]*machine{}, scripts: document.Scripts{}}
	m.Use(spec)
	m.cluster = nodeEnv(t, m.all[m.names[0]].disk(), "ETCD_CLUSTER_ID")
	t.Cleanup(m.logFailure)
	t.Cleanup(m.judge)
	t.Cleanup(func() { t.Attr(document.ScriptsAttribute, m.scripts.String()) })
	return m
}

// Use makes the documents of a spec. Machines that are wiped from now on get them, and machines that are new in the spec are
// added.
func (m *machines) Use(spec string) {
	m.t.Helper()
	documents, err := kindling.Generate(m.t, spec, pkiOf("p256"))
	if err != nil {
		m.t.Fatal(err)
	}
	m.documents, m.names = documents, nil
	for _, name := range documents.Nodes(m.t) {
		if !strings.HasPrefix(name, "cp") {
			continue
		}
		m.names = append(m.names, name)
		if m.all[name] == nil {
			m.add(name, name)
			m.network.plug(m.t, name, strings.Split(nodeEnv(m.t, m.all[name].disk(), "NODE_IP"), ","))
		}
	}
}

// AddTwin adds a machine with the document of another one, at this address.
func (m *machines) AddTwin(name, document, address string) {
	m.t.Helper()
	m.add(name, document)
	m.network.plug(m.t, name, []string{address})
}

func (m *machines) add(name, document string) {
	m.t.Helper()
	machine := &machine{name: name, document: document, dir: filepath.Join(m.dir, name)}
	m.all[name] = machine
	m.renew(machine)
	machine.address = nodeEnv(m.t, machine.disk(), "ADDRESS")
}

// pkiOf returns the directory of one of the sample PKIs.
func pkiOf(algorithm string) string {
	return filepath.Join(kindling.Source(), "testdata/pki", algorithm)
}

func (m *machine) disk() string    { return filepath.Join(m.dir, "disk") }
func (m *machine) data() string    { return filepath.Join(m.disk(), "var/lib/etcd") }
func (m *machine) console() string { return filepath.Join(m.dir, "console") }
func (m *machine) etcdLog() string { return filepath.Join(m.disk(), "var/log/etcd.log") }

// Boot powers machines on, with empty consoles.
func (m *machines) Boot(names ...string) {
	m.t.Helper()
	for _, name := range names {
		machine := m.all[name]
		if machine.first != nil {
			m.t.Fatalf("%s is on", name)
		}
		if err := m.scripts.Add(machine.userData); err != nil {
			m.t.Fatal(err)
		}
		m.happened(name, "power-on")
		console, err := os.Create(machine.console())
		if err != nil {
			m.t.Fatal(err)
		}
		defer console.Close()
		isolate := []string{"unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", stub("boot"), machine.dir}
		cmd := m.network.inside(name, slices.Concat(isolate, programs(m.t), machine.stubs)...)
		cmd.Stdout, cmd.Stderr = console, console
		if err := cmd.Start(); err != nil {
			m.t.Fatal(err)
		}
		machine.first = cmd
	}
}

// Hurry makes a machine without etcd believe that so much more time has passed since its power-on.
func (m *machines) Hurry(name string, more time.Duration) {
	m.t.Helper()
	file := filepath.Join(m.all[name].disk(), "var/hurry")
	if err := errors.Join(os.WriteFile(file+".new", fmt.Append(nil, int(more.Seconds())), 0o644), os.Rename(file+".new", file)); err != nil {
		m.t.Fatal(err)
	}
}

// Stop cuts the power: no process can shut down properly.
func (m *machines) Stop(names ...string) {
	m.t.Helper()
	for _, name := range names {
		m.network.powerOff(m.t, name)
		_ = m.all[name].first.Wait() // it was killed
		m.all[name].first = nil
		m.happened(name, "power-off")
	}
}

// Wipe gives machines that are off an empty disk with the same document.
func (m *machines) Wipe(names ...string) {
	m.t.Helper()
	for _, name := range names {
		machine := m.all[name]
		if machine.first != nil {
			m.t.Fatalf("%s is on", name)
		}
		m.happened(name, "wipe")
		m.renew(machine)
	}
}

// LoseData removes the disk with etcd's data from a machine that is off, and keeps the rest.
func (m *machines) LoseData(name string) {
	m.t.Helper()
	m.happened(name, "lose-data")
	if err := os.RemoveAll(m.all[name].data()); err != nil {
		m.t.Fatal(err)
	}
}

// LoseRoot gives a machine that is off a new disk with the same document, and keeps etcd's data.
func (m *machines) LoseRoot(name string) {
	m.t.Helper()
	m.happened(name, "lose-root")
	kept := m.all[name].dir + ".data"
	if err := os.Rename(m.all[name].data(), kept); err != nil {
		m.t.Fatal(err)
	}
	m.renew(m.all[name])
	if err := os.MkdirAll(filepath.Dir(m.all[name].data()), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.Rename(kept, m.all[name].data()); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machines) renew(machine *machine) {
	m.t.Helper()
	if err := os.RemoveAll(machine.dir); err != nil {
		m.t.Fatal(err)
	}
	for _, dir := range []string{"root", "disk/var/log", "disk/etc/kindling/patches", "disk/etc/kubernetes/manifests"} {
		if err := os.MkdirAll(filepath.Join(machine.dir, dir), 0o755); err != nil {
			m.t.Fatal(err)
		}
	}
	machine.userData = m.documents.File(m.t, machine.document, "user-data")
	writeFiles(m.t, machine.userData, machine.disk())
	m.Certify(machine.name, filepath.Join(machine.disk(), etcdPKI))
}

// Certify gives a machine certificates from the CA in a directory.
func (m *machines) Certify(name, ca string) {
	m.t.Helper()
	certify(m.t, m.all[name].disk(), ca)
}

// Console returns what a machine has printed since it was powered on.
func (m *machines) Console(name string) string {
	m.t.Helper()
	return readFile(m.t, m.all[name].console())
}

// Wait waits until a pattern is on a machine's console.
func (m *machines) Wait(name, pattern string) {
	m.t.Helper()
	want := regexp.MustCompile(pattern)
	m.Eventually(fmt.Sprintf("%s says %q", name, pattern), func() (string, bool) {
		return "", want.MatchString(m.Console(name))
	})
}

// WaitDone waits until machines have come to the end of their steps.
func (m *machines) WaitDone(names ...string) {
	m.t.Helper()
	for _, name := range names {
		m.Wait(name, `etcd: done in \d+ s\n.* ready after \d+ s\n$`)
	}
}

// Eventually asks until the answer is yes. It fails the test if there has long been nothing new in the answer, on a console
// or in a log of etcd.
func (m *machines) Eventually(what string, ask func() (answer string, yes bool)) {
	m.t.Helper()
	progress.Eventually(m.t, what, 50*time.Millisecond, ask, m.logs)
}

// logs returns the machines' consoles and the logs of their etcds.
func (m *machines) logs() string {
	m.t.Helper()
	text := new(strings.Builder)
	for _, machine := range m.all {
		text.WriteString(readFile(m.t, machine.console()))
		text.WriteString(readFile(m.t, machine.etcdLog()))
	}
	return text.String()
}

// NoEtcd watches machines for a while, and fails the test if etcd runs or has left data on one of them.
func (m *machines) NoEtcd(duration time.Duration, names ...string) {
	m.t.Helper()
	for end := time.Now().Add(duration); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		for _, name := range names {
			for _, process := range m.network.processes(m.t, name) {
				if process == "etcd" {
					m.t.Fatalf("etcd runs on %s", name)
				}
			}
			if _, err := os.Stat(filepath.Join(m.all[name].data(), "member")); err == nil {
				m.t.Fatalf("%s has data of etcd", name)
			}
		}
	}
}

// Members returns the members that a machine's etcd lists, by the machine that their only peer URL belongs to.
func (m *machines) Members(name string) map[string]member {
	m.t.Helper()
	var list struct{ Members []member }
	if err := json.Unmarshal([]byte(m.Etcdctl(name, "member", "list", "--write-out=json")), &list); err != nil {
		m.t.Fatal(err)
	}
	members := map[string]member{}
	for _, member := range list.Members {
		owner := fmt.Sprint(member.PeerURLs)
		for _, machine := range m.all {
			// A twin's address is that of the machine whose document it has.
			if owner == "["+peerURL(machine)+"]" {
				owner = machine.document
			}
		}
		members[owner] = member
	}
	return members
}

// ClusterID returns the cluster's ID from the answers at a machine's peer port.
func (m *machines) ClusterID(name string) string {
	m.t.Helper()
	machine := m.all[name]
	answer := m.run(name, "curl", "-sS", "-f", "--http1.1", "--max-time", "5", "--cacert", machine.pki("ca.crt"), "--cert", machine.pki("peer.crt"),
		"--key", machine.pki("peer.key"), "--output", "/dev/null", "--write-out", "%header{x-etcd-cluster-id}", peerURL(machine)+"/members")
	return strings.TrimSpace(answer)
}

// Etcdctl asks a machine's own etcd.
func (m *machines) Etcdctl(name string, args ...string) string {
	m.t.Helper()
	machine := m.all[name]
	etcdctl := []string{programs(m.t)[1], "--cacert", machine.pki("ca.crt"), "--cert", machine.pki("peer.crt"), "--key", machine.pki("peer.key"),
		"--endpoints", "https://" + urlHost(machine.address) + ":2379"}
	return m.run(name, append(etcdctl, args...)...)
}

func (m *machines) run(name string, command ...string) string {
	m.t.Helper()
	cmd := m.network.inside(name, command...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		m.t.Fatalf("%s: %q: %v\n%s", name, command, err, stderr.String())
	}
	return string(out)
}

func (m *machine) pki(file string) string { return filepath.Join(m.disk(), etcdPKI, file) }

func peerURL(m *machine) string { return "https://" + urlHost(m.address) + ":2380" }

// logFailure logs what the machines have printed, if the test has failed.
func (m *machines) logFailure() {
	if !m.t.Failed() {
		return
	}
	for _, name := range m.names {
		log := readFile(m.t, m.all[name].etcdLog())
		m.t.Logf("console of %s:\n%send of etcd's log:\n%s", name, m.Console(name), tail.Lines(log, 8))
	}
}

var buildPrograms = sync.OnceValues(func() ([]string, error) {
	var paths []string
	for _, name := range []string{"etcd", "etcdctl"} {
		path, err := build.Etcd(name, build.EtcdVersion).Path()
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	for _, name := range []string{"init", "kubeadm", "ctr", "systemctl"} {
		paths = append(paths, stub(name))
	}
	return paths, nil
})

// programs returns a machine's programs that are not the host's: etcd, etcdctl and the stubs.
func programs(t testing.TB) []string {
	t.Helper()
	paths, err := buildPrograms()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(paths)
}

func stub(name string) string {
	path, err := filepath.Abs(filepath.Join("bin", name+".sh"))
	if err != nil {
		panic(err) // there is no working directory
	}
	return path
}
