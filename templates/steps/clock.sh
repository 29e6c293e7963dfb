# shellcheck shell=bash
# A clock that is wrong makes certificates that nobody accepts. A time source gets 90 s; the certificates' first second is
# waited for however long it takes.
step_clock() {
	local limit=90 now
	# It started before this document was on the machine; an image has one of the three.
	[ -z "$TIME_SERVERS" ] || systemctl try-restart systemd-timesyncd.service chronyd.service chrony.service || true
	while time_service && [ "$(timedatectl show -p NTPSynchronized --value)" != yes ]; do
		if [ "$SECONDS" -ge "$limit" ]; then
			say "no time source answered within $limit s; going on with the machine's own clock"
			break
		fi
		waiting "no time source has answered yet" "${TIME_SERVERS:-NTP}"
		sleep 2
	done
	while now=$(date +%s) && [ "$now" -lt "$NOT_BEFORE" ]; do
		waiting "it is $(utc "$now") here, and the certificates begin at $(utc "$NOT_BEFORE")" clock
		sleep 2
	done
	: >"$run/waiting"
	[ "$now" -lt "$NOT_AFTER" ] ||
		fail "it is $(utc "$now") here, and the document's certificates ended at $(utc "$NOT_AFTER"): generate it again"
}

time_service() {
	systemctl is-active -q systemd-timesyncd.service || systemctl is-active -q chronyd.service || systemctl is-active -q chrony.service
}

utc() {
	date -u -d "@$1" +%FT%TZ
}
