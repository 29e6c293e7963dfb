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
	if v.Minor >= 31 && v.Minor <= NewestMinor {
		return api{initV1beta4, joinV1beta4}, nil
	}
	return api{}, fmt.Errorf("no kubeadm documents for %s yet: v1.31 to v1.%d", v, NewestMinor)
}

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
