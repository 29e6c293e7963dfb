# shellcheck shell=bash
# kube-vip's pod begins here, with an identity that may do nothing but hold the Lease of the virtual IP.
step_kube_vip() {
	local device error
	[ -s /etc/kubernetes/kube-vip.conf ] || kube_vip_identity "$etc/kubeadm/init.yaml"
	device=${INTERFACE:-$(ip -o addr show to "$ADDRESS" | awk '{print $2; exit}')}
	static_pod kube-vip "s/@INTERFACE@/$device/"
	# Any answer will do, also one to someone who must not ask: it comes from an API server of this cluster.
	until error=$(curl -sS --max-time 5 --cacert /etc/kubernetes/pki/ca.crt -o /dev/null "https://$CONTROL_PLANE_ENDPOINT/readyz" 2>&1); do
		waiting "nobody answers at $CONTROL_PLANE_ENDPOINT (${error#curl: })$(static_pod_trouble kube-vip)" "$CONTROL_PLANE_ENDPOINT"
		sleep 2
	done
}

# kube_vip_identity CONFIG makes the kubeconfig of kube-vip.
kube_vip_identity() {
	local config
	config=$(kubeadm kubeconfig user --client-name kube-vip --config "$1" | sed "s|server: https://.*|server: https://$API_SERVER|")
	keep /etc/kubernetes/kube-vip.conf <<<"$config"
}
