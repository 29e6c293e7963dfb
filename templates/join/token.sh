# shellcheck shell=bash
# A worker that joins by a bootstrap token.

# join_credential has what this worker joins with, in the words of curl.
join_credential() {
	awk -F '[ "]+' '$2 == "token:" {printf "header = \"Authorization: Bearer %s\"\n", $3}' "$etc/discovery.conf"
}

join_unknown() {
	# Whoever asks without a credential may read this, which the cluster has once there are tokens, unless it lets nobody ask so.
	case $(join_ask namespaces/kube-public/configmaps/cluster-info </dev/null) in
	*$'\n200') waiting "the bootstrap token has expired: run kindling token | kubectl apply -f -" "bootstrap token" ;;
	*$'\n401') waiting "the cluster at $CONTROL_PLANE_ENDPOINT knows no bootstrap token yet, or it has expired: run kindling token | kubectl apply -f -" "bootstrap token" ;;
	*) waiting "the cluster at $CONTROL_PLANE_ENDPOINT knows no bootstrap token yet" "$CONTROL_PLANE_ENDPOINT" ;;
	esac
}
