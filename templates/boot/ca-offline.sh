# shellcheck shell=bash
# The document brought all certificates, since no authority's key is on any machine: kubeadm calls that an external CA. A new document
# brings new ones.
step_certs() {
	local file server=$API_SERVER ca=/etc/kubernetes/pki/ca.crt
	[ "$(cat "$state/signed" 2>/dev/null)" != "$SET" ] || return 0
	kubelet_identity
	# kubeadm looks at all of them before it does anything.
	for file in "$etc"/pki/*.crt; do
		file=${file##*/}
		[ "$file" = kubelet-client.crt ] || kubeconfig "${file%.crt}"
	done
	kubeadm_preflight
	init_phases kubelet-start
	sync -f /etc
	keep "$state/signed" <<<"$SET"
}
