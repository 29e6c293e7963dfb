# shellcheck shell=bash
# A disk of etcd's directory that is not mounted yet is not an empty one, however late it comes.
step_etcd_disk() {
	local disk
	while disk=$(etcd_disk_missing) && [ "$disk" ]; do
		waiting "etcd's disk is not there yet: $disk" "$disk"
		# systemd gave up after 90 s.
		systemctl --no-block start "$disk" || true
		sleep 2
	done
}

# etcd_disk_missing prints the unit of a mount that is to be on the way to etcd's directory and is not.
etcd_disk_missing() {
	local path=$ETCD_DATA_DIR unit
	while [ "$path" ]; do
		unit=$(systemd-escape -p --suffix=mount "$path")
		case $(systemctl show -p LoadState -p ActiveState "$unit") in
		*ActiveState=active*) ;;
		*LoadState=loaded*) echo "$unit" ;;
		esac
		path=${path%/*}
	done
}
