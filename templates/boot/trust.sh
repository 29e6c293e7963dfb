# shellcheck shell=bash
# The certificates of trustedCAFile are where TRUST, the operating system's own program, looks for them. containerd may run already, and
# reads once what it trusts.
step_trust() {
	command -v "$TRUST" >/dev/null || fail "this image lacks $TRUST, which is in its package ca-certificates"
	(umask 022 && "$TRUST")
	! systemctl -q is-active containerd.service || systemctl restart containerd.service
}
