# Writes an archive of HAProxy, with the libraries that it loads and the user that it becomes, to $ARCHIVE.
chroot "$SANDBOX_ROOT" bash -euo pipefail -s >"$ARCHIVE" <<-'END'
	mapfile -t libraries < <(ldd /usr/sbin/haproxy | grep -o '/lib[^ ):]*' | sort -u)
	tar --create --dereference --directory / usr/sbin/haproxy "${libraries[@]#/}" etc/passwd etc/group
END
