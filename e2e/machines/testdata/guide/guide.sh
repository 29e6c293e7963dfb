#!/bin/bash
# The guide's order: init on the first control plane, and then all joins at the same time. Certificates are on the control
# planes already, where the guide copies them with scp.
#
#   guide.sh init | join
set -euo pipefail

host() {
	modprobe -a overlay br_netfilter
	sysctl -q -w net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1
	systemctl enable --now containerd
	systemctl enable kubelet
}

init() {
	kubeadm init --config /etc/guide/kubeadm.yaml --skip-token-print
	kubectl --kubeconfig /etc/kubernetes/admin.conf apply -f /etc/guide/flannel.yaml
}

join() {
	until curl -sfk --max-time 2 -o /dev/null https://api.demo.test:6443/readyz; do sleep 0.5; done
	kubeadm join --config /etc/guide/kubeadm.yaml
}

host
"$1"
