# Imports the archive $IMAGES into an empty containerd store, $STORE.
mkdir -p "$SANDBOX_ROOT/var/lib/containerd" "$SANDBOX_ROOT/run/images"
mount --bind "$STORE" "$SANDBOX_ROOT/var/lib/containerd"
mount --bind "$IMAGES" "$SANDBOX_ROOT/run/images"
chroot "$SANDBOX_ROOT" containerd --log-level error &
daemon=$!
in_root() { chroot "$SANDBOX_ROOT" "$@"; }
until in_root ctr --timeout 5s version >/dev/null 2>&1; do sleep 0.2; done
in_root ctr -n k8s.io images import /run/images/images.tar
kill "$daemon"
wait "$daemon" || true
