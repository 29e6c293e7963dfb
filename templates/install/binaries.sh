# shellcheck shell=bash
# The programs of Kubernetes, containerd and runc from their publishers or mirrors, and what the operating system has itself.
step_install() {
	optional install_missing
	install_downloads
	containerd_config
	# They may have been there in other releases.
	systemctl daemon-reload
	systemctl try-restart containerd.service kubelet.service
}
