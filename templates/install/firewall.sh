# shellcheck shell=bash
# A firewall that the image brings is the operator's. What it keeps out would only be silent, so this says what has to get in.
step_firewall() {
	local firewall=iptables
	if systemctl -q is-active firewalld; then
		firewall=firewalld
	elif grep -qs '^ENABLED=yes' /etc/ufw/ufw.conf; then
		firewall=ufw
	else
		iptables -S INPUT | grep -qE '^-P INPUT DROP|-j (DROP|REJECT)' || return 0
	fi
	say "$firewall is on: it has to let in $LETS_IN"
}
