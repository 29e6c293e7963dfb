# shellcheck shell=bash
# kube-vip's pod begins here, with an identity that may do nothing but hold the Lease of the virtual IP. Its certificate lasts as
# long as it may: nobody would renew it.
step_kube_vip() {
	local config=/etc/kubernetes/kube-vip.conf device
	if [ ! -s $config ]; then
		kubeadm kubeconfig user --client-name kube-vip --config "$etc/kubeadm/init.yaml" --validity-period 87600h |
			sed "s|server: https://.*|server: https://$API_SERVER|" >$config.new
		mv $config.new $config
	fi
	device=${INTERFACE:-$(ip -o addr show to "$ADDRESS" | awk '{print $2; exit}')}
	# kubelet would read a half-written file, unless its name begins with a dot.
	sed "s/@INTERFACE@/$device/" "$etc/kube-vip.yaml" >/etc/kubernetes/manifests/.kube-vip.yaml
	mv /etc/kubernetes/manifests/.kube-vip.yaml /etc/kubernetes/manifests/kube-vip.yaml
}
