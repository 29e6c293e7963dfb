package cloudinit

import (
	"testing"

	"kindling/generator/internal/node"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// TestMetaData holds that the short way writes what the YAML library writes.
func TestMetaData(t *testing.T) {
	for _, name := range [][2]string{{"demo", "cp0"}, {"no", "n"}, {"lab", "cp0.rack-1.example.com"}, {"2026", "11-26"}, {"1", "2"}, {"0x1", "f"}, {"a", "2026-11-26"}} {
		want, err := yaml.Marshal(map[string]string{"instance-id": name[0] + "-" + name[1]})
		if err != nil {
			t.Fatal(err)
		}
		got, err := MetaData(name[0], node.Node{Name: name[1]})
		if diff := cmp.Diff(string(want), string(got)); diff != "" || err != nil {
			t.Errorf("%v: %v (-want +got):\n%s", name, err, diff)
		}
	}
}
