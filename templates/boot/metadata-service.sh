# shellcheck shell=bash
# The metadata service has this machine's document, so pods must not reach it. Their packets come in by an interface; those of the
# machine itself, and of pods on its network, by lo. Only HTTP is refused: on some clouds the same address answers DNS.
# systemd-networkd removes other programs' rules, but not the kernel's.
step_metadata_service() {
	local address family
	for address in $METADATA; do
		family=-4
		[[ $address != *:* ]] || family=-6
		ip $family rule flush pref 89 to "$address"
		ip $family rule add pref 89 to "$address" iif lo protocol kernel
		ip $family rule add pref 89 to "$address" ipproto tcp dport 80 prohibit protocol kernel
	done
}
