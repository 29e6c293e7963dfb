package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestExpiry runs commands on the same PKI as the years go by, and compares what they say.
func TestExpiry(t *testing.T) {
	samples, err := filepath.Abs("../../testdata/clusters")
	if err != nil {
		t.Fatal(err)
	}
	const (
		renew     = "; run kindling pki renew\n"
		bindings  = "note: this kubeconfig works once a control plane has finished the step cluster; before that, use --super-admin\n"
		authority = ": this authority expired on 2035-12-30T00:00:00Z; every machine trusts it: " +
			"rotate it by hand as Kubernetes' documentation says, or for a new cluster begin with a new PKI\n"
	)
	type step struct {
		day     int
		command string
		code    int
		stderr  string
	}
	for _, test := range []struct {
		name, sample, extra string
		steps               []step
	}{
		{"stacked", "stacked", "", []step{
			{0, "pki init", 0, "note: made 17 files in pki; keep a copy in a safe place\n"},
			{334, "node w0", 0, ""},
			{336, "node w0", 0, "warning: 1 certificate expires within 30 days: w0" + renew},
			{336, "node cp0", 0, ""},
			{336, "kubeconfig", 0, "warning: 1 certificate expires within 30 days: admin" + renew + bindings},
			{336, "generate", 0, "warning: 4 certificates expire within 30 days: admin, super-admin, w0, w1" + renew + generated(5)},
			{366, "node cp0", 0, ""},
			{366, "token", 0, "note: this token expires at 2027-01-03T00:00:00Z\n"},
			{366, "node w1", 1, "error: pki/nodes/w1/kubelet-client.crt: expired on 2027-01-01T00:00:00Z" + renew},
			{366, "kubeconfig", 1, "error: pki/admin.crt: expired on 2027-01-01T00:00:00Z" + renew},
			{366, "kubeconfig --super-admin", 1, "error: pki/super-admin.crt: expired on 2027-01-01T00:00:00Z" + renew},
			{366, "generate", 1, "error: pki/nodes/w0/kubelet-client.crt: expired on 2027-01-01T00:00:00Z" + renew +
				"error: pki/nodes/w1/kubelet-client.crt: expired on 2027-01-01T00:00:00Z" + renew},
			{366, "pki init", 0, "note: pki already has everything that this cluster needs\n" +
				"warning: 4 certificates have expired: admin, super-admin, w0, w1" + renew},
			{366, "pki renew", 0, "note: renewed 4 certificates in pki\n" +
				"note: admin, super-admin: print the kubeconfig again with kindling kubeconfig\n" +
				"note: w0, w1: only needed to join; run kindling generate before another worker boots\n"},
			{366, "kubeconfig", 0, bindings},
			{366, "generate", 0, generated(5)},
			{3660, "node cp0", 1, "error: pki/ca.crt" + authority + "error: pki/front-proxy-ca.crt" + authority + "error: pki/etcd/ca.crt" + authority},
		}},
		{"only administrators", "stacked", "workerIdentity: token\n", []step{
			{0, "pki init", 0, "note: made 13 files in pki; keep a copy in a safe place\n"},
			{366, "generate", 0, "warning: 2 certificates have expired: admin, super-admin" + renew + generated(5)},
		}},
		{"external", "external", "", []step{
			{0, "pki init", 0, "note: made 31 files in pki; keep a copy in a safe place\n"},
			{366, "node cp0", 1, "error: pki/nodes/cp0/apiserver-etcd-client.crt: expired on 2027-01-01T00:00:00Z" + renew},
			{366, "node lb0", 0, ""},
			{366, "generate", 1, "error: pki/nodes/etcd0/etcd/server.crt: expired on 2027-01-01T00:00:00Z (and 8 more files like it)" + renew},
			{366, "pki renew", 0, "note: renewed 11 certificates in pki\n" +
				"note: admin, super-admin: print the kubeconfig again with kindling kubeconfig\n" +
				"note: etcd0, etcd1, etcd2, cp0, cp1, cp2: run kindling generate, then boot these machines with their new documents and empty disks, one at a time\n"},
			{366, "node cp0", 0, ""},
			{366, "generate", 0, generated(8)},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(samples, test.sample+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			if err := os.WriteFile("cluster.yaml", append(data, test.extra...), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, s := range test.steps {
				now := time.Date(2026, 1, 1+s.day, 0, 0, 0, 0, time.UTC)
				var stdout, stderr bytes.Buffer
				code := run(append([]string{"kindling"}, strings.Fields(s.command)...), nil, &stdout, &stderr, func() time.Time { return now })
				if code != s.code {
					t.Errorf("day %d, %s: exit code %d", s.day, s.command, code)
				}
				if diff := cmp.Diff(s.stderr, stderr.String()); diff != "" {
					t.Errorf("day %d, %s (-want +got):\n%s", s.day, s.command, diff)
				}
			}
		})
	}
}

func generated(nodes int) string {
	return fmt.Sprintf("note: wrote documents for %d nodes to out; start with %s\n", nodes, filepath.Join("out", "README.md"))
}
