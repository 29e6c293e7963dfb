# shellcheck shell=bash
# cloud-init writes files when what reads them has begun already: it reads them again. What it does not take it would not take at a
# boot either, and the boot goes on.
step_settings() {
	local reader
	systemctl daemon-reload
	while read -r reader; do
		# shellcheck disable=SC2086
		$reader </dev/null || say "$reader failed: $(journalctl -q -o cat -n 1 "_SYSTEMD_UNIT=${reader##* }")"
	done <<<"$READERS"
}
