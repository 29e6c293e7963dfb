package distro

// debianPackages are those of Debian and Ubuntu.
var debianPackages = map[string]string{
	"conntrack": "conntrack", "curl": "curl", "haproxy": "haproxy", "iptables": "iptables", "keepalived": "keepalived", "openssl": "openssl",
	"socat": "socat", "tar": "tar",
}

// redHatPackages are those of the BaseOS and AppStream of Rocky and AlmaLinux.
var redHatPackages = map[string]string{
	"conntrack": "conntrack-tools", "curl": "curl", "haproxy": "haproxy", "iptables": "iptables-nft", "keepalived": "keepalived", "openssl": "openssl",
	"socat": "socat", "tar": "tar",
}

// susePackages are those of openSUSE Leap.
var susePackages = map[string]string{
	"conntrack": "conntrack-tools", "curl": "curl", "haproxy": "haproxy", "iptables": "iptables", "keepalived": "keepalived", "openssl": "openssl",
	"socat": "socat", "tar": "tar",
}
