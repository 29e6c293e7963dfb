# shellcheck shell=bash
# The document is for everyone to read. What is not comes from SECRETS_URL: an archive with the machine's keys, whose sum the document has.
# Nothing of it is put in place before all of it is what it should be. It is asked for again only where one of its files is not what it was.
step_secrets() {
	local part=$run/secrets.tar.gz files=$run/secrets file
	! secrets_stand || return 0
	step_clock # or the server's certificate may seem not to be valid
	command -v curl >/dev/null || fail "this image lacks curl, which fetches the secret part"
	until secrets_fetch "$part"; do
		sleep 2
	done
	rm -rf "$files"
	mkdir "$files"
	tar -xzf "$part" -C "$files"
	(cd "$files" && find . -type f | sort) >"$run/secrets.list"
	while IFS= read -r file; do
		file=${file#.}
		(umask 022 && mkdir -p "${file%/*}")
		cp -p "$files$file" "$file.new"
		sync "$file.new"
		mv -f "$file.new" "$file"
	done <"$run/secrets.list"
	sed 's/^.//' "$run/secrets.list" | tr '\n' '\0' | xargs -0 sha256sum | cat <(echo "# $SECRETS_SHA256") - | keep "$state/secrets"
	rm -r "$part" "$files"
}

# secrets_stand: the files are those of this document's part.
secrets_stand() {
	grep -qxF "# $SECRETS_SHA256" "$state/secrets" && sha256sum --status -c "$state/secrets"
} 2>/dev/null

# secrets_fetch FILE: one try.
secrets_fetch() {
	local from=${SECRETS_URL%%\?*} error sum roots=() via=()
	[ -z "$SECRETS_CA" ] || roots=(--cacert "$SECRETS_CA")
	# A proxy whose password is in this part cannot bring it.
	[ ! -e "$etc/proxy.env" ] && [ -z "$PROXY" ] || via=(-x "$PROXY")
	if ! error=$(curl "${via[@]}" "${roots[@]}" -fsSL --proto =https --connect-timeout 10 --max-time 60 -o "$1" "$SECRETS_URL" 2>&1); then
		error=${error#*curl: }
		waiting "no secret part from $from: ${error%%$'\n'*}" "$from"
		return 1
	fi
	sum=$(sha256sum "$1")
	sum=${sum%% *}
	[ "$sum" != "$SECRETS_SHA256" ] || return 0
	waiting "the part at $from has the SHA-256 $sum, and this document's has $SECRETS_SHA256: another machine's, another set's, or changed" "$from"
	return 1
}
