# shellcheck shell=bash
REPOSITORIES=/etc/yum.repos.d

# install_packages NAME[=VERSION]... installs packages of Red Hat's family. What holds a lock is named by dnf itself, and the next try
# comes later.
install_packages() {
	local log=$run/install/dnf
	(
		umask 022
		exec dnf -y --setopt=install_weak_deps=False --setopt=retries=2 --setopt=timeout=30 --setopt=exit_on_lock=True \
			--setopt=disable_excludes=kindling ${PROXY:+--setopt=proxy="$PROXY"} --allowerasing install "${@/=/-}"
	) >"$log" 2>&1 || fail "dnf: $(dnf_cause "$log")"
}

# hold_packages has nothing to do: add_repository excludes these from all that is not this script.
hold_packages() {
	true
}

# dnf_cause LOG: what went wrong first says more than that a package is not there.
dnf_cause() {
	grep -m 1 -oE '(Status code|Curl error).*|.*([Ss]ignature|[Cc]hecksum|[Ss]pace on|locked).*' "$1" || last_line "$1" | sed "s/^ *//"
}
