# shellcheck shell=bash
# A clock that is wrong makes certificates that nobody accepts. A time source gets 90 s; the certificates' first second is
# waited for however long it takes.
step_clock() {
	local began now time_services='systemd-timesyncd chronyd chrony'
	tick
	began=$up
	# It started before this document was on the machine; an image has one of the three.
	# shellcheck disable=SC2086
	[ -z "$TIME_SERVERS" ] || systemctl try-restart $time_services || true
	# shellcheck disable=SC2086
	while [[ $'\n'$(systemctl is-active $time_services) = *$'\n'activ* ]] && [ "$(timedatectl show -p NTPSynchronized --value)" != yes ]; do
		tick
		if [ $((up - began)) -ge 90 ]; then
			say "no time source answered within 90 s; going on without"
			break
		fi
		waiting "no time source answered yet" "${TIME_SERVERS:-NTP}"
		sleep 2
	done
	while now=$(date +%s) && [ "$now" -lt "$NOT_BEFORE" ]; do
		waiting "the certificates begin at $(utc "$NOT_BEFORE") by the clock here" clock
		sleep 2
	done
	: >"$run/waiting"
	# A worker that has joined has newer ones from the cluster.
	[ "$now" -lt "$NOT_AFTER" ] || [[ $ROLE = worker && -s /var/lib/kubelet/pki/kubelet-client-current.pem ]] ||
		fail "the document's certificates expired at $(utc "$NOT_AFTER"), and it is $(utc "$now") here: run kindling pki renew, and generate again"
}

utc() {
	date -u -d "@$1" +%FT%TZ
}
