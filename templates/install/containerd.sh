# shellcheck shell=bash
# containerd_config writes containerd's configuration, whole: with the sandbox image that kubeadm names. It is of version 2, which
# containerd reads since 1.3.
containerd_config() {
	local image
	image=$(kubeadm config images list --kubernetes-version "$KUBERNETES_VERSION" --image-repository "$IMAGE_REPOSITORY" | grep /pause:)
	mkdir -p /etc/containerd
	sed "s|@PAUSE@|$image|" "$etc/containerd.toml" | keep /etc/containerd/config.toml
}
