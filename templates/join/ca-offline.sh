# shellcheck shell=bash
# A worker whose document brought kubelet's certificates, since the cluster signs none. kubeadm still has to bring kubelet's configuration,
# once; it finds kubelet.conf there, and asks for no other.
step_join() {
	local answer server=$CONTROL_PLANE_ENDPOINT ca=$etc/pki/ca.crt
	mkdir -p /etc/kubernetes
	# What kubeadm wrote for another node, whose disk this was, does not count.
	[ -s /etc/kubernetes/kubelet.conf ] || rm -f /var/lib/kubelet/kubeadm-flags.env
	kubelet_identity
	if ! [[ -s /var/lib/kubelet/config.yaml && -s /var/lib/kubelet/kubeadm-flags.env && -s /etc/kubernetes/pki/ca.crt ]]; then
		while answer=$(join_ask "nodes/$NAME" < <(join_credential)) && ! join_may "$answer"; do
			sleep 2
		done
		: >"$run/waiting"
		# Of an earlier try that broke off, kubeadm would refuse what it had written itself.
		systemctl stop kubelet.service
		rm -rf /etc/kubernetes/{bootstrap-kubelet.conf,pki/ca.crt}
		kubeadm join --config "$etc/kubeadm/join.yaml" --node-name "$NAME" --ignore-preflight-errors FileAvailable--etc-kubernetes-kubelet.conf
	fi
	systemctl start kubelet.service
}
