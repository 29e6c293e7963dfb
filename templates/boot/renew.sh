# shellcheck shell=bash
# A control plane renews what kubeadm has signed, when it is time, and restarts what has read it. etcd reads its certificates for each
# connection.
renew() {
	leaves_due || return 0
	run_step turn
	run_step "renew"
	status "done"
}

# One machine at a time renews: etcd grants the lease with which machines join it for longer than a try may take. The wait for it is a
# step of its own, or it would end in the middle of the other.
step_turn() {
	local answer
	until answer=$(etcd_api lease/grant '{"ID":2380,"TTL":330}' 2>&1); do
		waiting "another machine joins or renews certificates ($answer)" etcd
		sleep 5
	done
}

step_renew() {
	local name
	renew_leaves
	for name in kube-apiserver kube-controller-manager kube-scheduler; do
		restart_pod $name
	done
	if [[ $STEPS == *kube-vip* ]]; then
		kube_vip_identity "$run/init.yaml"
		restart_pod kube-vip
	fi
	signed
	etcd_api lease/revoke '{"ID":2380}'
}

# restart_pod NAME has kubelet run a static pod anew, and waits until it is ready. The label makes it another pod: kubelet would wait
# ever longer before it starts the same one again.
restart_pod() {
	local now
	now=$(date +%s)
	cd /etc/kubernetes/manifests
	kubectl label --local --overwrite -f "$1.yaml" -o yaml "renewed=$now" >".$1.yaml"
	mv ".$1.yaml" "$1.yaml"
	until [ "$(kube -n kube-system get pod "$1-$NAME" -o 'jsonpath={.metadata.labels.renewed} {.status.containerStatuses[0].ready}')" = "$now true" ]; do
		sleep 1
	done
}
