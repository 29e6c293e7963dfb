#!/bin/bash
# Mounts the layers as the root of a machine and runs a command there or beside it. Runs in new namespaces: everything goes
# away with them.
set -euo pipefail

mount -t overlay overlay -o "lowerdir=$SANDBOX_LOWER,upperdir=$SANDBOX_UPPER,workdir=$SANDBOX_WORK" "$SANDBOX_ROOT"
mount -t proc proc "$SANDBOX_ROOT/proc"
mount -t sysfs sysfs "$SANDBOX_ROOT/sys"
mount --bind /dev "$SANDBOX_ROOT/dev"
mount -t tmpfs tmpfs "$SANDBOX_ROOT/run"
ip link set lo up
exec "$@"
