# shellcheck shell=bash
# A worker joins once the cluster answers at controlPlaneEndpoint and has no living Node of its name, for which kubeadm would
# break off half done.
step_join() {
	local answer own=/var/lib/kubelet/pki/kubelet-client-current.pem
	# A machine that was off for long may have a certificate that has expired.
	if [ -s $own ] && [ -s /etc/kubernetes/kubelet.conf ] && [[ $(join_ask "nodes/$NAME" <<<"cert = $own") != *$'\n401' ]]; then
		systemctl start kubelet.service
		return
	fi
	while answer=$(join_ask "nodes/$NAME" < <(join_credential)) && ! join_may "$answer"; do
		sleep 2
	done
	: >"$run/waiting"
	# Of an earlier try that broke off, kubeadm would refuse what it had written itself.
	systemctl stop kubelet.service
	rm -rf /etc/kubernetes/{kubelet.conf,bootstrap-kubelet.conf,pki/ca.crt} /var/lib/kubelet/pki
	sed "s/@NAME@/$NAME/; s/$NODE_IP/$(cat "$run/node-ip" 2>/dev/null || echo "$NODE_IP")/" "$etc/kubeadm/join.yaml" >"$run/join.yaml"
	kubeadm join --config "$run/join.yaml" --node-name "$NAME"
}

# join_ask PATH: the cluster's answer and, in a line of its own, its status. The credential comes by standard input: anyone on
# the machine may read a command line.
join_ask() {
	curl -sS --max-time 5 --cacert "$etc/pki/ca.crt" -K - -w '\n%{http_code}' "https://$CONTROL_PLANE_ENDPOINT/api/v1/$1" 2>&1 || true
}

# join_may ANSWER tells whether to join, or says what keeps the machine from it.
join_may() {
	case ${1##*$'\n'} in
	404) return 0 ;;
	200)
		[[ ${1//[[:space:]]/} == *'"type":"Ready","status":"True"'* ]] || return 0
		waiting "Node $NAME is still Ready: from before this machine was wiped, or because another machine has its name" "Node $NAME"
		;;
	401) join_unknown ;;
	*) waiting "no API server at $CONTROL_PLANE_ENDPOINT lets this machine in: $(printf '%.300s' "$1" | tr -s '[:space:]' ' ')" "$CONTROL_PLANE_ENDPOINT" ;;
	esac
	return 1
}
