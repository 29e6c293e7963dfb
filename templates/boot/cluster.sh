# shellcheck shell=bash
# What the cluster has once. The first to finish it leaves the ConfigMap kube-system/kindling; whoever finds that changes
# nothing but its own Node, since the running cluster may long have moved on from this document.
step_cluster() {
	local marker running
	marker=$(kube -n kube-system get configmap kindling --ignore-not-found -o name)
	if [ "$marker" ]; then
		running=$(kube -n kube-system get configmap kubeadm-config -o 'jsonpath={.data.ClusterConfiguration}' | awk '$1 == "kubernetesVersion:" {print $2}')
		[ "$(printf '%s\n' "$running" "$KUBERNETES_VERSION" | sort -V | tail -n 1)" = "$KUBERNETES_VERSION" ] ||
			fail "the cluster runs $running; this document is for $KUBERNETES_VERSION: set kubernetesVersion and generate again"
		init_phases mark-control-plane kubelet-finalize
		# Whoever took the old machine out of service may have cordoned its Node.
		kube uncordon "$NAME"
	else
		init_phases upload-config mark-control-plane bootstrap-token kubelet-finalize addon
		if grep -q ^bootstrapTokens "$etc/kubeadm/init.yaml"; then
			# approve stands for it.
			kube delete clusterrolebinding kubeadm:node-autoapprove-bootstrap --ignore-not-found
		else
			# If no worker needs a token, kubeadm has made one of its own.
			kube -n kube-system delete secret --field-selector type=bootstrap.kubernetes.io/token
		fi
	fi
	optional public_endpoint
	[ -z "$marker" ] || return 0
	apply_manifests
	kube -n kube-system create configmap kindling --from-literal "kubernetesVersion=$KUBERNETES_VERSION" --dry-run=client -o yaml | kube apply -f -
}

# The lines of the list are a manifest, a file or a URL, and for a URL its SHA-256.
apply_manifests() {
	local manifest sum file
	while read -r manifest sum; do
		file=$manifest
		if [ "$sum" ]; then
			file=$run/manifest.yaml
			curl -x "$PROXY" -fsSLg --max-time 200 -o "$file" "$manifest"
			sha256sum --quiet -c <<<"$sum  $file" || fail "$manifest does not have the SHA-256 of cluster.yaml: $(sha256sum <"$file")"
		fi
		kube apply --server-side --force-conflicts -f "$file"
	done < <(cat "$etc/manifests" 2>/dev/null)
}
