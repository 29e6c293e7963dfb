# shellcheck shell=bash
# A machine that is no Node needs the operating system's packages only.
step_install() {
	[ ! -e "$etc/keepalived.conf" ] || PROGRAMS+=' keepalived'
	install_missing
}
