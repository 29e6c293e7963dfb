#!/bin/bash
# Brings an interface up with the program $1 from the configuration that is in place, and prints its addresses and default routes.
# Runs in a sandbox, without systemd and udev. $2 is the interface, $3 its hardware address.
set -euo pipefail

program=$1
interface=$2
mac=$3

prepare() {
	mount -o remount,bind,ro /sys # a container's: nothing waits for udev
	echo 0123456789abcdef0123456789abcdef >/etc/machine-id
	mkdir -p /run/dbus /run/systemd/netif/{links,leases,lldp}
	chown -R systemd-network: /run/systemd/netif
	ip link add "$interface" address "$mac" type veth peer name far
	ip link set far up
	dbus-daemon --system --fork
}

# convert turns cloud-init's network-config into the files of a renderer, as cloud-init does at boot.
convert() {
	cloud-init devel net-convert --network-data /seed/network-config --kind yaml --distro "$1" --output-kind "$2" --directory / >&2
}

networkd() {
	/lib/systemd/systemd-networkd >&2 &
}

start() {
	case $program in
	networkd) networkd ;;
	netplan)
		convert ubuntu netplan
		netplan generate >&2
		sed -i s/^PermanentMACAddress/MACAddress/ /run/systemd/network/* # which a veth does not have
		networkd
		;;
	ifupdown)
		convert debian eni
		ifup -a >&2
		;;
	NetworkManager)
		[[ ! -e /seed/network-config ]] || convert rhel network-manager
		chmod -f 0600 /etc/NetworkManager/system-connections/* || true
		NetworkManager --no-daemon >&2 &
		;;
	esac
}

show() {
	ip -o addr show dev "$interface" scope global | awk '{print $4}' | sort
	ip -o route show default | awk '{print $1, $2, $3}'
	ip -o -6 route show default | awk '{print $1, $2, $3}'
	cat "/sys/class/net/$interface/mtu"
}

# settled waits until nothing has changed for three seconds after there are two default routes.
settled() {
	local before now quiet=0
	before=$(show)
	for _ in {1..120}; do
		sleep 0.5
		now=$(show)
		if [[ $now == "$before" && $(grep -c ^default <<<"$now") == 2 ]]; then
			quiet=$((quiet + 1))
		else
			quiet=0
		fi
		((quiet < 6)) || return 0
		before=$now
	done
	echo "$program did not bring $interface up" >&2
	ip addr >&2
	return 1
}

prepare
start
settled
show
