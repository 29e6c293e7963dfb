# shellcheck shell=bash
# install_missing has the operating system's package manager bring the packages of PACKAGES, and the programs that a stock image lacks:
# PACKAGE_OF has a word for each that may be missing, PROGRAM=PACKAGE. Where nothing is missing, it needs no network.
install_missing() {
	local word missing=()
	mkdir -p "$run/install"
	for word in ${PACKAGES-}; do
		has_package "$word" || missing+=("$word")
	done
	# Kubernetes' own are in a repository that the operating system does not know.
	[ ${#missing[@]} = 0 ] || add_repository
	for word in $PACKAGE_OF; do
		[[ " $PROGRAMS " != *" ${word%=*} "* ]] || command -v "${word%=*}" >/dev/null || missing+=("${word#*=}")
	done
	[ ${#missing[@]} != 0 ] || return 0
	say "installs ${missing[*]}"
	install_packages "${missing[@]}"
}
