# shellcheck shell=bash
# A pool's document is for any machine. Its Node is called as the machine is when it first comes here, and keeps that name.
NAME=$(cat "$state/name" 2>/dev/null || uname -n)
NAME=${NAME,,}

step_right_machine() {
	[[ $NODE_IP != *,* ]] || any_addresses
	[ ! -s "$state/name" ] || return 0
	until [[ $NAME =~ ^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$ && $NAME != localhost* ]]; do
		waiting "this machine has no host name yet; its Node takes that name" "host name"
		sleep 1
		NAME=$(uname -n)
		NAME=${NAME,,}
	done
	# shellcheck disable=SC2053
	[[ $NAME = $NAME_PATTERN ]] || fail "this machine's host name is $NAME, but its pool has names like $NAME_PATTERN"
	keep "$state/name" <<<"$NAME"
}

# any_addresses: kubelet finds an address of one family by itself, but must be told those of two.
any_addresses() {
	local any family to address list=
	for any in ${NODE_IP//,/ }; do
		family=4 to=192.0.2.1
		[ "$any" != :: ] || family=6 to=2001:db8::1
		until address=$(ip -o "-$family" route get $to 2>/dev/null | sed -n 's/.* src \([^ ]*\).*/\1/p') && [ "$address" ]; do
			waiting "this machine has no IPv$family address with a default route yet" "IPv$family address"
			sleep 1
		done
		list+=${list:+,}$address
	done
	echo "$list" >"$run/node-ip"
}
