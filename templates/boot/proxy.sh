# shellcheck shell=bash
# What the machine fetches comes through the proxy of its URL's scheme, unless proxy.env excepts the host. Nothing else knows of a
# proxy: kubeadm would write its variables into the pods of the control plane, and peers would be asked through it.
PROXY=

# proxied COMMAND... runs a program with the variables of the proxy.
proxied() (
	set -a
	# shellcheck source=/dev/null
	. "$etc/proxy.env"
	exec "$@"
)

# curl: only a download names PROXY, one for all schemes.
curl() {
	if [ "${1-} ${2-}" = "-x $PROXY" ]; then
		proxied curl "${@:3}"
	else
		command curl "$@"
	fi
}

# All that package managers do is to fetch.
case ${2-} in
install | modules)
	set -a
	# shellcheck source=/dev/null
	. "$etc/proxy.env"
	set +a
	;;
esac
