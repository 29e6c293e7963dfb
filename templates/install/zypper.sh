# shellcheck shell=bash
REPOSITORIES=/etc/zypp/repos.d

# install_packages NAME[=VERSION]... installs packages of openSUSE, and locks those that have a version.
install_packages() {
	local log=$run/install/zypper name locked=()
	[ -w /usr ] || fail "the image lacks $*, and nothing can be installed below a read-only /usr: use an image that has them"
	for name in "$@"; do
		[[ $name != *=* ]] || locked+=("${name%%=*}")
	done
	[ ${#locked[@]} = 0 ] || zypper -nq removelock "${locked[@]}" >/dev/null
	(
		umask 022
		[ ! "$PROXY" ] || export http_proxy=$PROXY https_proxy=$PROXY
		exec zypper -n install --no-recommends --oldpackage --allow-vendor-change "$@"
	) >"$log" 2>&1 || fail "zypper: $(last_line "$log")"
	[ ${#locked[@]} = 0 ] || zypper -nq addlock "${locked[@]}"
}
