# shellcheck shell=bash
# kubeadm_preflight looks at the machine once in its life.
kubeadm_preflight() {
	# kubelet looks for manifests when it starts, and then every 20 s.
	mkdir -p "$etc/patches" /etc/kubernetes/manifests
	[ ! -s "$state/preflight" ] || return 0
	# Data from before are for the etcd step to judge.
	kubeadm init phase preflight --config "$etc/kubeadm/init.yaml" --ignore-preflight-errors "DirAvailable-${ETCD_DATA_DIR//\//-}"
	keep "$state/preflight" <<<"done"
}
