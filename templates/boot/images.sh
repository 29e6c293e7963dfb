# shellcheck shell=bash
# Images that the machine already has are not pulled again; a machine that has them all needs no registry.
step_images() {
	local image list
	list=$(kubeadm config images list --config "$etc/kubeadm/init.yaml")
	for image in $list; do
		ctr -n k8s.io images ls -q "name==$image" | grep -q . && continue
		kubeadm config images pull --config "$etc/kubeadm/init.yaml"
		return
	done
}
