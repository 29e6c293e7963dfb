# shellcheck shell=bash
# The kubelet goes with swap here, so the step host finds nothing that turns it off.
swapoff() {
	true
}

systemctl() {
	[ "$*" = "mask swap.target" ] || command systemctl "$@"
}
