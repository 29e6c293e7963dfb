# shellcheck shell=bash
# fetch_key URL FINGERPRINT prints an armored OpenPGP key, once it is known to be the right one: a stock image has nothing that could tell.
# The fingerprint of a key of version 4 is the SHA-1 of its packet with a header of three bytes (RFC 9580, 5.5.4.2).
fetch_key() {
	local key=$run/install/key raw=$run/install/key.raw tag a b start=3 length print=
	curl -x "$PROXY" -fsSL --retry 2 --connect-timeout 20 --max-time 60 -o "$key" "$1" 2>"$key.error" || fail "no key from $1: $(last_line <(sed "/^curl:/q" "$key.error"))"
	sed '1,/^\r*$/d; /^[-=]/,$d' "$key" | base64 -d >"$raw" 2>/dev/null || true
	read -r tag a b <<<"$(od -An -tu1 -N3 "$raw")" || true
	# The length of an old packet has one byte or two, and that of a new one (4.2).
	length=$a
	case $tag in
	153) start=4 length=$((a * 256 + b)) ;;
	198) [ "$a" -lt 192 ] || start=4 length=$(((a - 192) * 256 + b + 192)) ;;
	152) ;;
	*) fail "what $1 has is no key" ;;
	esac
	# shellcheck disable=SC2059
	print=$({
		printf "\\x99\\x$(printf %x $((length / 256)))\\x$(printf %x $((length % 256)))"
		tail -c "+$start" "$raw" | head -c "$length"
	} | sha1sum)
	print=${print%% *}
	[ "${print^^}" = "$2" ] || fail "the key from $1 has the fingerprint ${print^^} and not $2"
	cat "$key"
}
