# shellcheck shell=bash
# The machine's Node must be there and, when the cluster has a pod network from kindling, be Ready.
step_ready() {
	local node
	while :; do
		node=$(curl -sS --max-time 5 -f --cacert /etc/kubernetes/pki/ca.crt --cert /var/lib/kubelet/pki/kubelet-client-current.pem \
			"https://$READY_API/api/v1/nodes/$NAME" 2>&1) || true
		case ${node//[[:space:]]/} in
		*'"type":"Ready","status":"True"'*) return ;;
		*'"kind":"Node"'*)
			[ "$POD_NETWORK" = true ] || return 0
			waiting "the Node is not Ready yet" "Node $NAME"
			;;
		*)
			node=${node//$'\n'/ }
			waiting "no Node $NAME at $READY_API: ${node:0:200}" "$READY_API"
			;;
		esac
		sleep 2
	done
}
