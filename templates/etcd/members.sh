# shellcheck shell=bash
# Changes to the members of an etcd that has formed. Its other members make them.

# etcd_join replaces this machine's lost member, or adds a new one, as a learner: it has no vote before it has the data.
etcd_join() {
	local members id
	etcd_alone
	# The members that another learner starts with must not change before it has started. etcd grants a lease of one ID to one
	# machine at a time, for 20 s: nobody else makes a learner between this machine's look at the members and its own.
	until etcd_insist list >/dev/null &&
		etcd_api lease/grant '{"ID":2380,"TTL":20}' 2>/dev/null &&
		members=$(etcd_insist list) &&
		! grep -vF " $PEER_URL " <<<"$members" | grep ' learner '; do
		waiting "another machine joins or renews certificates" etcd
		etcd_bury
		sleep 1
	done
	id=$(etcd_own_member <<<"$members")
	if [ "$id" ]; then
		act remove "member=$id name=$NAME url=$PEER_URL"
		etcd_insist remove "\"ID\":\"$id\""
	fi
	act add "url=$PEER_URL"
	etcd_insist add "\"isLearner\":true,\"peerURLs\":[\"$PEER_URL\"]"
	act existing
	etcd_start existing "$(etcd_insist list | awk -v me="$NAME" -v url="$PEER_URL" '{printf "%s%s=%s", sep, $2 == url ? me : $4 == "" ? $1 : $4, $2; sep = ","}')"
}

# etcd_insist list|add|remove [FIELDS] changes the members until etcd does it: it refuses without quorum, and to add a member while
# another one is a learner or does not answer.
etcd_insist() {
	# A try that is cut off may have printed its answer already: only the last one counts.
	local answer
	until answer=$(etcd_member "$@" 2>"$run/etcd.error"); do
		# The answer to a try before may have been lost.
		! grep -qE 'URLs already exists|member not found' "$run/etcd.error" || return 0
		waiting "etcd refuses member $1: $(last_line "$run/etcd.error")" etcd
		[ "$1" != add ] || etcd_bury
		sleep 1
	done
	echo "$answer"
}

# etcd_bury removes members that keep others out: the document does not name them, and they have not answered for five
# minutes, in which they could have booted. Those that it names are waited for.
etcd_bury() {
	local id name url host since
	while read -r id url _ name; do
		[[ $url != "$PEER_URL" && $url =~ ^https://([^,]*):2380$ ]] || continue
		host=${BASH_REMATCH[1]} since=$run/since/$id
		if etcd_get "$host" >/dev/null 2>&1; then
			rm -f "$since"
			continue
		fi
		tick
		[ -s "$since" ] || echo "$up" >"$since"
		if [[ $PEERS == *" $host "* ]]; then
			name=${name:-$url}
			waiting "$name, a member of etcd, does not answer" "$name"
		elif [ $((up - $(<"$since"))) -gt 300 ]; then
			act remove "member=$id name=$name url=$url"
			etcd_member remove "\"ID\":\"$id\"" || true
		else
			waiting "$url, not in this document, does not answer: removed after five minutes" "$url"
		fi
	done < <(etcd_member list)
}

# The ID of the member whose only peer URL is this machine's.
etcd_own_member() {
	awk -v url="$PEER_URL" '$2 == url {print $1}'
}

# etcd_member CALL [FIELDS] asks etcd, and makes lines of the members that it answers with: ID URL learner|voter NAME. A member that
# has not started has no name yet; one with several URLs has a comma after the first.
etcd_member() {
	etcd_api "cluster/member/$1" "{${2:-\"linearizable\":true}}" | tr -d '[:space:]' | grep -o '"ID":"[^}]*' |
		sed -E 's/.*"isLearner":true/learner &/; t learner; s/^/voter /; :learner
s/(.*) "ID":"([^"]*)",("name":"([^"]*)",)?"peerURLs":\["([^"]*)"(,?).*/\2 \5\6 \1 \4/'
}
