# shellcheck shell=bash
# In some releases kubeadm and kubelet reach even their own API server through controlPlaneEndpoint, which may not answer yet.

# own_endpoint lets kubeconfigs name this machine's API server.
own_endpoint() {
	sed -i "s|server: https://.*|server: https://$API_SERVER|" /etc/kubernetes/{*admin,kubelet}.conf
}

# public_endpoint makes cluster-info name controlPlaneEndpoint where it names this machine, whose address kubeadm copied from
# admin.conf, perhaps in a try that broke off.
public_endpoint() {
	local info
	info=$(kube -n kube-public get configmap cluster-info -o yaml)
	[[ $info != *"//$API_SERVER"* ]] || kube replace -f - <<<"${info//"//$API_SERVER"/"//$CONTROL_PLANE_ENDPOINT"}"
}
