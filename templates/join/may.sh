# shellcheck shell=bash
# join_ask PATH: the cluster's answer and, in a line of its own, its status. The credential comes by standard input: anyone on
# the machine may read a command line.
join_ask() {
	curl -sS --max-time 5 --cacert "$etc/pki/ca.crt" -K - -w '\n%{http_code}' "https://$CONTROL_PLANE_ENDPOINT/api/v1/$1" 2>&1 || true
}

# join_may ANSWER tells whether to join, or says what keeps the machine from it.
join_may() {
	case ${1##*$'\n'} in
	404) return 0 ;;
	200)
		[[ ${1//[[:space:]]/} == *'"type":"Ready","status":"True"'* ]] || return 0
		waiting "Node $NAME is still Ready: from before this machine was wiped, or because another machine has its name" "Node $NAME"
		;;
	401) join_unknown ;;
	*) waiting "no API server at $CONTROL_PLANE_ENDPOINT lets this machine in: $(printf '%.300s' "$1" | tr -s '[:space:]' ' ')" "$CONTROL_PLANE_ENDPOINT" ;;
	esac
	return 1
}
