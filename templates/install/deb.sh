# shellcheck shell=bash
# add_repository makes apt know Kubernetes' own repository.
add_repository() {
	local file=/etc/apt/keyrings/kindling.asc list=/etc/apt/sources.list.d/kindling.sources key
	key=$(fetch_key "${REPOSITORY}Release.key" "$REPOSITORY_KEY")
	(umask 022 && mkdir -p "${file%/*}" "${list%/*}")
	keep "$file" <<<"$key"
	printf '%s\n' "Types: deb" "URIs: $REPOSITORY" "Suites: /" "Signed-By: $file" | keep "$list"
	chmod 0644 "$file" "$list"
}

# has_package NAME[=VERSION]: a machine with a new document asks no repository for what it has.
has_package() {
	[[ "$(dpkg-query -W -f '${db:Status-Status} ${Version}' "${1%%=*}" 2>/dev/null)" == "installed "* ]] || return 1
	[[ $1 != *=* || "$(dpkg-query -W -f '${Version}' "${1%%=*}")" == "${1#*=}" ]]
}
