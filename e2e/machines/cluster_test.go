package machines

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"
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
			status, err := r.Exec(name, "cat", "/run/kindling/status.json")
			return fmt.Sprint(status, err), err == nil && strings.Contains(status, `"state":"done"`)
		})
	}
}
