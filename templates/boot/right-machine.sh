# shellcheck shell=bash
# The machine must hold the address that its document, its certificates and its peers know it by.
step_right_machine() {
	local held address missing
	while :; do
		held=$(ip -o addr show scope global | awk '!/tentative/ {sub(/\/.*/, "", $4); print $4}')
		missing=
		for address in ${NODE_IP//,/ }; do
			grep -qxF "$address" <<<"$held" || missing=$address
		done
		[ "$missing" ] || return 0
		held=${held//$'\n'/ }
		waiting "this document is for $NAME at $missing; this machine has ${held:-no address}" "address $missing"
		sleep 1
	done
}
