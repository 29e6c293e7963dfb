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
	# kubelet would read a half-written file, unless its name begins with a dot.
	sed "s/@INTERFACE@/$device/" "$etc/kube-vip.yaml" >/etc/kubernetes/manifests/.kube-vip.yaml
	mv /etc/kubernetes/manifests/.kube-vip.yaml /etc/kubernetes/manifests/kube-vip.yaml
	# Any answer will do, also one to someone who must not ask: it comes from an API server of this cluster.
	until error=$(curl -sS --max-time 5 --cacert /etc/kubernetes/pki/ca.crt -o /dev/null "https://$CONTROL_PLANE_ENDPOINT/readyz" 2>&1); do
		waiting "nobody answers at $CONTROL_PLANE_ENDPOINT (${error#curl: })$(kube_vip_trouble)" "$CONTROL_PLANE_ENDPOINT"
		sleep 2
	done
}

# kube_vip_trouble is why the pod does not run here.
kube_vip_trouble() {
	local why
	why=$(kube -n kube-system get pod "kube-vip-$NAME" -o 'jsonpath={.status.containerStatuses[*].state.waiting.message}' 2>&1) || true
	printf '%s' "${why:+; kube-vip here: ${why:0:300}}"
}
