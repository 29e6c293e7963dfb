package formation

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/leaf"
)

const etcdPKI = "etc/kubernetes/pki/etcd"

// certify makes the certificates that kubeadm makes on a real machine: etcd's, signed by the CA in the directory ca.
func certify(t testing.TB, root, ca string) {
	t.Helper()
	for _, use := range []string{"server", "peer"} {
		cert, key := leaf.Etcd(t, ca, nodeEnv(t, root, "NAME"), nodeEnv(t, root, "ADDRESS"), time.Now().Add(-5*time.Minute))
		path := filepath.Join(root, etcdPKI, use)
		writeFile(t, path+".crt", cert, 0o644)
		writeFile(t, path+".key", key, 0o600)
	}
}

// urlHost returns an address as a URL has it.
func urlHost(address string) string {
	if strings.Contains(address, ":") {
		return "[" + address + "]"
	}
	return address
}
