# shellcheck shell=bash
# The API server, controller manager and scheduler of this machine.
step_control_plane() {
	init_phases control-plane wait-control-plane
}
