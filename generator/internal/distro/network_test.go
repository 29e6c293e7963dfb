package distro

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNetworkFiles(t *testing.T) {
	four := Network{Interface: "eth0", Subnets: []Subnet{{netip.MustParsePrefix("10.0.0.7/24"), netip.MustParseAddr("10.0.0.1"), false}}}
	six := Network{Interface: "eth0", MAC: "52:54:00:00:00:07", Subnets: []Subnet{{netip.MustParsePrefix("fd00::7/64"), netip.MustParseAddr("fd00::1"), false}}, Nameservers: []string{"10.0.0.53", "fd00::53"}}
	more := four
	more.MTU, more.Domains = 1450, []string{"corp.example", "example"}
	withMAC := more
	withMAC.MAC = "52:54:00:00:00:07"
	both := six
	both.Subnets, both.Domains = append(six.Subnets, Subnet{netip.MustParsePrefix("65.21.0.7/32"), netip.MustParseAddr("172.31.1.1"), true}), []string{"corp.example"}
	for name, test := range map[string]struct {
		file    func(Network) File
		network Network
		want    string
	}{
		"networkd":       {networkd, four, "[Match]\nName=eth0\n[Network]\nAddress=10.0.0.7/24\nGateway=10.0.0.1\n"},
		"networkd, IPv6": {networkd, six, "[Match]\nMACAddress=52:54:00:00:00:07\n[Network]\nAddress=fd00::7/64\nGateway=fd00::1\nDNS=10.0.0.53\nDNS=fd00::53\n"},
		"networkd, all":  {networkd, more, "[Match]\nName=eth0\n[Link]\nMTUBytes=1450\n[Network]\nAddress=10.0.0.7/24\nGateway=10.0.0.1\nDomains=corp.example example\n"},
		"networkd, both": {networkd, both, "[Match]\nMACAddress=52:54:00:00:00:07\n[Network]\nAddress=fd00::7/64\nGateway=fd00::1\nAddress=65.21.0.7/32\nDNS=10.0.0.53\nDNS=fd00::53\nDomains=corp.example\n[Route]\nGateway=172.31.1.1\nGatewayOnLink=yes\n"},
		"NetworkManager, both": {networkManager, both, "[connection]\nid=kindling\ntype=ethernet\n[ethernet]\nmac-address=52:54:00:00:00:07\n[ipv4]\nmethod=manual\naddress1=65.21.0.7/32,172.31.1.1\ndns=10.0.0.53;\ndns-search=corp.example;\n" +
			"[ipv6]\nmethod=manual\naddress1=fd00::7/64,fd00::1\ndns=fd00::53;\n"},
		"NetworkManager, all": {networkManager, more, "[connection]\nid=kindling\ntype=ethernet\ninterface-name=eth0\n[ethernet]\nmtu=1450\n[ipv4]\nmethod=manual\naddress1=10.0.0.7/24,10.0.0.1\ndns-search=corp.example;example;\n[ipv6]\nmethod=auto\n"},
		"NetworkManager, MAC": {networkManager, withMAC, "[connection]\nid=kindling\ntype=ethernet\n[ethernet]\nmac-address=52:54:00:00:00:07\nmtu=1450\n[ipv4]\nmethod=manual\naddress1=10.0.0.7/24,10.0.0.1\ndns-search=corp.example;example;\n[ipv6]\nmethod=auto\n"},
		"NetworkManager":      {networkManager, four, "[connection]\nid=kindling\ntype=ethernet\ninterface-name=eth0\n[ipv4]\nmethod=manual\naddress1=10.0.0.7/24,10.0.0.1\n[ipv6]\nmethod=auto\n"},
		"NetworkManager, IPv6": {networkManager, six, "[connection]\nid=kindling\ntype=ethernet\n[ethernet]\nmac-address=52:54:00:00:00:07\n[ipv4]\nmethod=auto\ndns=10.0.0.53;\n" +
			"[ipv6]\nmethod=manual\naddress1=fd00::7/64,fd00::1\ndns=fd00::53;\n"},
	} {
		if diff := cmp.Diff(test.want, test.file(test.network).Content); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
