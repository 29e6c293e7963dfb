# shellcheck shell=bash
# The packages of Kubernetes' community in the versions that kindling.lock pins, and what the operating system has itself.
step_install() {
	mkdir -p "$run/install"
	add_repository
	install_missing
	containerd_config
	# It runs already, as the operating system configures it.
	systemctl daemon-reload
	systemctl try-restart containerd.service kubelet.service
}
