# shellcheck shell=bash
# HAProxy passes connections on to the API servers; with a virtual IP, keepalived holds it on one of the machines.
step_load_balancer() {
	local program device error
	[ ${#NAME} -gt 64 ] || hostname "$NAME"
	[ ! -e "$etc/keepalived.conf" ] || PROGRAMS+=' keepalived'
	for program in $PROGRAMS; do
		command -v "$program" >/dev/null || fail "this image lacks $program"
	done
	haproxy -c -q -f "$etc/haproxy.cfg"
	mkdir -p /etc/haproxy
	cp "$etc/haproxy.cfg" /etc/haproxy/haproxy.cfg
	# Its policy knows web servers' ports only.
	[ ! -e /sys/fs/selinux/enforce ] || setsebool -P haproxy_connect_any 1
	systemctl enable haproxy
	# An image may have started it already, with another configuration.
	systemctl restart haproxy
	if [ -e "$etc/keepalived.conf" ]; then
		device=${INTERFACE:-$(ip -o addr show to "$ADDRESS" | awk '{print $2; exit}')}
		mkdir -p /etc/keepalived
		sed "s/@INTERFACE@/$device/" "$etc/keepalived.conf" >/etc/keepalived/keepalived.conf
		keepalived -t -f /etc/keepalived/keepalived.conf
		systemctl enable keepalived
		systemctl restart keepalived
	fi
	until error=$(curl -sS -f --max-time 5 --cacert "$etc/pki/ca.crt" -o /dev/null --connect-to "::$URL_HOST:$PORT" "https://$CONTROL_PLANE_ENDPOINT/readyz" 2>&1); do
		waiting "no API server is ready yet (${error#curl: })" "API servers"
		sleep 2
	done
}
