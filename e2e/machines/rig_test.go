package machines

import (
	"net/netip"
	"os"
	"strings"
	"testing"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/rig"
)

// The documents of package firstboot have a unit that does nothing. Here it shows that a machine does what its document
// says.
func TestRigBootsADocument(t *testing.T) {
	r := rig.New(t, rig.Current)
	userData, err := os.ReadFile("../internal/firstboot/testdata/user-data")
	if err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile("../internal/firstboot/testdata/config.ign")
	if err != nil {
		t.Fatal(err)
	}
	r.Add(rig.Machine{
		Name:      "seeded",
		Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.0.7/24")},
		Seed:      firstboot.Seed{"user-data": userData, "meta-data": []byte("instance-id: seeded\n")},
	})
	r.Add(rig.Machine{
		Name:      "ignited",
		Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.0.8/24")},
		Ignition:  config,
	})
	r.Boot("seeded", "ignited")

	for _, name := range []string{"seeded", "ignited"} {
		r.Eventually(name+" has done what its document says", func() (string, bool) {
			out, err := r.Exec(name, "systemctl", "show", "--property=Result,ExecMainExitTimestamp", "kindling.service")
			return out, err == nil && strings.Contains(out, "Result=success") && !strings.Contains(out, "Timestamp=\n")
		})
	}
	out, _ := r.Exec("seeded", "bash", "-c", "</dev/tcp/10.0.0.8/1")
	if !strings.Contains(out, "Connection refused") { // and not: no route, no answer
		t.Errorf("seeded cannot reach ignited: %s", out)
	}
}
