package kubeadm

import (
	"bytes"
	"fmt"

	"sigs.k8s.io/yaml"
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
	parts := make([][]byte, len(objects))
	for i, o := range objects {
		if parts[i], err = yaml.Marshal(o); err != nil {
			return nil, err
		}
	}
	return bytes.Join(parts, []byte("---\n")), nil
}
