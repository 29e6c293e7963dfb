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
