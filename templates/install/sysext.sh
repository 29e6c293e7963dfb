# shellcheck shell=bash
# The programs of Kubernetes in a system extension, which systemd lays over the operating system's /usr now and at each boot.
step_install() {
	install_downloads
	systemctl enable systemd-sysext.service
	systemd-sysext refresh
	containerd_config
	systemctl daemon-reload
	# containerd runs already, as the operating system configures it.
	systemctl try-restart containerd.service kubelet.service
}
