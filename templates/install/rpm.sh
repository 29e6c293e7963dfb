# shellcheck shell=bash
# add_repository makes dnf or zypper know Kubernetes' own repository. dnf takes its packages from there only when it is told to.
add_repository() {
	local file=/etc/pki/rpm-gpg/kindling.asc list=$REPOSITORIES/kindling.repo key
	key=$(fetch_key "${REPOSITORY}repodata/repomd.xml.key" "$REPOSITORY_KEY")
	(umask 022 && mkdir -p "${file%/*}" "${list%/*}")
	keep "$file" <<<"$key"
	printf '%s\n' '[kindling]' name=Kubernetes "baseurl=$REPOSITORY" enabled=1 gpgcheck=1 repo_gpgcheck=1 "gpgkey=file://$file" \
		'exclude=kubelet kubeadm kubectl kubernetes-cni cri-tools' | keep "$list"
	chmod 0644 "$file" "$list"
	rpm --import "$file"
}

# has_package NAME[=VERSION]: a machine with a new document asks no repository for what it has.
has_package() {
	local version
	version=$(rpm -q --queryformat '%{VERSION}-%{RELEASE}' "${1%%=*}" 2>/dev/null) || return 1
	[[ $1 != *=* || $version = "${1#*=}" ]]
}
