# Writes an archive of the programs that kube-proxy and pod networks call, with what they load, to $ARCHIVE.
# In the root, since some of these are links to links that begin at it.
chroot "$SANDBOX_ROOT" bash -euo pipefail -s >"$ARCHIVE" <<-'END'
	programs=(/usr/sbin/{iptables,ip6tables}{,-save,-restore} /usr/sbin/{nft,conntrack,ipset} /usr/bin/ip)
	plugins=/usr/lib/x86_64-linux-gnu/xtables
	mapfile -t libraries < <(ldd "${programs[@]}" $plugins/*.so | grep -o '/lib[^ ):]*' | sort -u)
	tar --create --dereference --directory / "${programs[@]#/}" "${libraries[@]#/}" "${plugins#/}"
END
