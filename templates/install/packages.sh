# shellcheck shell=bash
# The packages of Kubernetes' community in the versions that kindling.lock pins, and what the operating system has itself.
step_install() {
	install_missing
	optional install_downloads
	containerd_config
	# It runs already, as the operating system configures it.
	systemctl daemon-reload
	systemctl try-restart containerd.service kubelet.service
}
