# shellcheck shell=bash
# install_missing has the operating system's packages bring the programs that a stock image lacks, and those that PACKAGES names.
# PACKAGE_OF has a word for each program that may be missing, PROGRAM=PACKAGE. Where nothing is missing, it needs no network.
install_missing() {
	local word packages
	read -ra packages <<<"${PACKAGES-}"
	for word in $PACKAGE_OF; do
		[[ " $PROGRAMS " != *" ${word%=*} "* ]] || command -v "${word%=*}" >/dev/null || packages+=("${word#*=}")
	done
	[ ${#packages[@]} != 0 ] || return 0
	say "installs ${packages[*]}"
	install_packages "${packages[@]}"
}
