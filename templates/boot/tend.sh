# shellcheck shell=bash
# tend is what a machine that has to look after certificates does from its last boot step on.
tend() {
	optional approve || true &
	while :; do
		optional renew
		optional warn
		sleep $((RENEW_AFTER / 100 + RANDOM % 60))
	done
}
