# shellcheck shell=bash
REPOSITORIES=/etc/yum.repos.d

# install_packages NAME[=VERSION]... installs packages of Red Hat's family. dnf itself waits for its lock.
install_packages() {
	local log=$run/install/dnf
	(
		umask 022
		exec dnf -y -q --setopt=install_weak_deps=False --setopt=retries=2 --setopt=timeout=30 --setopt=disable_excludes=kindling \
			${PROXY:+--setopt=proxy="$PROXY"} --allowerasing install "${@/=/-}"
	) >"$log" 2>&1 || fail "dnf: $(last_line "$log")"
}
