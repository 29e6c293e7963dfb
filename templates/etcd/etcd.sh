# shellcheck shell=bash
# etcd without a special first member. A machine with data resumes. One without asks every peer and then joins a cluster
# that has formed, or forms a new one together with machines that are as blank as itself, or waits.
pki=/etc/kubernetes/pki/etcd
manifest=/etc/kubernetes/manifests/etcd.yaml
fence=$state/etcd-fence

step_etcd() {
	mkdir -p "$run/peers" "$run/since"
	if ! etcd_has_data && [ -e "$manifest" ]; then
		# It would start etcd as on its first day.
		mv "$manifest" "$state/etcd.yaml.without-data"
		systemctl restart kubelet.service
	fi
	# The guard may have been here before.
	[ ! -e "$state/etcd.yaml.without-data" ] || act disarm
	rm -f "$state/etcd.yaml.without-data"
	if ! etcd_has_data; then
		etcd_decide
	else
		act resume
		[ -s "$manifest" ] || etcd_start existing "$(etcd_founders)"
	fi
	etcd_settle
}

# act says what is done about etcd in words that a program can read: the tests hold every boot against the rule.
act() {
	say "act at=$EPOCHREALTIME $*"
}

# Only a write-ahead log is data: a new file system has lost+found, and a snapshot alone is nobody's vote.
etcd_has_data() {
	compgen -G "$ETCD_DATA_DIR/member/wal/*.wal" >/dev/null
}

etcd_decide() {
	local before='' answers ready evidence='' limit answer=blank
	# Nobody may count on such a machine for a new cluster.
	[ ! -e "$fence" ] && [ "$ETCD_INITIAL_CLUSTER_STATE" = new ] || answer=fenced
	optional etcd_unique
	etcd_answer $answer
	etcd_respond
	while :; do
		etcd_round
		if [[ $answers =~ (^|$'\n')([^ ]+)' established ' ]]; then
			act fence "by=${BASH_REMATCH[2]}"
			: >"$fence"
			etcd_answer fenced
			etcd_join
			return
		elif [ $answer = fenced ]; then
			etcd_wait "no peer serves the cluster that this machine must join"
		elif [ "$evidence" ]; then
			# A machine that is still undecided must see this one once more.
			tick
			if [[ $answers != *' blank '* ]] || [ "$up" -ge "$limit" ]; then
				etcd_alone
				act new "$evidence"
				etcd_start new "$(etcd_founders)"
				return
			fi
		else
			etcd_count
			if [ "$ready" -ge "$ETCD_BOOTSTRAP_EXPECT" ]; then
				evidence="first=$(etcd_evidence "$before") second=$(etcd_evidence "$answers") expect=$ETCD_BOOTSTRAP_EXPECT"
				tick
				limit=$((up + 5))
				etcd_answer starting
				continue
			fi
			etcd_wait "$ready of $ETCD_BOOTSTRAP_EXPECT machines are ready to form etcd"
		fi
		before=$answers
		sleep 0.5
	done
}

# etcd_count sets ready to the number of machines, this one included, that were without data in two rounds in
# a row and, within one boot, only moved forward. So there was a moment between the rounds at which none of them held a write.
etcd_count() {
	local name answer boot stage last
	# No subscript may be empty.
	local -A stages=([-blank]=1 [-starting]=2 [-forming]=3) was=()
	while read -r name answer boot; do
		was[-$name]="${stages[-$answer]:-9} $boot"
	done <<<"$before"
	ready=1
	while read -r name answer boot; do
		stage=${stages[-$answer]:-0} last=${was[-$name]:-9}
		# An etcd that runs names no boot.
		[[ $stage -lt ${last%% *} || $stage != 3 && ${last#* } != "$boot" ]] || ready=$((ready + 1))
	done <<<"$answers"
}

etcd_evidence() {
	awk 'NF {printf "%s%s:%s:%.8s", sep, $1, $2, $3; sep = ","}' <<<"$1"
}

# etcd_wait TEXT names the machines whose answer does not help.
etcd_wait() {
	local name answer detail since text='' whom=()
	while read -r name answer detail; do
		case $answer in
		'') ;; # there are no peers
		blank | starting | forming) [ ! -e "$run/since/$name" ] || rm "$run/since/$name" ;;
		*)
			[ -s "$run/since/$name" ] || printf '%(%T)T\n' -1 >"$run/since/$name"
			read -r since <"$run/since/$name"
			whom+=("$name")
			text+="; $name $answer since $since${detail:+ ($detail)}"
			;;
		esac
	done <<<"$answers"
	waiting "$1$text" "${whom[@]:-$1}"
}

etcd_founders() {
	awk '{printf "%s%s=https://%s:2380", sep, $1, $2; sep = ","}' <<<"$PEERS"
}

# etcd_start STATE INITIAL-CLUSTER writes the manifest. The last flag of a name wins, so that these beat kubeadm's own
# without a trace in the cluster's kubeadm-config.
etcd_start() {
	local tries=0
	etcd_silent
	# kubelet would try an etcd that finds its port taken again much later. The responder needs a moment to go.
	while (: <"/dev/tcp/$ADDRESS/2380") 2>/dev/null; do
		[ $((tries += 1)) -lt 20 ] || waiting "port 2380 is taken here"
		sleep 0.1
	done
	printf -- '- {op: add, path: /spec/containers/0/command/-, value: "--initial-cluster%s"}\n' "=$2" "-state=$1" "-token=$ETCD_TOKEN" \
		>"$etc/patches/etcd9kindling+json.yaml"
	: >"$run/waiting"
	kubeadm init phase etcd local --config "$etc/kubeadm/init.yaml"
}

# etcd_settle waits until this member votes in a cluster that has quorum; from then on no document starts it anew.
etcd_settle() {
	local id error answers own ready
	while :; do
		ready=
		! error=$(curl -sS -f --max-time 5 -o /dev/null "http://$LOOPBACK:2381/readyz" 2>&1) || ready=1
		# A learner may call itself ready: in some releases always, in others until it has read that it is one. So it is asked
		# after readyz, whose read has come through etcd's log.
		own=$(etcd_get "$URL_HOST" 2>/dev/null | etcd_members | grep -F "\"$PEER_URL\"") || own=
		if [[ $own = *'"isLearner":true'* ]]; then
			if id=$(etcd_member list | etcd_own_member) && etcd_member promote "\"ID\":\"$id\""; then
				act promote "member=$id"
			else
				waiting "this learner has not caught up with etcd yet" "$NAME"
			fi
		elif [ "$ready" ] && [ "$own" ]; then
			break
		else
			waiting "etcd has no quorum yet (${error#curl: })$(etcd_trouble)" etcd
		fi
		sleep 1
	done
	# No write may come before the cluster is on every founder's disk: one that is wiped while it forms has voted already and
	# does not know it. Keys on this disk prove that the cluster has been everywhere.
	until curl -sS -f --max-time 5 "http://$LOOPBACK:2381/metrics" | grep '^etcd_debugging_mvcc_keys_total [1-9]' >/dev/null || etcd_everywhere; do
		waiting "etcd has formed, but not everywhere yet: $(grep -v -e ' established ' -e '^$' <<<"$answers" | paste -sd ';')" founders
		sleep 0.5
	done
	act member
	: >"$fence"
	sync "$fence" "$state"
}

# etcd_everywhere asks whether the founders beside this machine serve the formed cluster.
etcd_everywhere() {
	etcd_round
	[ "$(grep -c ' established ' <<<"$answers")" -ge $((ETCD_BOOTSTRAP_EXPECT - 1)) ]
}

# etcd_trouble says what keeps etcd from running here, as far as it shows from outside: its newest log ends with it.
etcd_trouble() {
	local log
	systemctl is-active -q kubelet || printf '; kubelet does not run'
	# shellcheck disable=SC2012 # kubelet's names have no blanks
	log=$(ls -t /var/log/pods/kube-system_etcd-*/etcd/*.log 2>/dev/null | head -n 1) || true
	tail -n 60 "${log:-/dev/null}" | grep -E '"level":"(fatal|panic)"|permanently removed' | tail -n 1 |
		sed 's/.*"msg":/; etcd: /; s/,"stacktrace.*//; s/["{}]//g' || true
}
