# shellcheck shell=bash
# What the peers of this machine say of etcd there.

# etcd_round asks every peer at the same time; a line for each: NAME ANSWER DETAIL, sorted.
etcd_round() {
	local name host id
	shopt -s nullglob
	rm -f "$run/peers"/*
	while read -r name host id; do
		[ "$name" = "$NAME" ] || etcd_ask "$name" "$host" >"$run/peers/$name" &
	done <<<"$PEERS"
	wait
	sort /dev/null "$run/peers"/*
}

# etcd_ask NAME HOST: what the peer's etcd says of itself or, while there is none, its responder.
etcd_ask() {
	local head="$run/peers/.$1" body code=0 answer token who boot
	body=$(etcd_get "$2" /members -D "$head" 2>"$head.error") || code=$?
	if [ "$code" = 0 ]; then
		if grep -q '"clientURLs":\["' <<<"$body"; then
			echo "$1 established etcd"
		elif grep -qix "x-etcd-cluster-id: $ETCD_CLUSTER_ID.\?" "$head" && [ "$(etcd_members <<<"$body")" = "$(etcd_expected)" ]; then
			echo "$1 forming etcd"
		else
			echo "$1 unlike this document: its etcd has other members"
		fi
	elif [ "$code" = 22 ] && read -r answer token who boot < <(etcd_get "$2" /kindling 2>"$head.error"); then
		if [ "$token $who" = "$ETCD_TOKEN $1" ]; then
			echo "$1 $answer $boot"
		else
			echo "$1 unlike this document: it is $who of $token"
		fi
	else
		answer=silent
		read -r token who < <(grep '^curl: ' "$head.error") || true
		case $who in *'not yet valid'* | *'bad certificate'* | *'certificate expired'*) answer=clock-skew ;; esac
		echo "$1 $answer $who"
	fi
}

etcd_get() {
	etcd_curl "https://$1:2380$2" "${@:3}"
}

etcd_curl() {
	curl -sS -f --http1.1 --max-time 4 --cacert "$pki/ca.crt" --cert "$pki/peer.crt" --key "$pki/peer.key" "$@"
}

# etcd_members brings etcd's JSON into the form of etcd_expected: a line for each member, sorted.
etcd_members() {
	tr -d '[:space:]' | sed 's/^\[//; s/\]$//; s/},{/}\n{/g' | sort
}

etcd_expected() {
	awk '{printf "{\"id\":%s,\"peerURLs\":[\"https://%s:2380\"],\"name\":\"%s\"}\n", $3, $2, $1}' <<<"$PEERS" | sort
}
