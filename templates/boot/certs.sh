# shellcheck shell=bash
# kubeadm signs this machine's certificates with the document's CAs, writes the kubeconfigs and starts kubelet.
step_certs() {
	local pki=/etc/kubernetes/pki
	if [ "$(cat "$state/signed" 2>/dev/null)" = "$SET" ]; then
		leaves_due || return 0
		if ! renew_leaves; then
			# They may last for long yet; tend tries again.
			say "kubeadm did not renew: see $state/certs.log"
			return
		fi
		# kubelet renews its own, but not while the machine is off.
		rm -f /etc/kubernetes/kubelet.conf
		kubeadm init phase kubeconfig kubelet --config "$run/init.yaml"
		systemctl restart kubelet.service
		signed
		return
	fi
	kubeadm_preflight
	# kubeadm would take or refuse what is there: it may be cut short, or for other names.
	rm -f /etc/kubernetes/{*admin,controller-manager,scheduler,*kubelet,kube-vip}.conf \
		$pki/{apiserver,apiserver-kubelet-client,front-proxy-client,etcd/healthcheck-client}.{crt,key}
	# With external etcd the document has these.
	[ ! -e $pki/etcd/ca.key ] || rm -f $pki/{apiserver-etcd-client,etcd/server,etcd/peer}.{crt,key}
	init_phases certs kubeconfig
	optional own_endpoint
	init_phases kubelet-start
	signed
}

# leaves_due tells whether a third of the certificates' time is over.
leaves_due() {
	[ $(($(date +%s) - $(stat -c %Y "$state/signed"))) -ge "$RENEW_AFTER" ]
}

# renew_leaves renews all that kubeadm has signed. kubeadm may have been upgraded since, and refuse to work for an old release.
renew_leaves() {
	sed "s/^kubernetesVersion: .*/kubernetesVersion: $(kubeadm version -o short)/" "$etc/kubeadm/init.yaml" >"$run/init.yaml"
	kubeadm certs renew all --config "$run/init.yaml"
}

# signed says that this machine's certificates are new, and in use.
signed() {
	sync -f /etc
	keep "$state/signed" <<<"$SET"
}
