package plan

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPeers has the IDs that etcd 3.7.0 gave members of these URLs and this token.
func TestPeers(t *testing.T) {
	four := load(t, "nodes: [{name: cp0, role: control-plane, address: 10.0.0.7}]\n")
	six := load(t, "nodes: [{name: cp1, role: control-plane, address: \"fd00::8,10.0.0.8\"}]\n")
	peers := peersOf(slices.Concat(four.EtcdMembers(), six.EtcdMembers()), "kindling-0")
	if diff := cmp.Diff([]string{"10.0.0.7", "[fd00::8]"}, []string{peers[0].host, peers[1].host}); diff != "" {
		t.Error(diff)
	}
	ids := []string{strconv.FormatUint(peers[0].id, 16), strconv.FormatUint(peers[1].id, 16), clusterID(peers)}
	if diff := cmp.Diff([]string{"a9a7c6b4511493c4", "e487293bc1dd44f4", "b572fe9a0f9951eb"}, ids); diff != "" {
		t.Error(diff)
	}
}
