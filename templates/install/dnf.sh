# shellcheck shell=bash
# install_packages NAME... installs packages of Red Hat's family. dnf itself waits for its lock.
install_packages() {
	local log=$run/install/dnf
	mkdir -p "$run/install"
	(
		umask 022
		exec dnf -y -q --setopt=install_weak_deps=False --setopt=retries=2 --setopt=timeout=30 ${PROXY:+--setopt=proxy="$PROXY"} \
			--allowerasing install "$@"
	) >"$log" 2>&1 || fail "dnf: $(last_line "$log")"
}
