package plan

import (
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kindling/generator/spec"
)

// peer is a static member of etcd.
type peer struct {
	name, host string
	id         uint64
}

// peersOf computes the members that etcd makes of its static list: an ID is the first 8 bytes of SHA-1 over the peer URL
// and the token (etcd's server/etcdserver/api/membership, NewMember).
func peersOf(nodes []spec.Node, token string) []peer {
	peers := make([]peer, len(nodes))
	for i, n := range nodes {
		host := urlHost(n)
		sum := sha1.Sum([]byte("https://" + host + ":2380" + token))
		peers[i] = peer{n.Name, host, binary.BigEndian.Uint64(sum[:8])}
	}
	return peers
}

// clusterID is the one that etcd makes of these members: the first 8 bytes of SHA-1 over their sorted IDs, in etcd's own
// notation (server/etcdserver/api/membership, RaftCluster.genID).
func clusterID(peers []peer) string {
	ids := make([]uint64, len(peers))
	for i, p := range peers {
		ids[i] = p.id
	}
	slices.Sort(ids)
	var all []byte
	for _, id := range ids {
		all = binary.BigEndian.AppendUint64(all, id)
	}
	sum := sha1.Sum(all)
	return strconv.FormatUint(binary.BigEndian.Uint64(sum[:8]), 16)
}

// peersList has a line for each member: NAME HOST ID, the host as it stands in a URL.
func peersList(peers []peer) string {
	lines := make([]string, len(peers))
	for i, p := range peers {
		lines[i] = fmt.Sprintf("%s %s %d", p.name, p.host, p.id)
	}
	return strings.Join(lines, "\n")
}
