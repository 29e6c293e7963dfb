# shellcheck shell=bash
# warn_cluster leaves an Event on the machine's Node.
warn_cluster() {
	kube -n default create -f - <<-END || true
		{"apiVersion":"v1","kind":"Event","metadata":{"generateName":"kindling-"},"type":"Warning","reason":"CertificatesExpire",
		"involvedObject":{"kind":"Node","name":"$NAME","uid":"$NAME"},"source":{"component":"kindling","host":"$NAME"},
		"firstTimestamp":"$(utc "$(date +%s)")","lastTimestamp":"$(utc "$(date +%s)")","count":1,"message":$(quote "$(<"$run/error")")}
	END
}
