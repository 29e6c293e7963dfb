# shellcheck shell=bash
# Where the network itself does not see to it that an address belongs to one machine, a twin of this one may be at work already.
etcd_unique() {
	local twin
	while twin=$(etcd_twin) && [ "$twin" ]; do
		waiting "another machine, $twin, has $ADDRESS too: has $NAME been booted twice?" "address $ADDRESS"
		sleep 5
	done
}

# etcd_twin prints the hardware address of another machine that has this machine's address: an ARP probe (RFC 5227), which
# leaves no trace in other machines' tables. With IPv6 the kernel does it.
etcd_twin() {
	[[ $ADDRESS = *.* ]] || return 0
	local device mac ip hex
	device=$(ip -o addr show to "$ADDRESS" | awk '{print $2; exit}')
	mac=$(tr : ' ' <"/sys/class/net/$device/address")
	# shellcheck disable=SC2086
	ip=$(printf ' %02x' ${ADDRESS//./ })
	hex=" ff ff ff ff ff ff $mac 08 06 00 01 08 00 06 04 00 01 $mac 00 00 00 00 00 00 00 00 00 00$ip"
	# shellcheck disable=SC2059
	printf "${hex// /\\x}" | timeout 1 socat - "INTERFACE:$device" | od -An -v -tx1 | tr -d '\n' |
		grep -oE "08 06 00 01 08 00 06 04 00 0[12]( ..){6}$ip" | cut -c31-47 | grep -v "$mac" | tail -n 1 | tr " " : || true
}
