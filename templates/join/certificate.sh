# shellcheck shell=bash
# A worker that joins by a certificate of its own.

# join_credential has what this worker joins with, in the words of curl.
join_credential() {
	printf '%s = "%s"\n' cert "$etc/pki/kubelet-client.crt" key "$etc/pki/kubelet-client.key"
}

join_unknown() {
	waiting "the cluster at $CONTROL_PLANE_ENDPOINT does not accept this document's certificate, which expires at $(utc "$NOT_AFTER"), or does not know its CA" \
		"$CONTROL_PLANE_ENDPOINT"
}
