#!/bin/bash
# Powers a machine on. Runs in new mount, network and process namespaces: the machine's mounts and its network interface go
# away with them. Everything that makes systemd-nspawn resemble a machine is here and in the base root.
#
# LOWER      the layers of its disk that it shares with others, DISK the directory for everything else
# IMAGE      the image of a disk that is mounted there, for a machine that has one
# CONTAINERD containerd's directory
# CONFIG     the Ignition config, for the first boot of a machine that has one
# BOOT_SERVER, BOOT_CA, ADDRESS, MAC
#            where its firmware asks for the kernel's arguments, if it does, whom it trusts, and its network card
# ETCD_DISK  where it finds its second disk
# SHARE      the microseconds of a core that it gets in every 100,000, if that is limited
# PROCESSES  where the kernel writes down every process that ends, if it does
set -euo pipefail
ROOT=/mnt/$NAME

# Firmware hands over only once there is a network card.
wait_for_network() {
	read -r
}

mount_disk() {
	mount -t tmpfs tmpfs /mnt
	case $IMAGE in ?*)
		# Another image of the same file system may not be gone yet.
		mount -o loop,nouuid "$IMAGE" "$DISK" 2>/dev/null || mount -o loop "$IMAGE" "$DISK"
		;;
	esac
	mkdir -p "$DISK"/{root,work,kubelet,etcd} "$ROOT"
	mount -t overlay overlay -o "lowerdir=$LOWER,upperdir=$DISK/root,workdir=$DISK/work" "$ROOT"
}

# Stands for iPXE: what the script of this network card says is booted, from then on from the disk. Firmware that finds nothing to boot starts
# again.
boot_over_network() {
	KERNEL_ARGS=
	case $BOOT_SERVER in '') return ;; esac
	ip address add "$ADDRESS" dev eth0
	ip link set eth0 up
	until find_kernel; do
		sleep 5
	done
}

# shellcheck disable=SC2016 # the variables are iPXE's
find_kernel() {
	local script base
	script=$(curl -fsS --max-time 20 --cacert "$BOOT_CA" "$BOOT_SERVER/ipxe/${MAC//:/-}.ipxe") || return 1
	sed -n 's/^echo/firmware:/p' <<<"$script"
	base=$(sed -n 's/^set base-url //p' <<<"$script" | tail -n 1)
	base=${base/'${base-url}'/$BOOT_SERVER}
	KERNEL_ARGS=$(sed -n 's/^kernel ${kernel} initrd=initrd \(.*\) ${kernel-args}.*/\1/p' <<<"$script")
	KERNEL_ARGS=${KERNEL_ARGS//'${base-url}'/$base}
	case $KERNEL_ARGS in
	?*) : >"$DISK/installed" ;;
	*) [ -e "$DISK/installed" ] || {
		echo 'firmware: no bootable device'
		return 1
	} ;;
	esac
}

# Does what the initramfs does.
ignite() {
	[ -n "$CONFIG" ] && [ ! -e "$DISK/ignited" ] || return 0
	local platform=file
	case $KERNEL_ARGS in ?*)
		platform=metal
		export SSL_CERT_FILE=$BOOT_CA
		printf '%s\n' "$KERNEL_ARGS" >"$DISK/cmdline"
		mount --bind "$DISK/cmdline" /proc/cmdline
		;;
	esac
	mkdir -p "$DISK/ignition"
	ln -sf /bin/true "$DISK/ignition/setfiles"
	local stage
	for stage in fetch files; do
		PATH=$DISK/ignition:$PATH IGNITION_CONFIG_FILE=$CONFIG "$IGNITION" --platform="$platform" --root="$ROOT" --neednet --log-to-stdout --stage="$stage" \
			--config-cache="$DISK/ignition/config.json" --state-file="$DISK/ignition/state.json"
	done
	: >"$DISK/ignited"
}

# The operating system brings the network up by itself.
leave_network() {
	case $BOOT_SERVER in '') return ;; esac
	ip address flush dev eth0
	ip link set eth0 down
}

# Operating systems that use Ignition have a read-only /usr.
protect_usr() {
	[ -n "$CONFIG" ] || return 0
	mount --bind "$ROOT/usr" "$ROOT/usr"
	mount -o remount,bind,ro "$ROOT/usr"
}

# Puts this process into a new control group in every hierarchy of the host.
join_cgroups() {
	local hierarchy group
	for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
		case $(stat -f -c %T "$hierarchy") in cgroup*) ;; *) continue ;; esac
		mountpoint -q "$hierarchy" || continue
		group=$hierarchy/$CGROUP
		mkdir -p "$group"
		if [ -e "$group/cpuset.mems" ] && [ -e "$group/cgroup.clone_children" ]; then
			echo 1 >"$group/cgroup.clone_children"
			cat "$hierarchy/cpuset.cpus" >"$group/cpuset.cpus"
			cat "$hierarchy/cpuset.mems" >"$group/cpuset.mems"
		fi
		echo $$ >"$group/cgroup.procs"
	done
}

# Machines of their own do not wait for each other's processes.
limit_cpu() {
	case $SHARE in '') return ;; esac
	if [ -e "/sys/fs/cgroup/cpu/$CGROUP" ]; then
		echo "$SHARE" >"/sys/fs/cgroup/cpu/$CGROUP/cpu.cfs_quota_us"
	else
		echo "$SHARE 100000" >"/sys/fs/cgroup/$CGROUP/cpu.max"
	fi
}

# The kernel counts for the process namespace of this script, and those below it.
count_processes() {
	case $PROCESSES in '') return ;; esac
	: >"$PROCESSES"
	accton "$PROCESSES" >/dev/null
}

power_on() {
	local args
	read -ra args <<<"$KERNEL_ARGS"
	export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network SYSTEMD_SECCOMP=0
	exec systemd-nspawn --boot --quiet --register=no --keep-unit --machine="$NAME" --hostname=localhost --directory="$ROOT" --capability=all \
		--resolv-conf=off --timezone=off --link-journal=no --console=read-only --bind=/dev/kmsg \
		--bind="$CONTAINERD:/var/lib/containerd" --bind="$DISK/kubelet:/var/lib/kubelet" --bind="$DISK/etcd:$ETCD_DISK" \
		"${args[@]}" </dev/null
}

wait_for_network
mount_disk
boot_over_network
ignite
leave_network
protect_usr
join_cgroups
limit_cpu
count_processes
power_on
