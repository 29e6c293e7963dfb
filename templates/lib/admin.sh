# shellcheck shell=bash
# Before Kubernetes 1.29 there is no super-admin.conf: admin.conf depends on no binding either.
kube() {
	kubectl --kubeconfig /etc/kubernetes/admin.conf --server "https://$API_SERVER" --request-timeout 30s "$@"
}
