#!/bin/bash
# Installs the Debian packages that the tests with real programs need, if they are missing.
#
#   install.sh          what the fast checks and the linters need
#   install.sh rig      what whole machines need as well
set -euo pipefail

packages=(
	gcc libc6-dev make  # go test -race
	ignition            # the program under /usr/lib/dracut
	iproute2 mmdebstrap # throw-away root directories
	curl openssl socat  # as on the machines
	age dnsmasq-base jq # in the docs
	fish zsh            # completion; bash is there
	man-db mandoc       # the manual; man-db has groff
	openssh-client      # keys to seal to
	strace              # what is written to the disk
	zip                 # make dist
	shellcheck shfmt    # lint
)
rig_packages=(
	acct                   # which programs a machine runs
	createrepo-c rpm gnupg # repositories for dnf and zypper
	haproxy                # the load balancer outside the cluster
	ipxe-qemu              # a card with iPXE in its ROM
	nftables               # addresses where nothing answers
	qemu-system-x86        # a machine that boots over the network
	squashfs-tools         # system extensions
	systemd-container      # the machines
	xfsprogs               # disks that lose what is not synced
)

main() {
	[ "${1:-}" != rig ] || packages+=("${rig_packages[@]}")
	local missing
	mapfile -t missing < <(missing_packages "${packages[@]}")
	[ "${#missing[@]}" -gt 0 ] || return 0
	if [ "$(id -u)" != 0 ]; then
		echo "e2e/install.sh: run me as root, or install: ${missing[*]}" >&2
		return 1
	fi
	export DEBIAN_FRONTEND=noninteractive
	retry apt-get update -qq
	retry apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

missing_packages() {
	local package
	for package in "$@"; do
		dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || echo "$package"
	done
}

# A mirror can have a bad minute: three attempts, with a pause between them.
retry() {
	local try
	for try in 1 2 3; do
		timeout 600 "$@" && return
		echo "attempt $try failed: $*" >&2
		sleep $((try * 10))
	done
	return 1
}

main "$@"
