# shellcheck shell=bash
# The machine's Node must be there and, when the cluster has a pod network from kindling, be Ready: by the word of the kubelet
# of this boot, since the Node of a machine that was replaced remains Ready for a while.
step_ready() {
	local node want
	want="\"bootID\":\"$(</proc/sys/kernel/random/boot_id)\""
	[ "$POD_NETWORK" != true ] || want="\"type\":\"Ready\",\"status\":\"True\"*$want"
	while :; do
		node=$(curl -sS --max-time 5 -f --cacert /etc/kubernetes/pki/ca.crt --cert /var/lib/kubelet/pki/kubelet-client-current.pem \
			"https://$READY_API/api/v1/nodes/$NAME" 2>&1) || true
		case ${node//[[:space:]]/} in
		*$want*)
			# A Node that someone deleted comes back without what kubeadm gave it.
			[[ $ROLE != control-plane || $node == *node-role.kubernetes.io/control-plane* ]] || init_phases mark-control-plane
			return
			;;
		*'"kind":"Node"'*) waiting "the Node is not Ready yet" "Node $NAME" ;;
		*) waiting "no Node $NAME at $READY_API: ${node:0:200}" "$READY_API" ;;
		esac
		sleep 2
	done
}
