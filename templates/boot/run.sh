# shellcheck shell=bash
# The frame of run.sh. Every step is a function step_NAME, tried again until it returns 0. Each try is a process of its own,
# so it can be bounded in time and cut off at any point. The end of run.sh says which steps this machine has (STEPS), which of
# them run at every boot (EVERY_BOOT), and how many seconds a try may take (LIMIT, and LIMITS where it is another number).
set -euo pipefail
umask 077
# Nothing goes through a proxy but the download of manifests.
export PATH=$PATH:/opt/bin LC_ALL=C TZ=UTC0 PROXY=${PROXY-${https_proxy-${HTTPS_PROXY-}}}
unset {http,https,all}_proxy {HTTP,HTTPS,ALL}_PROXY
etc=/etc/kindling
state=/var/lib/kindling
run=/run/kindling
said='' said_at=0 waits_for=''
# shellcheck source=/dev/null
. "$etc/node.env"
document=${NAME:-a pool}

# Without arguments all steps run; `step NAME` is one try of one step; `begin` comes before, and before kubelet.
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
	local step began
	tick
	began=$up
	install -dm 0755 "$run"
	: >"$run/error"
	exec 3>&1
	STEP=boot
	say "documents $SET of cluster $CLUSTER"
	# Every step leaves a stamp and is done once, except for those that look at the machine as it is now.
	for step in $EVERY_BOOT; do
		rm -f "$state/$step.done"
	done
	for step in $STEPS; do
		[ -s "$state/$step.done" ] || run_step "$step"
	done
	status "done"
	tick
	say "$NAME is a $ROLE of cluster $CLUSTER, ready after $((up - began)) s"
	optional tend
}

run_step() {
	local began pause=1 limit=${LIMITS[$1]:-$LIMIT} code error
	STEP=$1
	say started
	tick
	began=$up
	while :; do
		: >"$run/waiting"
		: >"$run/next"
		status "running"
		code=0
		timeout -k 10 "$limit" bash "$etc/run.sh" step "$1" >"$state/$1.log" 2>&1 || code=$?
		[ "$code" != 0 ] || break
		error=$(last_line "$state/$1.log")
		case $code in
		124 | 125 | 137) # uutils' timeout says 125 where GNU's says 137
			# A step that was cut off while it waited has not failed.
			if [ -s "$run/waiting" ]; then
				sleep 1
				continue
			fi
			error="did not finish within $limit s${error:+: $error}"
			;;
		esac
		error=${error:-exit status $code}
		echo "$error" >"$run/error"
		date -u -d "+$pause seconds" +%FT%TZ >"$run/next"
		status failed
		[ $pause = 1 ] || error+=$(optional cause)
		say "failed: $error; next try in $pause s; full log: $state/$1.log"
		sleep "$pause"
		pause=$((pause < 15 ? pause * 2 : 30))
	done
	tick
	began=$((up - began))
	# What the step has written is on the disk before the stamp that says so. kubelet's state may be on a disk of its own. On a
	# full disk the step runs once more at the next boot.
	sync -f /etc /var/lib/k*
	keep "$state/$1.done" <<<$began || true
	: >"$run/error"
	: >"$run/waiting"
	say "done in $began s"
}

# optional FUNCTION calls a function that not every machine has.
optional() {
	! declare -F "$1" >/dev/null || "$1"
}

# tick sets up to the seconds since power-on, which a change of the clock does not touch.
tick() {
	read -r up _ </proc/uptime
	up=${up%.*}
}

# keep FILE makes a file of its input that is whole or not there, whenever the power goes.
keep() {
	cat >"$1.new" && sync "$1.new" && mv "$1.new" "$1" && sync "${1%/*}"
}

# begin looks at what the disk has from before. Neither stamps nor what a cluster gave count on another machine, which may be a
# clone, or with the document of another node. With a new document of its own it does all steps again. etcd's data are for the
# etcd step to judge.
begin() {
	local now was=
	exec 3>&1
	STEP=boot
	mkdir -p "$state"
	now="$document $(cat /etc/machine-id /sys/class/dmi/id/product_uuid 2>/dev/null || true) "
	[ ! -s "$state/owner" ] || was=$(<"$state/owner")
	if [ "$was" != "$now$SET" ]; then
		rm -f "$state"/*.done
		if [[ $was && $was != "$now"* ]]; then
			say "this disk is from another machine or node, ${was%% *}: only etcd's data stay"
			rm -rf "$state"/{name,preflight,signed} /var/lib/kubelet/pki /etc/kubernetes/manifests/{etcd,kube-*,haproxy}.yaml \
				/etc/kubernetes/{*admin,controller-manager,scheduler,*kubelet,kube-vip}.conf
		fi
		keep "$state/owner" <<<"$now$SET"
	fi
	forget_lost
}

# forget_lost removes files whose content went with the power, and the stamps of the steps that make them. The document's own
# files were on the disk before the first step.
forget_lost() {
	local lost
	lost=$(find /etc/kubernetes/{*.conf,manifests/*.yaml,pki} /var/lib/kubelet/{config.yaml,kubeadm-flags.env,pki} -type f -size 0 \
		! -name '*ca.*' ! -name 'sa.*' 2>/dev/null | sort) || true
	[ "$lost" ] || return 0
	# shellcheck disable=SC2086
	say "empty since a power cut, made again:" $lost
	# shellcheck disable=SC2086
	rm -f $lost "$state"/{*.done,signed}
}

# The last thing that a program said, no longer than a few console lines; in ASCII, since a cut could split a character.
# kubeadm ends with advice, and its preflight does not repeat at the end what it found.
last_line() {
	grep -av -e '^[[:space:]]*$' -e 'To see the stack trace' -e 'If you know what you are doing' -e 'preflight checks failed$' "$1" |
		tail -n 1 | tr -cd '\040-\176' | cut -c1-400 || true
}

# say puts a line on the console and into the journal. systemd's console is the last of the kernel's command line; if there are more, the
# kernel's log brings the line to all. As an error, since a quiet kernel shows nothing less; it refuses lines of over a thousand bytes.
say() {
	local line
	printf -v line 'kindling %s %(%T)T %s: %s' "$NAME" -1 "$STEP" "$*"
	echo "$line" >&3
	[[ ! -c /dev/kmsg || $(</proc/consoles) != *$'\n'* ]] || echo "<3>${line:0:900}" >/dev/kmsg || :
}

# fail ends this try; its text is the step's error.
fail() {
	echo "$*" >&2
	exit 1
}

# waiting TEXT [WHOM...] says what this step waits for: each text at once, and again after a minute, then with what may be the cause.
# Waits repeat it twice a second, so what has been said already costs no process.
waiting() {
	local text=$1 cause=
	# curl's milliseconds would make it a new text each time.
	while [[ $text =~ ' after '[0-9]+' m'[a-z]* ]]; do
		text=${text/"${BASH_REMATCH[0]}"/}
	done
	[ $# = 1 ] || shift
	printf '%s\n' "$@" >"$run/waiting"
	if [ "$waits_for" != "$*" ]; then
		waits_for=$*
		status "waiting"
	fi
	tick
	if [ $((up - said_at)) -ge 60 ]; then
		[ ! "$said" ] || cause=$(optional cause)
		said='' said_at=$up
	fi
	[[ $said != *"<$text>"* ]] || return 0
	said+="<$text>"
	say "waiting: $text$cause"
}

# status writes status.json, for programs.
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
