# Writes an archive of the programs that kube-proxy calls, with what they load, to $ARCHIVE.
programs=(/usr/sbin/{iptables,ip6tables}{,-save,-restore} /usr/sbin/nft /usr/sbin/conntrack)
mapfile -t libraries < <(chroot "$SANDBOX_ROOT" ldd "${programs[@]}" | grep -o '/lib[^ )]*' | sort -u)
tar --create --dereference --file "$ARCHIVE" --directory "$SANDBOX_ROOT" \
	"${programs[@]#/}" "${libraries[@]#/}" usr/lib/x86_64-linux-gnu/xtables
