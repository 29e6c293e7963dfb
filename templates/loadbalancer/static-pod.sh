# shellcheck shell=bash
# A static pod of kindling's own.

# static_pod NAME [SED] gives it to kubelet, which would read a half-written file, unless its name begins with a dot.
static_pod() {
	local manifests=/etc/kubernetes/manifests
	sed "${2:-}" "$etc/$1.yaml" >"$manifests/.$1.yaml"
	mv "$manifests/.$1.yaml" "$manifests/$1.yaml"
}

# static_pod_trouble NAME is why it does not run here.
static_pod_trouble() {
	local why
	why=$(kube -n kube-system get pod "$1-$NAME" -o 'jsonpath={.status.containerStatuses[*].state.waiting.message}' 2>&1) || true
	printf '%s' "${why:+; $1 here: ${why:0:300}}"
}
