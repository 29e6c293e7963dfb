# shellcheck shell=bash
# A clock that is wrong makes certificates that nobody accepts. A time source gets 90 s; the certificates' first second is
# waited for however long it takes.
step_clock() {
	local limit=90 now time_services='systemd-timesyncd chronyd chrony'
	# It started before this document was on the machine; an image has one of the three.
	# shellcheck disable=SC2086
	[ -z "$TIME_SERVERS" ] || systemctl try-restart $time_services || true
	# shellcheck disable=SC2086
	while systemctl is-active -q $time_services && [ "$(timedatectl show -p NTPSynchronized --value)" != yes ]; do
		if [ "$SECONDS" -ge "$limit" ]; then
			say "no time source answered within $limit s; going on with the machine's own clock"
			break
		fi
		waiting "no time source has answered yet" "${TIME_SERVERS:-NTP}"
		sleep 2
	done
	while now=$(date +%s) && [ "$now" -lt "$NOT_BEFORE" ]; do
		waiting "the certificates are not valid before $(utc "$NOT_BEFORE"), in $(((NOT_BEFORE - now) / 60 + 1)) min by this machine's clock" clock
		sleep 2
	done
	: >"$run/waiting"
	# A worker that has joined has newer ones from the cluster.
	[ "$now" -lt "$NOT_AFTER" ] || [ -e "$state/join.done" ] ||
		fail "this machine's clock says $(utc "$now"), and the document's certificates expired at $(utc "$NOT_AFTER"): run kindling pki renew, and generate it again"
}

utc() {
	date -u -d "@$1" +%FT%TZ
}
