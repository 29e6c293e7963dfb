# shellcheck shell=bash
REPOSITORIES=/etc/zypp/repos.d

# install_packages NAME[=VERSION]... installs packages of openSUSE. What holds zypper's own lock is named by it, and the next try comes
# later.
install_packages() {
	local log=$run/install/zypper word
	[ -w /usr ] || fail "the image lacks $*, and nothing can be installed below a read-only /usr: use an image that has them"
	for word in "$@"; do
		[[ $word != *=* ]] || zypper -nq removelock "${word%%=*}" >/dev/null
	done
	(
		umask 022
		[ ! "$PROXY" ] || export http_proxy=$PROXY https_proxy=$PROXY
		exec zypper -n install --no-recommends --oldpackage --allow-vendor-change "$@"
	) >"$log" 2>&1 || fail "zypper: $(zypper_cause "$log")"
}

# hold_packages NAME... keeps zypper from changing these by itself.
hold_packages() {
	zypper -nq addlock "$@"
}

# zypper_cause LOG: a repository that cannot be read says more than that a package is not there. Its line comes before the reason.
zypper_cause() {
	local cause
	cause=$(awk '/^\[[^ ]*\|/ && !place {place = $0} /^ - / && !why {why = $0} END {print place why}' "$1")
	[ "$cause" ] || cause=$(grep -m 1 -E 'locked by|not found on medium|[Ss]pace on|[Dd]igest|[Ss]ignature' "$1") || cause=$(last_line "$1")
	echo "$cause"
}
