# shellcheck shell=bash
# What containerd makes of the files for registries is up to the image's own configuration of it: without config_path, nothing.
step_registries() {
	local dump
	dump=$(containerd config dump)
	[[ $dump =~ config_path\ =\ [\"\'][^\"\']*/etc/containerd/certs\.d ]] ||
		fail "containerd does not read /etc/containerd/certs.d, which has the registries of cluster.yaml: its config.toml needs config_path = '/etc/containerd/certs.d' in the section $(registries_section)"
}

registries_section() {
	if [[ $(containerd --version) =~ \ v?1\. ]]; then
		echo '[plugins."io.containerd.grpc.v1.cri".registry]'
	else
		echo "[plugins.'io.containerd.cri.v1.images'.registry]"
	fi
}
