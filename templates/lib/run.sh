# shellcheck shell=bash
# The frame of run.sh: every step is a function step_NAME, tried again until it returns 0. Each try is a process of its own,
# so that it can be bounded in time and cut off at any point.
set -euo pipefail
umask 077
export PATH=$PATH:/opt/bin LC_ALL=C
etc=/etc/kindling
state=/var/lib/kindling
run=/run/kindling
said='' said_at=0
# shellcheck source=/dev/null
. "$etc/node.env"

# Without arguments every step is done; `step NAME` is one try of one step.
main() {
	case ${1:-} in
	'') run_all ;;
	step)
		{ : >&3; } 2>/dev/null || exec 3>&1
		STEP=$2
		trap 'exit 143' TERM
		"step_${2//-/_}"
		;;
	*) "$@" ;;
	esac
}

run_all() {
	local step
	mkdir -p "$state" "$run"
	chmod 0755 "$run"
	: >"$run/error"
	exec 3>&1
	# Every step leaves a stamp and is done once; but these look at the machine as it is now.
	rm -f "$state"/{right-machine,host,clock,etcd,ready}.done
	for step in $STEPS; do
		STEP=$step
		[ -e "$state/$step.done" ] || run_step "$step"
	done
	status "done"
	say "$NAME is a $ROLE of cluster $CLUSTER, ready after $SECONDS s"
}

run_step() {
	local began=$SECONDS pause=1 limit=300 code error
	[ "$1" != images ] || limit=1800
	say started
	while :; do
		: >"$run/waiting"
		: >"$run/next"
		status running
		code=0
		timeout -k 10 "$limit" bash "$etc/run.sh" step "$1" >"$state/$1.log" 2>&1 || code=$?
		error=$(last_line "$state/$1.log")
		case $code in
		0) break ;;
		124 | 137)
			# Cut off while it waited; a step that ended by itself waits no more.
			if [ -s "$run/waiting" ]; then
				sleep 1
				continue
			fi
			error="no end within $limit s${error:+: $error}"
			;;
		esac
		error=${error:-exit status $code}
		echo "$error" >"$run/error"
		date -u -d "+$pause seconds" +%FT%TZ >"$run/next"
		status failed
		say "failed: $error; next try in $pause s; all of it: $state/$1.log"
		sleep "$pause"
		pause=$((pause < 15 ? pause * 2 : 30))
	done
	began=$((SECONDS - began))
	# On a full disk it is done once more at the next boot.
	echo $began >"$state/$1.done" || true
	: >"$run/error"
	: >"$run/waiting"
	say "done in $began s"
}

# The last thing that a program had to say, no longer than a few console lines; in ASCII, since a cut could halve a letter.
# kubeadm ends with advice, and its preflight does not repeat at the end what it found.
last_line() {
	grep -av -e '^[[:space:]]*$' -e 'To see the stack trace' -e 'If you know what you are doing' -e 'preflight checks failed$' "$1" |
		tail -n 1 | tr -cd '\040-\176' | cut -c1-400 || true
}

# say puts a line on the console and into the journal.
say() {
	echo "kindling $NAME $(date -u +%T) $STEP: $*" >&3
}

# fail ends this try; its text is the step's error.
fail() {
	echo "$*" >&2
	exit 1
}

# waiting TEXT [WHOM...] says what this step waits for: each text at once, and again after a minute.
waiting() {
	local text
	# curl's milliseconds would make a new text of it each time.
	# shellcheck disable=SC2001 # without extglob
	text=$(sed 's/ after [0-9]* m[a-z]*//g' <<<"$1")
	[ $# = 1 ] || shift
	printf '%s\n' "$@" >"$run/waiting"
	status waiting
	[ $((SECONDS - said_at)) -lt 60 ] || said='' said_at=$SECONDS
	[[ $said != *"<$text>"* ]] || return 0
	said+="<$text>"
	say "waiting: $text"
}

# status writes status.json for whoever looks at the machine.
status() {
	local step now seconds steps='' line list=''
	for step in $STEPS; do
		now=pending seconds=0
		[ ! -s "$state/$step.done" ] || now="done" seconds=$(<"$state/$step.done")
		[ "$step" != "$STEP" ] || now=$1
		steps+="${steps:+,}{\"name\":\"$step\",\"state\":\"$now\",\"seconds\":${seconds:-0}}"
	done
	while IFS= read -r line; do list+=${list:+,}$(quote "$line"); done <"$run/waiting"
	cat >"$run/status.json.$$" <<-END
		{"node":"$NAME","role":"$ROLE","state":"$1","step":"$STEP","steps":[$steps],"waitingFor":[$list],"lastError":$(quote "$(<"$run/error")"),"nextTry":"$(<"$run/next")"}
	END
	chmod 0644 "$run/status.json.$$"
	mv "$run/status.json.$$" "$run/status.json"
}

# quote makes a JSON string.
quote() {
	local s=${1//\\/\\\\}
	s=${s//\"/\\\"}
	printf '"%s"' "${s//[^ -~]/ }"
}
