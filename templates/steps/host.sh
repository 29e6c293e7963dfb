# shellcheck shell=bash
# What kubelet and the pod network need of the host. modules-load.d and sysctl.d keep it for later boots.
step_host() {
	# Linux takes 64 characters; kubeadm passes a longer node name to kubelet by itself.
	[ ${#NAME} -gt 64 ] || hostname "$NAME"
	modprobe -a overlay br_netfilter
	sysctl -q -p /etc/sysctl.d/99-kindling.conf
	swapoff -a
	[ ! -e /etc/fstab ] || sed -i 's/^[^#].*[[:space:]]swap[[:space:]].*/#&/' /etc/fstab
}
