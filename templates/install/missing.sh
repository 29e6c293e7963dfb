# shellcheck shell=bash
# install_missing has the operating system's package manager bring the packages of PACKAGES, and the programs that a stock image lacks:
# PACKAGE_OF has a word for each that may be missing, PROGRAM=PACKAGE. Where nothing is missing, it needs no network.
install_missing() {
	local word missing=() pinned=()
	mkdir -p "$run/install"
	for word in ${PACKAGES-}; do
		has_package "$word" || missing+=("$word")
		[[ $word != *=* ]] || pinned+=("${word%%=*}")
	done
	# Kubernetes' own are in a repository that the operating system does not know.
	[ ${#missing[@]} = 0 ] || add_repository
	for word in $PACKAGE_OF; do
		[[ " $PROGRAMS " != *" ${word%=*} "* ]] || command -v "${word%=*}" >/dev/null || missing+=("${word#*=}")
	done
	if [ ${#missing[@]} != 0 ]; then
		say "installs ${missing[*]}"
		install_packages "${missing[@]}"
	fi
	# Each time: the power may have gone between the two.
	[ ${#pinned[@]} = 0 ] || hold_packages "${pinned[@]}"
}
