# shellcheck shell=bash
# etcd_api PATH BODY asks etcd's gateway (https://etcd.io/docs/latest/dev-guide/api_grpc_gateway): the other members first, since
# this machine's own may not vote yet. If all refuse, it says why and fails.
etcd_api() {
	local host answer error=
	for host in $(awk -v me="$NAME" '$1 != me {print $2}' <<<"$PEERS") $URL_HOST; do
		if answer=$(etcd_curl --no-fail --max-time 10 -d "$2" "https://$host:2379/v3/$1" 2>&1); then
			if [[ $answer != *'"message":"'* ]]; then
				echo "$answer"
				return
			fi
			error=${answer#*'"message":"'} error=${error%%\"*}
		fi
		error=${error:-$answer}
	done
	echo "$error" >&2
	return 1
}
