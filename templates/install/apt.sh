# shellcheck shell=bash
# Debian's packages. What holds apt's or dpkg's lock is named by apt itself, and the next try comes later.

# install_packages NAME[=VERSION]... installs these.
install_packages() {
	local log=$run/install/apt
	# The power may have gone while dpkg was at work.
	apt dpkg --configure -a --force-confold >"$log" 2>&1 || true
	apt apt-get -q update >>"$log" 2>&1 || true
	apt apt-get -qy install --no-install-recommends --allow-downgrades --allow-change-held-packages "$@" >>"$log" 2>&1 || fail "$(apt_cause "$log")"
}

# hold_packages NAME... keeps apt from changing these by itself.
hold_packages() {
	apt-mark -q hold "$@"
}

# apt COMMAND... asks nobody anything, and keeps the configuration that is there.
apt() (
	umask 022
	export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l APT_CONFIG=$run/install/apt.conf
	printf '%s;\n' 'Dpkg::Options:: "--force-confold"' 'Acquire::Retries "2"' "Acquire::http"{,s}'::Timeout "30"' >"$APT_CONFIG"
	[ ! "$PROXY" ] || printf '%s;\n' "Acquire::http"{,s}"::Proxy \"$PROXY\"" >>"$APT_CONFIG"
	exec "$@"
)

# apt_cause LOG: a repository that did not answer, or is signed by another key, says more than the error that follows from it.
apt_cause() {
	local line
	line=$(grep -m 1 -E '^E: .*(lock|space)|GPG error|^[EW]: Failed to fetch' "$1") || line=$(grep '^E: ' "$1" | tail -n 1) || line=$(tail -n 1 "$1")
	echo "apt: ${line#[EW]: }"
}
