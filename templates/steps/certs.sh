# shellcheck shell=bash
# kubeadm signs this machine's certificates with the document's CAs, writes the kubeconfigs and starts kubelet.
step_certs() {
	mkdir -p "$etc/patches"
	if [ ! -e "$state/preflight" ]; then
		# Data from before are for the etcd step to judge.
		kubeadm init phase preflight --config "$etc/kubeadm/init.yaml" --ignore-preflight-errors "DirAvailable${ETCD_DATA_DIR//\//-}"
		: >"$state/preflight"
	fi
	init_phases certs kubeconfig
	# Up to some releases kubeadm and kubelet reach even their own API server through controlPlaneEndpoint.
	[ "$LOCAL_API_ENDPOINT" = true ] ||
		sed -i "s|server: https://$CONTROL_PLANE_ENDPOINT\$|server: https://$API_SERVER|" /etc/kubernetes/{admin,super-admin,kubelet}.conf
	init_phases kubelet-start
}
