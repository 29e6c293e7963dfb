# shellcheck shell=bash
# Changes to the members of an etcd that has formed. Its other members make them.

# etcd_join replaces this machine's lost member, or adds a new one, as a learner: it has no vote before it has the data.
etcd_join() {
	local members id
	etcd_alone
	# The members that another learner starts with must not change before it has started. etcd grants a lease of one ID to one
	# machine at a time, for 20 s: nobody else makes a learner between this machine's look at the members and its own.
	# shellcheck disable=SC2046 # a URL each
	until etcd_insist member list >/dev/null &&
		grep ID < <(etcd_curl -Zd '{"ID":2380,"TTL":20}' $(etcd_endpoints | sed 's#,\|$#/v3/lease/grant #g')) &&
		members=$(etcd_insist member list) &&
		! grep -v ", $PEER_URL, " <<<"$members" | grep true$; do
		waiting "another machine joins etcd" etcd
		etcd_bury
		sleep 1
	done
	id=$(etcd_own_member <<<"$members")
	if [ "$id" ]; then
		act remove "member=$id name=$NAME url=$PEER_URL"
		etcd_insist member remove "$id"
	fi
	act add "url=$PEER_URL"
	etcd_insist member add "$NAME" --peer-urls "$PEER_URL" --learner
	act existing
	etcd_start existing "$(etcd_insist member list | awk -F', ' -v me="$NAME" -v url="$PEER_URL" '{printf "%s%s=%s", sep, $4 == url ? me : $3 == "" ? $1 : $3, $4; sep = ","}')"
}

# etcd_insist ARGUMENT... is etcdctl until etcd does it: it refuses without quorum, and to add a member while another one
# is a learner or does not answer.
etcd_insist() {
	# A try that is cut off may have printed its answer already: only the last one counts.
	local answer
	until answer=$(etcdctl "$@" 2>"$run/etcdctl.error"); do
		# The answer to a try before may have been lost.
		! grep -qE 'URLs already exists|member not found' "$run/etcdctl.error" || return 0
		waiting "etcd refuses $1 $2: $(last_line "$run/etcdctl.error")" etcd
		[ "$2" != add ] || etcd_bury
		sleep 1
	done
	echo "$answer"
}

# etcd_bury removes members that keep others out: the document does not name them, and they have not answered for five
# minutes, in which they could have booted. Those that it names are waited for.
etcd_bury() {
	local id name url host since
	while read -r id url name; do
		[[ $url != "$PEER_URL" && $url =~ ^https://([^,]*):2380$ ]] || continue
		host=${BASH_REMATCH[1]} since=$run/since/$id
		if etcd_get "$host" >/dev/null 2>&1; then
			rm -f "$since"
			continue
		fi
		: >>"$since"
		if [[ $PEERS == *" $host "* ]]; then
			waiting "$name, a member of etcd, does not answer" "$name"
		elif [ "$(find "$since" -mmin +5)" ]; then
			act remove "member=$id name=$name url=$url"
			etcdctl member remove "$id" || true
		else
			waiting "$url, a member of etcd but not in this document, does not answer; it is removed after five minutes" "$url"
		fi
	done < <(etcdctl member list | awk -F', ' '{print $1, $4, $3}')
}

# The ID of the member whose only peer URL is this machine's.
etcd_own_member() {
	awk -F', ' -v url="$PEER_URL" '$4 == url {print $1}'
}

# etcdctl asks the peers' etcd with the program of the etcd image, since machines need not have one.
etcdctl() {
	local image
	[ -s "$run/etcd-image" ] || kubeadm config images list --config "$etc/kubeadm/init.yaml" | grep /etcd: >"$run/etcd-image"
	read -r image <"$run/etcd-image"
	timeout 60 ctr -n k8s.io run --rm --net-host --mount "type=bind,src=$pki,dst=$pki,options=rbind:ro" "$image" kindling-etcdctl-$BASHPID \
		etcdctl --cacert "$pki/ca.crt" --cert "$pki/peer.crt" --key "$pki/peer.key" --endpoints "$(etcd_endpoints)" "$@" </dev/null
}

etcd_endpoints() {
	awk -v me="$NAME" '$1 != me {printf "%shttps://%s:2379", sep, $2; sep = ","}' <<<"$PEERS"
}
