# shellcheck shell=bash
# A worker joins once the cluster answers at controlPlaneEndpoint.
step_join() {
	if [ -s /var/lib/kubelet/pki/kubelet-client-current.pem ] && [ -s /etc/kubernetes/kubelet.conf ]; then
		systemctl start kubelet.service
		return
	fi
	local error
	until error=$(curl -sS --max-time 5 --cacert "$etc/pki/ca.crt" -o /dev/null -f "https://$CONTROL_PLANE_ENDPOINT/readyz" 2>&1); do
		waiting "no API server at $CONTROL_PLANE_ENDPOINT: $error" "$CONTROL_PLANE_ENDPOINT"
		sleep 2
	done
	: >"$run/waiting"
	# Of an earlier try that broke off, kubeadm would refuse what it had written itself.
	systemctl stop kubelet.service
	rm -rf /etc/kubernetes/{kubelet.conf,bootstrap-kubelet.conf,pki/ca.crt} /var/lib/kubelet/pki
	kubeadm join --config "$etc/kubeadm/join.yaml"
}
