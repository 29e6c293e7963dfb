# shellcheck shell=bash
# What the peers of this machine say about etcd there. Rounds come twice a second, so they start few processes.

# etcd_round asks every peer at the same time. It sets answers to a line for each: NAME ANSWER DETAIL.
etcd_round() {
	local name host id line asked=()
	while read -r name host id; do
		[ "$name" != "$NAME" ] || continue
		etcd_ask "$name" "$host" >"$run/peers/$name" &
		asked+=($!)
	done <<<"$PEERS"
	# Without arguments it would wait for the responder, too.
	[ ${#asked[@]} = 0 ] || wait "${asked[@]}" || true
	answers=
	while read -r name host id; do
		[ "$name" = "$NAME" ] || ! read -r line <"$run/peers/$name" || answers+=$line$'\n'
	done <<<"$PEERS"
}

# etcd_ask NAME HOST: what the peer's etcd says about itself or, while there is none, its responder.
etcd_ask() {
	local said="$run/peers/.$1" body='' answer token who boot
	if etcd_get "$2" -D "$said.head" >"$said" 2>"$said.error"; then
		read -r -d '' body <"$said" || true
		if [[ $body != [[n]* ]]; then
			read -r answer token who boot <<<"$body"
			if [ "$token $who" = "$ETCD_TOKEN $1" ]; then
				echo "$1 $answer $boot"
			else
				echo "$1 unlike this document: it is $who of $token"
			fi
		elif [[ $body = *'"clientURLs":["'* ]]; then
			echo "$1 established etcd"
		elif grep -qix "x-etcd-cluster-id: $ETCD_CLUSTER_ID.\?" "$said.head" && [ "$(etcd_members <"$said")" = "$(etcd_expected)" ]; then
			echo "$1 forming etcd"
		else
			echo "$1 unlike this document: its etcd has other members"
		fi
		return
	fi
	answer=silent who=
	while read -r token boot; do
		[ "$token" != curl: ] || who=$boot
	done <"$said.error"
	case $who in *'not yet valid'* | *'bad certificate'* | *'certificate expired'*) answer=clock-skew ;; esac
	echo "$1 $answer $who"
}

# etcd_get HOST [OPTION...]: the members that etcd lists there or, while there is none, the answer of the responder.
etcd_get() {
	etcd_curl "https://$1:2380/members" "${@:2}"
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
