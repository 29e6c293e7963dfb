# shellcheck shell=bash
# kubelet alone, for etcd's static pod: it knows of no API server, and none knows of it.
step_kubelet() {
	mkdir -p "$etc/patches" /etc/kubernetes/manifests
	systemctl start kubelet.service
}
