package kubeadm

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v4"
)

// api makes the documents of one kubeadm config API.
type api struct {
	init, join func(Config) ([]any, error)
}

func apiFor(v Version) (api, error) {
	if v.Minor >= 28 && v.Minor <= NewestMinor && v.Patch >= oldestPatch[v.Minor] {
		return api{initV1beta, joinV1beta}, nil
	}
	return api{}, fmt.Errorf("no kubeadm documents for %s yet: v1.28.%d, v1.29.%d, v1.30 to v1.%d", v, oldestPatch[28], oldestPatch[29], NewestMinor)
}

// oldestPatch of a minor whose earlier ones have an etcd without /readyz, which came with etcd 3.5.11.
var oldestPatch = map[int]int{28: 15, 29: 15}

// marshal writes objects as one YAML stream.
func marshal(objects []any, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	documents := make([][]byte, len(objects))
	for i, o := range objects {
		if documents[i], err = yaml.Dump(o, yaml.WithIndent(2), yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1)); err != nil {
			return nil, err
		}
	}
	return bytes.Join(documents, []byte("---\n")), nil
}
