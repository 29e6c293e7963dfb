# shellcheck shell=bash
# cause is the last error of the last minute in containerd's and kubelet's journals: many symptoms have theirs there.
cause() {
	local unit line
	for unit in containerd kubelet; do
		line=$(journalctl -q -o cat -S -1min -u $unit | grep -aE '^[EF][0-9]|level=(error|fatal)|^Error' | tail -n 1 |
			sed 's/^[EF][0-9][^]]*] //' | tr -cd '\040-\176' | cut -c1-250) || true
		[ -z "$line" ] || printf '; %s: %s' $unit "$line"
	done
}
