package plan

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kindling/generator/spec"
)

// etcdEnv is what the etcd step must know of the cluster's members.
func etcdEnv(c *spec.Cluster, caCert []byte) env {
	token := etcdToken(caCert)
	peers := peersOf(c.EtcdMembers(), token)
	return env{
		"ETCD_BOOTSTRAP_EXPECT":      strconv.Itoa(c.Etcd.BootstrapExpect),
		"ETCD_CLUSTER_ID":            clusterID(peers),
		"ETCD_DATA_DIR":              c.Etcd.DataDir,
		"ETCD_INITIAL_CLUSTER_STATE": c.Etcd.InitialClusterState,
		"ETCD_TOKEN":                 token,
		"PEERS":                      peersList(peers),
	}
}

// runsEtcd tells whether the node is a member of etcd.
func runsEtcd(c *spec.Cluster, n spec.Node) bool {
	return n.Role == spec.EtcdMember || n.Role == spec.ControlPlane && !c.ExternalEtcd()
}

// etcdToken names the cluster to its members: it follows from the CA, so that only documents of one PKI agree on it.
func etcdToken(caCert []byte) string {
	sum := sha256.Sum256(caCert)
	return fmt.Sprintf("kindling-%x", sum[:8])
}

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
		host := urlHost(n.Addresses()[0].String())
		url := "https://" + host + ":2380"
		sum := sha1.Sum([]byte(url + token))
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

// urlHost writes an address as a URL's host: IPv6 in brackets.
func urlHost(address string) string {
	if strings.Contains(address, ":") {
		return "[" + address + "]"
	}
	return address
}
