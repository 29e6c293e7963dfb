# shellcheck shell=bash
# install_downloads fetches programs from their publishers or mirrors, all at the same time. /etc/kindling/downloads has a line for each:
# its name, its SHA-256 for amd64 and arm64, and its URL with @ for the architecture, or ^ for systemd's word for it. What is in place with
# its sum is not fetched again.
install_downloads() {
	local arch=amd64 program sum other url job jobs=() pid failed=''
	[ "$(uname -m)" = x86_64 ] || arch=arm64
	mkdir -p "$run/install" "$state/installed" "$BIN" /opt/cni/bin
	while read -r program sum other url; do
		[ "$arch" = amd64 ] || sum=$other
		[ "$(cat "$state/installed/$program" 2>/dev/null)" != "$sum" ] || continue
		url=${url//@/$arch} url=${url//^/${arch/amd64/x86-64}}
		fetch_program "$program" "$sum" "$url" 2>"$run/install/$program" &
		jobs+=("$! $program $url")
	done <"$etc/downloads"
	[ ${#jobs[@]} = 0 ] || say "fetches ${#jobs[@]} programs"
	for job in "${jobs[@]}"; do
		read -r pid program url <<<"$job"
		# curl gives advice after what it says of a certificate.
		wait "$pid" || failed+="; $program from $url: $(last_line <(sed "/^curl:/q" "$run/install/$program"))"
	done
	[ ! "$failed" ] || fail "${failed#; }"
	# SELinux knows these files by their place.
	! command -v restorecon >/dev/null || restorecon -R "$BIN" /opt/cni
}

# fetch_program PROGRAM SHA256 URL puts a program, or what its archive has, in place: once it is whole and on the disk.
fetch_program() {
	local into=$BIN work file sum page='' strip=0
	[ "$1" != cni-plugins ] || into=/opt/cni/bin
	[[ $1 != *.raw ]] || into=/var/lib/extensions
	[ "$1" != containerd ] || strip=1
	work=$into/.$1 file=$into/.$1/.download
	rm -rf "$work"
	mkdir -p "$work"
	curl -x "$PROXY" -fsSL --retry 2 --connect-timeout 20 --speed-limit 1000 --speed-time 60 -o "$file" "$3"
	sum=$(sha256sum "$file")
	sum=${sum%% *}
	if [ "$sum" != "$2" ]; then
		! grep -qi '<html' "$file" || page=', and it is a web page'
		fail "its SHA-256 is $sum and not $2$page"
	fi
	case $3 in
	*gz) tar -xzf "$file" -C "$work" --no-same-owner --strip-components=$strip ;;
	*) mv "$file" "$work/$1" ;;
	esac
	chmod 0755 "$work"/*
	sync -f "$work"
	mv "$work"/* "$into"
	rm -r "$work"
	keep "$state/installed/$1" <<<"$2"
}
