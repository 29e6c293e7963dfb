package machines

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"kindling/e2e/firstboot"
	"kindling/e2e/kindling"
	"kindling/e2e/rig"
)

// Where the rig's own services are. The machines are where stacked.yaml says.
var (
	nameServer   = netip.MustParsePrefix("10.0.0.1/24")
	loadBalancer = netip.MustParsePrefix("10.0.0.2/24")
)

func TestClusterComesUp(t *testing.T) {
	source := kindling.Source()
	documents, err := kindling.Generate(t, filepath.Join(source, "testdata/clusters/stacked.yaml"), filepath.Join(source, "testdata/pki/p256"))
	if err != nil {
		t.Fatal(err)
	}
	r := rig.New(t, rig.Current)
	r.ServeNames(nameServer, map[string]netip.Addr{"api.demo.test": loadBalancer.Addr()})
	controlPlanes := []string{"10.0.0.7", "10.0.0.8", "10.0.0.9"}
	r.BalanceLoad(loadBalancer, netip.MustParseAddr(controlPlanes[0]), netip.MustParseAddr(controlPlanes[1]), netip.MustParseAddr(controlPlanes[2]))
	addresses := map[string]string{"cp0": "10.0.0.7", "cp1": "10.0.0.8", "cp2": "10.0.0.9", "w0": "10.0.0.10", "w1": "10.0.0.11"}
	for name, address := range addresses {
		r.Add(rig.Machine{
			Name:       name,
			Addresses:  []netip.Prefix{netip.MustParsePrefix(address + "/24")},
			Gateway:    nameServer.Addr(),
			Nameserver: nameServer.Addr(),
			Seed: firstboot.Seed{
				"user-data": documents.File(t, name, "user-data"),
				"meta-data": documents.File(t, name, "meta-data"),
			},
		})
	}
	r.Boot("cp0", "cp1", "cp2", "w0", "w1")
	for name := range addresses {
		eventually(t, 4*time.Minute, name+" is done", func() (string, bool) {
			status, err := statusOf(r, name)
			return fmt.Sprint(status, err), status.State == "done"
		})
	}

	for _, c := range []string{
		"kubectl --kubeconfig /etc/kubernetes/super-admin.conf get nodes -o wide",
		"kubectl --kubeconfig /etc/kubernetes/super-admin.conf get pods -A -o wide",
		"kubectl --kubeconfig /etc/kubernetes/admin.conf get cm -A",
		"kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-system get cm kindling -o yaml",
		"kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-public get cm cluster-info -o yaml",
		"grep -H server: /etc/kubernetes/*.conf",
		"kubeadm certs check-expiration",
		"ls -l /var/lib/kindling", "cat /run/kindling/status.json",
		"systemctl --failed", "free -m", "curl -sk https://api.demo.test:6443/readyz",
		"journalctl -b -u kindling -o cat --no-pager",
		"cat /etc/kubernetes/manifests/etcd.yaml",
		"ctr -n k8s.io run --rm --net-host --mount type=bind,src=/etc/kubernetes/pki/etcd,dst=/pki,options=rbind:ro registry.k8s.io/etcd:3.7.0-0 x1 etcdctl --cacert /pki/ca.crt --cert /pki/peer.crt --key /pki/peer.key --endpoints https://127.0.0.1:2379 member list -w table",
	} {
		out, err := r.Exec("cp0", "bash", "-c", c)
		t.Logf("%s: %v\n%s", c, err, out)
	}
	for name := range addresses {
		t.Log(name, r.Console(name))
	}
}
