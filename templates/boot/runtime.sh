# shellcheck shell=bash
# The programs must be there, kubeadm of the version that the document was made for, and containerd must answer. kubeadm itself
# checks that kubelet goes with it.
step_runtime() {
	local program missing='' version config
	for program in $PROGRAMS; do
		command -v "$program" >/dev/null || missing+=" $program"
	done
	[ -z "$missing" ] || fail "this image lacks$missing"
	version=$(kubeadm version -o short)
	[ "$version" = "$KUBERNETES_VERSION" ] ||
		fail "kubeadm here is $version; this document is for $KUBERNETES_VERSION: install that, or set kubernetesVersion and generate again"
	systemctl enable kubelet containerd
	systemctl start containerd || fail "containerd does not start: $(journalctl -o cat -n 1 _SYSTEMD_UNIT=containerd.service)"
	ctr --timeout 10s version
	config=$(containerd config dump)
	[[ $config = *'SystemdCgroup = true'* && $config != *'plugins = ['?cri* ]] ||
		fail "containerd needs CRI and SystemdCgroup = true: see its config.toml"
}
