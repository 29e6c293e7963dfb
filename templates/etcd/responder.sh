# shellcheck shell=bash
# What this machine says about itself on etcd's peer port for as long as etcd does not run on it.

# etcd_answer STATE is what the responder answers from now on.
etcd_answer() {
	local boot
	boot=$(</proc/sys/kernel/random/boot_id)
	act "$1" "boot=${boot:0:8}"
	echo "$1 $ETCD_TOKEN $NAME $boot" >"$run/answer.new"
	mv "$run/answer.new" "$run/answer"
}

# Each answer is a bash of its own, which reads just this one function.
etcd_respond() {
	{
		echo "set -eu; run=$run"
		declare -f etcd_reply
		echo etcd_reply
	} >"$run/reply"
	etcd_listen </dev/null >/dev/null 2>&1 3>&- &
	responder=$!
	trap etcd_silent EXIT
}

# A client that never speaks would hold a child of socat for ever, so each socat and its children, which are a process group
# of timeout's, live for half a minute. So does what a killed try has left.
etcd_listen() {
	local family=4
	[[ $ADDRESS != *:* ]] || family=6
	# Asked to end, timeout may just have forked, and its socat would keep the port for ever. Killed, it forks no more, and its group is
	# all that there is.
	trap 'kill -KILL $! -$!; exit' TERM
	while kill -0 $$; do
		timeout 30 socat -T 5 \
			"OPENSSL-LISTEN:2380,pf=ip$family,bind=$URL_HOST,reuseaddr,fork,max-children=64,cafile=$pki/ca.crt,cert=$pki/peer.crt,key=$pki/peer.key,verify=1" \
			"EXEC:bash $run/reply" &
		wait $! || [ $? = 124 ] || sleep 0.5
	done
}

# etcd_reply is one HTTP answer to the request on stdin (RFC 9112). Where etcd would list its members, it says what this
# machine is; everything else is not found.
etcd_reply() {
	local method path line code='404 Not Found' body=
	read -r -t 5 method path line
	while read -r -t 5 line && [ "${line%$'\r'}" ]; do :; done
	[ "$method $path" != 'GET /members' ] || code='200 OK' body=$(<"$run/answer")
	printf 'HTTP/1.1 %s\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s\n' "$code" $((${#body} + 1)) "$body"
}

etcd_silent() {
	[ "${responder:-}" ] || return 0
	kill "$responder" 2>/dev/null || true
	responder=
}

# etcd_alone waits until it is this step that answers on etcd's port, and not an etcd of before that still runs.
etcd_alone() {
	local answer
	until answer=$(etcd_get "$URL_HOST" 2>&1) && [ "$answer" = "$(<"$run/answer")" ]; do
		waiting "port 2380 is taken here: ${answer:0:150}" "port 2380"
		sleep 1
	done
}
