# shellcheck shell=bash
# A pool's document is for any machine. Its Node is called as the machine is when it first comes here, and keeps that name.
NAME=$(cat "$state/name" 2>/dev/null || uname -n)
NAME=${NAME,,}

step_right_machine() {
	[ ! -s "$state/name" ] || return 0
	until [[ $NAME =~ ^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$ && $NAME != localhost* ]]; do
		waiting "this machine has no host name yet, by which its Node is to be called" "host name"
		sleep 1
		NAME=$(uname -n)
		NAME=${NAME,,}
	done
	echo "$NAME" >"$state/name"
}
