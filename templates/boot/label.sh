# shellcheck shell=bash
# label_nodes gives Nodes the labels that a kubelet may not set on itself, when they come and whenever they lack one. A line of
# node-labels has the name of a Node, or a pattern for those of a pool, and a label with its value. NODE_NAMES have documents of their own, and are in no pool.
label_nodes() {
	local node labels name label value
	while :; do
		while read -r node labels; do
			while read -r name label value; do
				# shellcheck disable=SC2053
				[[ $node = "$name" || $node != @($NODE_NAMES) && $node = $name ]] || continue
				[[ $labels = *"\"$label\":\"$value\""* ]] || kube label --overwrite node "$node" "$label=$value"
			done <"$etc/node-labels"
		done < <(kube get nodes --watch --request-timeout 600s -o 'jsonpath={.metadata.name} {.metadata.labels}{"\n"}')
		sleep 5
	done
}
