# shellcheck shell=bash
# kubeadm signs this machine's certificates with the document's CAs, writes the kubeconfigs and starts kubelet.
step_certs() {
	# kubelet looks for manifests when it starts, and then every 20 s.
	mkdir -p "$etc/patches" /etc/kubernetes/manifests
	# Of files that it was writing when the power went, kubeadm would take what is left. The document's own stay: without
	# them it would make other authorities.
	find /etc/kubernetes -type f -size 0 ! -name '*ca.*' ! -name 'sa.*' \( -name '*.conf' -o -path '*/pki/*' \) -delete
	if [ ! -e "$state/preflight" ]; then
		# Data from before are for the etcd step to judge.
		kubeadm init phase preflight --config "$etc/kubeadm/init.yaml" --ignore-preflight-errors "DirAvailable-${ETCD_DATA_DIR//\//-}"
		: >"$state/preflight"
	fi
	init_phases certs kubeconfig
	# Up to some releases kubeadm and kubelet reach even their own API server through controlPlaneEndpoint.
	[ "$LOCAL_API_ENDPOINT" = true ] ||
		sed -i "s|server: https://.*|server: https://$API_SERVER|" /etc/kubernetes/{*admin,kubelet}.conf
	init_phases kubelet-start
}
