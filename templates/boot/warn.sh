# shellcheck shell=bash
# warn says early that certificates end which this machine cannot renew: the document brought them.
warn() {
	local early=$((60 * 86400))
	[ "$RENEW_AFTER" -gt $early ] || early=$RENEW_AFTER
	[ "$(date +%s)" -ge $((NOT_AFTER - early)) ] || return 0
	STEP=certs
	echo "the document's certificates expire at $(utc "$NOT_AFTER"): run kindling pki renew, and boot this machine with its new document" >"$run/error"
	status "done"
	say "$(<"$run/error")"
	optional warn_cluster
}
