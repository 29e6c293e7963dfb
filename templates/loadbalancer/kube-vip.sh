# shellcheck shell=bash
# kube-vip's pod begins here, with an identity that may do nothing but hold the Lease of the virtual IP. Its certificate lasts as
# long as it may: nobody would renew it.
step_kube_vip() {
	local config=/etc/kubernetes/kube-vip.conf device error
	if [ ! -s $config ]; then
		kubeadm kubeconfig user --client-name kube-vip --config "$etc/kubeadm/init.yaml" --validity-period 87600h |
			sed "s|server: https://.*|server: https://$API_SERVER|" >$config.new
		mv $config.new $config
	fi
	device=${INTERFACE:-$(ip -o addr show to "$ADDRESS" | awk '{print $2; exit}')}
	static_pod kube-vip "s/@INTERFACE@/$device/"
	# Any answer will do, also one to someone who must not ask: it comes from an API server of this cluster.
	until error=$(curl -sS --max-time 5 --cacert /etc/kubernetes/pki/ca.crt -o /dev/null "https://$CONTROL_PLANE_ENDPOINT/readyz" 2>&1); do
		waiting "nobody answers at $CONTROL_PLANE_ENDPOINT (${error#curl: })$(static_pod_trouble kube-vip)" "$CONTROL_PLANE_ENDPOINT"
		sleep 2
	done
}
