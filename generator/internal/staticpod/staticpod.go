// Package staticpod makes the manifests of the pods that kindling runs on control planes. HAProxy forwards clients to the
// API servers that are ready; kube-vip holds a virtual IP.
package staticpod

import (
	"bytes"

	"go.yaml.in/yaml/v4"
)

func newPod(name string, c container, volumes ...volume) pod {
	return pod{APIVersion: "v1", Kind: "Pod", Metadata: metadata{name, "kube-system"}, Spec: podSpec{
		Containers:        []container{c},
		HostNetwork:       true,
		PriorityClassName: "system-node-critical",
		Volumes:           volumes,
	}}
}

// only allows these capabilities(7) and drops all others.
func only(names ...string) capabilities { return capabilities{Add: names, Drop: []string{"ALL"}} }

func marshal(objects ...any) ([]byte, error) {
	var documents [][]byte
	for _, o := range objects {
		document, err := yaml.Dump(o, yaml.WithIndent(2), yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1))
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
	return bytes.Join(documents, []byte("---\n")), nil
}
