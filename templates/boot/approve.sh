# shellcheck shell=bash
# kubeadm lets the cluster sign any Node's certificate for whoever has a bootstrap token, also a control plane's. Here the control
# planes look at the name in the request (PKCS #10): one of those that join by the token, and no Node's that is Ready. The cluster's
# signer looks at all the rest. It is called where an error ends nothing.
approve() {
	local csr user request decided
	STEP=approve
	while :; do
		# kubeadm gives it back when it upgrades the cluster.
		kube delete clusterrolebinding kubeadm:node-autoapprove-bootstrap
		while read -r csr user request decided; do
			[[ $user = system:bootstrap:* && ! $decided ]] || continue
			user=$(base64 -d <<<"$request" | openssl req -config /dev/null -noout -subject -nameopt RFC2253)
			if may_join "$user"; then
				kube certificate approve "$csr"
			else
				kube certificate deny "$csr"
				say "refused a bootstrap token: $user is no free name of a pool"
			fi
		done < <(kube get csr --watch --request-timeout 600s --field-selector spec.signerName=kubernetes.io/kube-apiserver-client-kubelet \
			-o 'jsonpath={.metadata.name} {.spec.username} {.spec.request} {.status.conditions[*].type}{"\n"}')
		sleep 5
	done >/dev/null 2>&1
}

# may_join SUBJECT
may_join() {
	[[ $1 =~ ^subject=CN=system:node:([a-z0-9.-]+),O=system:nodes$ && ${BASH_REMATCH[1]} = @($TOKEN_NAMES) && ${BASH_REMATCH[1]} != @($OWN_NAMES) ]] &&
		[[ $(kube get node "${BASH_REMATCH[1]}" --ignore-not-found --no-headers || echo ' Ready') != *' Ready'* ]]
}
