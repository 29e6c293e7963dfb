# shellcheck shell=bash
# etcd without a special first member. Whoever has data resumes. Whoever has none asks every peer and then joins a cluster
# that has formed, or forms a new one together with machines that are as blank as itself, or waits.
pki=/etc/kubernetes/pki/etcd
manifest=/etc/kubernetes/manifests/etcd.yaml
fence=$state/etcd-fence

step_etcd() {
	if ! etcd_has_data; then
		etcd_remove_manifest
		etcd_decide
	elif [ ! -s "$manifest" ]; then
		etcd_start existing "$(etcd_founders)"
	fi
	etcd_settle
}

# Only a write-ahead log is data: a new file system has lost+found, and a snapshot alone is nobody's vote.
etcd_has_data() {
	compgen -G "$ETCD_DATA_DIR/member/wal/*.wal" >/dev/null
}

# A manifest without data would start etcd as on its first day.
etcd_remove_manifest() {
	[ -e "$manifest" ] || return 0
	mv "$manifest" "$state/etcd.yaml.without-data"
	systemctl restart kubelet.service
}

etcd_decide() {
	local before='' answers ready decided=''
	mkdir -p "$run/peers" "$run/since"
	etcd_answer blank
	# Nobody may count on such a machine for a new cluster.
	[ ! -e "$fence" ] || etcd_answer fenced
	[ "$ETCD_INITIAL_CLUSTER_STATE" = new ] || etcd_answer fenced
	etcd_respond
	while :; do
		answers=$(etcd_round)
		if grep -q ' established ' <<<"$answers"; then
			: >"$fence"
			etcd_answer fenced
			etcd_join
			return
		elif [ -e "$fence" ] || [ "$ETCD_INITIAL_CLUSTER_STATE" = existing ]; then
			etcd_wait "no peer serves the cluster that this machine must join" "$answers"
		elif [ "$decided" ]; then
			# Whoever is still undecided must see this machine once more, for at most 5 s.
			if ! grep -q ' blank ' <<<"$answers" || [ $((SECONDS - decided)) -ge 5 ]; then
				etcd_alone
				etcd_start new "$(etcd_founders)"
				return
			fi
		else
			ready=$(etcd_count "$before" "$answers")
			if [ "$ready" -ge "$ETCD_BOOTSTRAP_EXPECT" ]; then
				decided=$SECONDS
				etcd_answer starting
				continue
			fi
			etcd_wait "$ready of $ETCD_BOOTSTRAP_EXPECT machines are ready to form etcd" "$answers"
		fi
		before=$answers
		sleep 0.5
	done
}

# etcd_count BEFORE ANSWERS: this machine, and those that in two rounds in a row were without data and within one boot went
# no way but on. So there was a moment between the rounds at which none of them held a write.
etcd_count() {
	awk 'BEGIN { at["blank"] = 1; at["starting"] = 2; at["forming"] = 3; n = 1 }
		FNR == NR { was[$1] = at[$2]; boot[$1] = $3; next }
		was[$1] && at[$2] >= was[$1] && (at[$2] == 3 || boot[$1] == $3) { n++ }
		END { print n }' <(echo "$1") <(echo "$2")
}

# etcd_wait TEXT ANSWERS names those whose answer does not help.
etcd_wait() {
	local name answer detail text='' whom=()
	while read -r name answer detail; do
		case $answer in
		'' | blank | starting | forming) rm -f "$run/since/$name" ;;
		*)
			[ -s "$run/since/$name" ] || date -u +%T >"$run/since/$name"
			whom+=("$name")
			text+="; $name $answer since $(<"$run/since/$name")${detail:+ ($detail)}"
			;;
		esac
	done <<<"$2"
	waiting "$1$text" "${whom[@]:-$1}"
}

# etcd_round asks every peer at the same time; a line for each: NAME ANSWER DETAIL, sorted.
etcd_round() {
	local name host rest
	shopt -s nullglob
	rm -f "$run/peers"/*
	while read -r name host rest; do
		[ "$name" = "$NAME" ] || etcd_ask "$name" "$host" >"$run/peers/$name" &
	done <"$etc/peers"
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
			echo "$1 unlike this document: it is $who"
		fi
	else
		answer=silent
		read -r token who < <(grep '^curl: ' "$head.error") || true
		case $who in *'not yet valid'* | *'bad certificate'* | *'certificate expired'*) answer=clock-skew ;; esac
		echo "$1 $answer $who"
	fi
}

etcd_get() {
	curl -sS -f --http1.1 --max-time 4 --cacert "$pki/ca.crt" --cert "$pki/peer.crt" --key "$pki/peer.key" "https://$1:2380$2" "${@:3}"
}

# etcd_members brings etcd's JSON into the form of etcd_expected: a line for each member, sorted.
etcd_members() {
	tr -d '[:space:]' | sed 's/^\[//; s/\]$//; s/},{/}\n{/g' | sort
}

etcd_expected() {
	awk '{printf "{\"id\":%s,\"peerURLs\":[\"%s\"],\"name\":\"%s\"}\n", $4, $3, $1}' "$etc/peers" | sort
}

etcd_founders() {
	awk '{printf "%s%s=%s", sep, $1, $3; sep = ","}' "$etc/peers"
}

# etcd_answer STATE is what the responder tells from now on.
etcd_answer() {
	echo "$1 $ETCD_TOKEN $NAME $(cat /proc/sys/kernel/random/boot_id)" >"$run/answer.new"
	mv "$run/answer.new" "$run/answer"
}

# The responder has etcd's peer port for as long as etcd does not.
etcd_respond() {
	etcd_listen </dev/null >/dev/null 2>&1 3>&- &
	responder=$!
	trap etcd_silent EXIT
}

# A client that never speaks would hold a child of socat for ever, so each socat and its children, which are a process group
# of timeout's, live for half a minute. So does what a killed try has left.
etcd_listen() {
	local family=4 socat=
	[[ $ADDRESS != *:* ]] || family=6
	trap 'kill $socat; exit' TERM
	while kill -0 $$; do
		timeout 30 socat -T 5 \
			"OPENSSL-LISTEN:2380,pf=ip$family,bind=$URL_HOST,reuseaddr,fork,max-children=64,cafile=$pki/ca.crt,cert=$pki/peer.crt,key=$pki/peer.key,verify=1" \
			"EXEC:bash $etc/run.sh etcd_reply" &
		socat=$!
		wait $socat || [ $? = 124 ] || sleep 0.5
	done
}

# etcd_reply is one HTTP answer to the request on stdin (RFC 9112). Everything but /kindling is not found.
etcd_reply() {
	local method path line body
	read -r -t 5 method path line
	while read -r -t 5 line && [ "${line%$'\r'}" ]; do :; done
	if [ "$method $path" = 'GET /kindling' ]; then
		body=$(cat "$run/answer")
		printf 'HTTP/1.1 200 OK\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s\n' $((${#body} + 1)) "$body"
	else
		printf 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
	fi
}

etcd_silent() {
	[ "${responder:-}" ] || return 0
	kill "$responder" 2>/dev/null || true
	responder=
}

# etcd_alone waits until it is this step that answers on etcd's port, and not an etcd of before that still runs.
etcd_alone() {
	local answer
	until answer=$(etcd_get "$URL_HOST" /kindling 2>&1) && [ "$answer" = "$(<"$run/answer")" ]; do
		waiting "something else has port 2380 of this machine: ${answer##*curl: }" "port 2380"
		sleep 1
	done
}

# etcd_start STATE INITIAL-CLUSTER writes the manifest. The last flag of a name wins, so that these beat kubeadm's own
# without a trace in the cluster's kubeadm-config.
etcd_start() {
	etcd_silent
	# kubelet would try an etcd that finds its port taken again much later.
	while (: <"/dev/tcp/$ADDRESS/2380") 2>/dev/null; do sleep 0.1; done
	cat >"$etc/patches/etcd9kindling+json.yaml" <<-END
		- {op: add, path: /spec/containers/0/command/-, value: "--initial-cluster=$2"}
		- {op: add, path: /spec/containers/0/command/-, value: "--initial-cluster-state=$1"}
		- {op: add, path: /spec/containers/0/command/-, value: "--initial-cluster-token=$ETCD_TOKEN"}
	END
	: >"$run/waiting"
	say "starting etcd, initial-cluster-state $1"
	kubeadm init phase etcd local --config "$etc/kubeadm/init.yaml"
}

# etcd_join replaces this machine's lost member, or adds a new one, as a learner: it has no vote before it has the data.
etcd_join() {
	local id
	etcd_alone
	id=$(etcd_insist member list | etcd_own_member)
	[ -z "$id" ] || etcd_insist member remove "$id"
	etcd_insist member add "$NAME" --peer-urls "$PEER_URL" --learner
	etcd_start existing "$(etcd_insist member list | awk -F', ' -v me="$NAME" '{printf "%s%s=%s", sep, $3 == "" ? me : $3, $4; sep = ","}')"
}

# etcd_insist ARGUMENT... is etcdctl until etcd does it: it refuses without quorum, and to add a member while another one
# is a learner or does not answer.
etcd_insist() {
	until etcdctl "$@" 2>"$run/etcdctl.error"; do
		# The answer to a try before may have been lost.
		! grep -q -e 'URLs already exists' -e 'member not found' "$run/etcdctl.error" || return 0
		waiting "the formed etcd refuses $1 $2: $(last_line "$run/etcdctl.error")" etcd
		sleep 1
	done
}

# The ID of the member whose only peer URL is this machine's.
etcd_own_member() {
	awk -F', ' -v url="$PEER_URL" '$4 == url {print $1}'
}

# etcdctl asks the peers' etcd with the program of the etcd image, since machines need not have one.
etcdctl() {
	local image
	image=$(kubeadm config images list --config "$etc/kubeadm/init.yaml" | grep /etcd:)
	timeout 30 ctr -n k8s.io run --rm --net-host --mount "type=bind,src=$pki,dst=/pki,options=rbind:ro" "$image" "kindling-etcdctl-$BASHPID" \
		etcdctl --cacert /pki/ca.crt --cert /pki/peer.crt --key /pki/peer.key --endpoints "$(etcd_endpoints)" "$@"
}

etcd_endpoints() {
	awk -v me="$NAME" '$1 != me {printf "%shttps://%s:2379", sep, $2; sep = ","}' "$etc/peers"
}

# etcd_settle waits until this member votes in a cluster that has quorum; from then on no document starts it anew.
etcd_settle() {
	local id error
	while :; do
		# Some releases' readyz does not mind a learner.
		if etcd_get "$URL_HOST" /members 2>/dev/null | etcd_members | grep -F "\"$PEER_URL\"" | grep -q '"isLearner":true'; then
			if ! id=$(etcdctl member list | etcd_own_member) || ! etcdctl member promote "$id"; then
				waiting "this learner has not caught up with etcd yet" "$NAME"
			fi
		elif error=$(curl -sS -f --max-time 5 -o /dev/null "$ETCD_METRICS/readyz" 2>&1); then
			break
		else
			waiting "etcd has no quorum yet (${error#curl: })" etcd
		fi
		sleep 1
	done
	: >"$fence"
}
