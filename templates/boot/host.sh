# shellcheck shell=bash
# What kubelet, kubeadm's preflight and the pod network need of the host, now and at later boots.
step_host() {
	local modules='overlay br_netfilter' sysctls='net.bridge.bridge-nf-call-iptables net.ipv4.ip_forward'
	# Linux takes 64 characters.
	[ ${#NAME} -gt 64 ] || hostname "$NAME"
	[[ $NODE_IP != *:* ]] || sysctls+=' net.bridge.bridge-nf-call-ip6tables net.ipv6.conf.all.forwarding'
	mkdir -p /etc/{modules-load,sysctl}.d
	# shellcheck disable=SC2086
	{
		printf '%s\n' $modules >/etc/modules-load.d/kindling.conf
		printf '%s = 1\n' $sysctls >/etc/sysctl.d/99-kindling.conf
		modprobe -a $modules
	}
	sysctl -q -p /etc/sysctl.d/99-kindling.conf
	# Nothing in /etc/fstab changes: a power cut could empty it.
	systemctl mask swap.target
	swapoff -a
}
