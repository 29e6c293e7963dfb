# shellcheck shell=bash
# Images of Red Hat's family 10 leave a module of the step host to a package, which there is for each kernel. Another kernel than the one that
# runs would need a reboot.
step_modules() {
	! modprobe -qn br_netfilter || return 0
	mkdir -p "$run/install"
	say "installs $EXTRA_MODULES for this kernel"
	install_packages "$EXTRA_MODULES-$(uname -r)"
}
