# shellcheck shell=bash
# Kubeconfigs of the certificates that the document brought, for the API server at $server, whose CA is in the file $ca.

# kubeconfig NAME has the document's pair NAME in it, since pods read it.
kubeconfig() {
	local own="$etc/pki/$1"
	write_kubeconfig "$1" "$1" -data "$(base64 -w 0 "$own.crt")" "$(base64 -w 0 "$own.key")"
}

# kubelet_identity is kubelet's kubeconfig, and what it serves with, in kubelet's own places.
kubelet_identity() {
	local own=/var/lib/kubelet/pki
	mkdir -p $own
	keep $own/kubelet-client-current.pem < <(cat "$etc"/pki/kubelet-client.{crt,key})
	keep $own/kubelet.crt <"$etc/pki/kubelet-client.crt"
	keep $own/kubelet.key <"$etc/pki/kubelet-client.key"
	write_kubeconfig kubelet "system:node:$NAME" '' $own/kubelet-client-current.pem{,}
}

# write_kubeconfig NAME USER FORM CERTIFICATE KEY
write_kubeconfig() {
	keep "/etc/kubernetes/$1.conf" <<-END
		apiVersion: v1
		kind: Config
		clusters:
		- name: kubernetes
		  cluster:
		    server: https://$server
		    certificate-authority-data: $(base64 -w 0 "$ca")
		contexts:
		- name: kubernetes
		  context: {cluster: kubernetes, user: "$2"}
		current-context: kubernetes
		users:
		- name: "$2"
		  user:
		    client-certificate$3: $4
		    client-key$3: $5
	END
}
