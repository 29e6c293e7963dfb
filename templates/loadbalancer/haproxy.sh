# shellcheck shell=bash
# HAProxy's pod begins here: like those of the other control planes it passes connections on to the API servers that are ready.
step_haproxy() {
	local error
	static_pod haproxy
	until error=$(curl -sS -f --max-time 5 --cacert /etc/kubernetes/pki/ca.crt -o /dev/null --connect-to "::$URL_HOST:$PORT" "https://$CONTROL_PLANE_ENDPOINT/readyz" 2>&1); do
		waiting "no API server answers through HAProxy here (${error#curl: })$(static_pod_trouble haproxy)" HAProxy
		sleep 2
	done
}
