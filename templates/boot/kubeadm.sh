# shellcheck shell=bash
# What follows from the machine's first address.
URL_HOST=$ADDRESS LOOPBACK=127.0.0.1
[[ $ADDRESS != *:* ]] || URL_HOST=[$ADDRESS] LOOPBACK='[::1]'
API_SERVER=$URL_HOST:6443 PEER_URL=https://$URL_HOST:2380
READY_API=$API_SERVER

# init_phases PHASE... does just these phases of `kubeadm init`, in kubeadm's own order and with one reading of its config.
init_phases() {
	local phase skip=
	for phase in preflight certs kubeconfig etcd control-plane kubelet-start wait-control-plane upload-config upload-certs \
		mark-control-plane bootstrap-token kubelet-finalize addon show-join-command; do
		[[ " $* " == *" $phase "* ]] || skip+=${skip:+,}$phase
	done
	kubeadm init --config "$etc/kubeadm/init.yaml" --skip-token-print --skip-phases "$skip"
}

# kube is kubectl on this machine's own API server. The rights of ADMIN_CONF depend on no binding in the cluster.
kube() {
	kubectl --kubeconfig "/etc/kubernetes/$ADMIN_CONF" --server "https://$API_SERVER" --request-timeout 30s "$@"
}
