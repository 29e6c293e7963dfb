package verify_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kindling/generator"
	"kindling/generator/verify"
	"kindling/pki"
)

const (
	kubePKI   = "/etc/kubernetes/pki/"
	workerPKI = "/etc/kindling/pki/"
	env       = "/etc/kindling/node.env"
	initYAML  = "/etc/kindling/kubeadm/init.yaml"
	discovery = "/etc/kindling/discovery.conf"
)

type mutation struct {
	sample, name string
	do           func(e editor)
	want         string // in a problem
}

// mutations change one thing of a finished set each. The samples: `pools` has every kind of worker, `external` has every other role,
// `flatcar` has Ignition and iPXE, `providers` has limits and gzip.
var mutations = []mutation{
	// The files of the set.
	{"pools", "a document is missing", func(e editor) { delete(e.set, "nodes/cp0/user-data") }, "nodes/cp0/user-data: is missing; put the original back"},
	{"pools", "meta-data are missing", func(e editor) { delete(e.set, "nodes/w0/meta-data") }, "nodes/w0/meta-data: is missing"},
	{"pools", "README.md is missing", func(e editor) { delete(e.set, "README.md") }, "README.md: is missing"},
	{"pools", "the index is missing", func(e editor) { delete(e.set, "index.json") }, "index.json: cannot be read; name the directory"},
	{"pools", "the index is not JSON", func(e editor) { e.set["index.json"].Data = []byte("{") }, "index.json: is not the index of a set"},
	{"pools", "another kind", func(e editor) { e.index(func(i *generator.Index) { i.Kind = "Pod" }) }, "index.json: is not the index of a set"},
	{"pools", "another API", func(e editor) { e.index(func(i *generator.Index) { i.APIVersion = "v1" }) }, "index.json: is not the index of a set"},
	{"pools", "a name twice", func(e editor) {
		e.set["index.json"].Data = []byte(strings.Replace(string(e.set["index.json"].Data), `"nodes": {`, `"nodes": {"cp0": {},`, 1))
	}, "index.json: is not as this release of kindling writes it"},
	{"pools", "one byte more", func(e editor) { e.set["nodes/cp0/user-data"].Data = append(e.set["nodes/cp0/user-data"].Data, '\n') }, "nodes/cp0/user-data: has "},
	{"pools", "one byte another", func(e editor) { e.set["nodes/cp0/user-data"].Data[14000] ^= 1 }, "nodes/cp0/user-data: was changed"},
	{"flatcar", "another iPXE script", func(e editor) { e.set["ipxe/52-54-00-00-00-10.ipxe"].Data[30] ^= 1 }, "ipxe/52-54-00-00-00-10.ipxe: was changed"},
	{"flatcar", "no iPXE script", func(e editor) { delete(e.set, "ipxe/52-54-00-00-00-10.ipxe") }, "ipxe/52-54-00-00-00-10.ipxe: is missing"},
	{"pools", "a foreign file", func(e editor) { e.set["nodes/cp0/notes"] = &fstest.MapFile{Mode: 0o600} }, "nodes/cp0/notes: does not belong to the set"},
	{"pools", "a foreign machine", func(e editor) { e.set["nodes/cp9/user-data"] = e.set["nodes/cp0/user-data"] }, "nodes/cp9/user-data: does not belong to the set"},
	{"pools", "a link", func(e editor) {
		e.set["nodes/cp0/meta-data"].Mode = fs.ModeSymlink | 0o777
		e.set["nodes/cp0/meta-data"].Data = []byte("../cp1/meta-data")
	}, "nodes/cp0/meta-data: is a link"},
	{"pools", "readable for all", func(e editor) { e.set["nodes/cp0/user-data"].Mode = 0o644 }, "nodes/cp0/user-data: has keys in it, and others may read it (mode 0644); run chmod 600"},
	{"providers", "gzip readable for a group", func(e editor) {
		e.set["nodes/cp0.eu-central-1a.spread.example.com/user-data.gz"].Mode = 0o640
	}, "user-data.gz: has keys in it, and others may read it (mode 0640)"},
	{"flatcar", "Butane readable for all", func(e editor) { e.set["nodes/m0/config.bu"].Mode = 0o604 }, "nodes/m0/config.bu: has keys in it"},

	// The index.
	{"pools", "no secret", func(e editor) {
		e.node("cp0", func(n *generator.IndexNode) {
			f := n.Files["nodes/cp0/user-data"]
			f.Secret = false
			n.Files["nodes/cp0/user-data"] = f
		})
	}, "index.json: is wrong about whether nodes/cp0/user-data is secret"},
	{"pools", "a document left out", func(e editor) {
		e.node("cp0", func(n *generator.IndexNode) { delete(n.Files, "nodes/cp0/user-data") })
	}, "index.json: has no nodes/cp0/user-data"},
	{"pools", "meta-data left out", func(e editor) {
		e.node("w0", func(n *generator.IndexNode) { delete(n.Files, "nodes/w0/meta-data") })
	}, "index.json: has no nodes/w0/meta-data"},
	{"flatcar", "Butane left out", func(e editor) {
		e.node("m0", func(n *generator.IndexNode) { delete(n.Files, "nodes/m0/config.bu") })
	}, "index.json: has no nodes/m0/config.bu"},
	{"flatcar", "iPXE left out", func(e editor) {
		e.node("m0", func(n *generator.IndexNode) { delete(n.Files, "ipxe/52-54-00-00-00-10.ipxe") })
	}, "index.json: has no ipxe/52-54-00-00-00-10.ipxe"},
	{"pools", "another's document", func(e editor) {
		e.node("cp0", func(n *generator.IndexNode) { n.Document = "nodes/cp1/user-data" })
	}, "index.json: does not have the document of cp0 among its files"},
	{"pools", "another's file", func(e editor) {
		e.node("cp0", func(n *generator.IndexNode) { n.Files["nodes/cp1/meta-data"] = generator.IndexFile{} })
	}, "index.json: gives cp0 the file nodes/cp1/meta-data"},
	{"pools", "a role that does not exist", func(e editor) { e.node("w0", func(n *generator.IndexNode) { n.Role = "master" }) }, `index.json: gives w0 the role "master"`},
	{"pools", "the same address", func(e editor) { e.node("cp1", func(n *generator.IndexNode) { n.Address = "10.0.0.7" }) }, "index.json: gives cp0 and cp1 the same address, 10.0.0.7"},
	{"pools", "no address", func(e editor) { e.node("w0", func(n *generator.IndexNode) { n.Address = "" }) }, "index.json: has no address of w0"},
	{"flatcar", "the same MAC", func(e editor) {
		e.node("m1", func(n *generator.IndexNode) { n.MAC = "52:54:00:00:00:10" })
	}, "index.json: gives m0 and m1 the same MAC"},
	{"providers", "an unknown provider", func(e editor) { e.node("w0", func(n *generator.IndexNode) { n.Provider = "acme" }) }, `index.json: gives w0 the provider "acme"`},
	{"pools", "a smaller provider", func(e editor) { e.node("cp0", func(n *generator.IndexNode) { n.Provider = "aws" }) }, "bytes as EC2 counts them, and it takes 16384"},
	{"pools", "too large", func(e editor) { e.add("w0", "/srv/large", "0644", strings.Repeat("x", 300_000)) }, "bytes as Google Compute Engine counts them, and it takes 262144; have the image"},
	{"pools", "another end", func(e editor) {
		e.node("cp0", func(n *generator.IndexNode) { n.Expires = "2040-01-01T00:00:00Z" })
	}, "index.json: says that the certificates of cp0 end on 2040-01-01T00:00:00Z"},
	{"pools", "another set", func(e editor) { e.index(func(i *generator.Index) { i.Set = "0123456789ab" }) }, `nodes/cp0/user-data: /etc/kindling/node.env says SET=`},
	{"pools", "no control plane", func(e editor) {
		e.index(func(i *generator.Index) {
			for _, name := range []string{"cp0", "cp1", "cp2"} {
				delete(i.Nodes, name)
			}
		})
	}, "index.json: has no control plane"},

	// The form of a document.
	{"pools", "not user-data", func(e editor) { e.write("cp0", "nodes/cp0/user-data", []byte("#!/bin/sh\n")) }, "nodes/cp0/user-data: is neither"},
	{"pools", "not YAML", func(e editor) { e.write("cp0", "nodes/cp0/user-data", []byte("#cloud-config\n\t{")) }, "nodes/cp0/user-data: is not the YAML"},
	{"flatcar", "not JSON", func(e editor) { e.write("m0", "nodes/m0/config.ign", []byte("{")) }, "nodes/m0/config.ign: is not the JSON"},
	{"providers", "damaged gzip", func(e editor) {
		name := "nodes/cp0.eu-central-1a.spread.example.com/user-data.gz"
		e.write("cp0.eu-central-1a.spread.example.com", name, e.set[name].Data[:4000])
	}, "user-data.gz: holds damaged gzip"},
	{"pools", "a file twice", func(e editor) { e.add("cp0", env, "0644", "A=1\n") }, "nodes/cp0/user-data: has /etc/kindling/node.env twice"},
	{"pools", "damaged base64", func(e editor) {
		e.entry("cp0", "/etc/kindling/run.sh", func(f map[string]any) { f["content"] = "?" })
	}, "nodes/cp0/user-data: cannot be read at /etc/kindling/run.sh: its base64 is damaged"},
	{"providers", "text and gzip differ", func(e editor) {
		e.document("w0", "user-data", func(d map[string]any) { d["ssh_authorized_keys"] = []any{"ssh-ed25519 AAAA"} })
	}, "does not have the same in it as the node's other document"},
	{"flatcar", "Butane and Ignition differ", func(e editor) {
		e.document("m0", "config.bu", func(d map[string]any) { list, set := files(d); set(list[1:]) })
	}, "nodes/m0/config.ign: does not have the same in it"},
	{"flatcar", "a unit that is not enabled", func(e editor) {
		e.documents("m0", func(d map[string]any) {
			for _, u := range d["systemd"].(map[string]any)["units"].([]any) {
				delete(u.(map[string]any), "enabled")
			}
		})
	}, "nodes/m0/config.ign: does not enable kindling.service"},
	{"pools", "nothing is enabled", func(e editor) { e.documents("cp0", func(d map[string]any) { d["runcmd"] = []any{} }) }, "nodes/cp0/user-data: does not enable kindling.service"},
	{"pools", "no script", func(e editor) { e.drop("cp0", "/etc/kindling/run.sh") }, "nodes/cp0/user-data: has no /etc/kindling/run.sh"},
	{"pools", "no values", func(e editor) { e.drop("cp0", env) }, "nodes/cp0/user-data: has no /etc/kindling/node.env"},
	{"pools", "a command among the values", func(e editor) { e.content("cp0", env, func(s string) string { return s + "reboot\n" }) }, "is not a list of NAME=VALUE"},

	// Who a machine is.
	{"pools", "one machine of another set", func(e editor) { e.replace("cp1", env, "SET=", "SET=0") }, "nodes/cp1/user-data: /etc/kindling/node.env says SET="},
	{"pools", "another name", func(e editor) { e.replace("w0", env, "NAME=w0", "NAME=cp0") }, `nodes/w0/user-data: /etc/kindling/node.env says NAME="cp0"`},
	{"pools", "another host name", func(e editor) { e.content("w0", "/etc/hostname", func(string) string { return "w1\n" }) }, "nodes/w0/user-data: /etc/hostname is not w0"},
	{"pools", "another role", func(e editor) { e.replace("w0", env, "ROLE=worker", "ROLE=control-plane") }, `says ROLE="control-plane"`},
	{"pools", "another cluster", func(e editor) { e.replace("w0", env, "CLUSTER=pools", "CLUSTER=other") }, `says CLUSTER="other"`},
	{"pools", "another version", func(e editor) { e.replace("w0", env, "v1.37.2", "v1.36.0") }, `says KUBERNETES_VERSION="v1.36.0"`},
	{"pools", "another endpoint", func(e editor) { e.replace("w0", env, "CONTROL_PLANE_ENDPOINT=api", "CONTROL_PLANE_ENDPOINT=ipa") }, "says CONTROL_PLANE_ENDPOINT="},
	{"pools", "another address", func(e editor) { e.replace("cp0", env, "NODE_IP=10.0.0.7", "NODE_IP=10.0.0.77") }, `says NODE_IP="10.0.0.77"`},
	{"pools", "another address of etcd", func(e editor) {
		e.content("cp0", env, func(s string) string { return strings.Replace(s, "ADDRESS=10.0.0.7", "ADDRESS=10.0.0.77", 1) })
	}, `says ADDRESS="10.0.0.77"`},
	{"external", "another address of a member", func(e editor) { e.replace("etcd0", env, "ADDRESS=10.0.0.21", "ADDRESS=10.0.0.22") }, `nodes/etcd0/user-data: /etc/kindling/node.env says ADDRESS="10.0.0.22"`},
	{"pools", "another instance", func(e editor) { e.write("w0", "nodes/w0/meta-data", []byte("instance-id: pools-w1\n")) }, "nodes/w0/meta-data: is not the meta-data of pools-w0"},
	{"flatcar", "another's iPXE script", func(e editor) {
		e.write("m0", "ipxe/52-54-00-00-00-10.ipxe", e.set["ipxe/52-54-00-00-00-11.ipxe"].Data)
	}, "ipxe/52-54-00-00-00-10.ipxe: does not boot m0"},

	// What machines agree about.
	{"pools", "a member of another name", func(e editor) { e.replace("cp0", env, `\ncp1 `, `\ncp9 `) }, `nodes/cp0/user-data: PEERS has "cp9", which is no member`},
	{"pools", "a member at another address", func(e editor) { e.replace("cp0", env, "cp1 10.0.0.8 ", "cp1 10.0.0.88 ") }, "PEERS has cp1 at 10.0.0.88, and index.json at 10.0.0.8"},
	{"pools", "a member less", func(e editor) {
		e.content("cp0", env, func(s string) string { return regexp.MustCompile(`\\ncp2 [0-9. ]+`).ReplaceAllString(s, "") })
	}, "nodes/cp0/user-data: PEERS does not have cp2"},
	{"external", "a client's member less", func(e editor) {
		e.content("cp0", env, func(s string) string { return regexp.MustCompile(`\\netcd2 [0-9. ]+`).ReplaceAllString(s, "") })
	}, "nodes/cp0/user-data: PEERS does not have etcd2"},
	{"pools", "a member without an ID", func(e editor) {
		e.content("cp0", env, func(s string) string { return strings.Replace(s, "cp0 10.0.0.7 ", "cp0 10.0.0.7 x", 1) })
	}, "has another PEERS than cp1"},
	{"pools", "a member without an address", func(e editor) { e.replace("cp0", env, "cp0 10.0.0.7 ", "cp0") }, "is not NAME HOST ID"},
	{"pools", "another token of etcd", func(e editor) { e.replace("cp2", env, "ETCD_TOKEN=kindling-", "ETCD_TOKEN=kindling-0") }, "nodes/cp2/user-data: /etc/kindling/node.env has another ETCD_TOKEN than cp0"},
	{"pools", "another cluster ID", func(e editor) { e.replace("cp2", env, "ETCD_CLUSTER_ID=", "ETCD_CLUSTER_ID=0") }, "has another ETCD_CLUSTER_ID than cp0"},
	{"external", "fewer founders", func(e editor) { e.replace("etcd1", env, "ETCD_BOOTSTRAP_EXPECT=3", "ETCD_BOOTSTRAP_EXPECT=2") }, "nodes/etcd1/user-data: /etc/kindling/node.env has another ETCD_BOOTSTRAP_EXPECT"},
	{"pools", "one that may not found", func(e editor) {
		e.replace("cp1", env, "ETCD_INITIAL_CLUSTER_STATE=new", "ETCD_INITIAL_CLUSTER_STATE=existing")
	}, "has another ETCD_INITIAL_CLUSTER_STATE than cp0"},
	{"pools", "another pod network", func(e editor) { e.replace("cp1", initYAML, "192.168.0.0/16", "192.168.0.0/17") }, "nodes/cp1/user-data: its kubeadm configuration gives the cluster other values than cp0"},
	{"pools", "another endpoint for kubeadm", func(e editor) {
		e.replace("cp1", initYAML, "controlPlaneEndpoint: api.demo.test", "controlPlaneEndpoint: api.demo.tset")
	}, `init.yaml says controlPlaneEndpoint: "api.demo.tset:6443"`},
	{"pools", "another address for kubeadm", func(e editor) {
		e.replace("cp1", initYAML, "advertiseAddress: 10.0.0.8", "advertiseAddress: 10.0.0.9")
	}, `init.yaml says localAPIEndpoint.advertiseAddress: "10.0.0.9"`},
	{"pools", "another name for kubeadm", func(e editor) { e.replace("cp1", initYAML, "  name: cp1", "  name: cp2") }, `init.yaml says nodeRegistration.name: "cp2"`},
	{"pools", "another version for kubeadm", func(e editor) { e.replace("cp1", initYAML, "v1.37.2", "v1.36.0") }, `init.yaml says kubernetesVersion: "v1.36.0"`},
	{"pools", "no configuration for kubeadm", func(e editor) { e.drop("cp1", initYAML) }, `init.yaml says clusterName: ""`},
	{"pools", "another bootstrap token", func(e editor) {
		e.content("pool", discovery, func(s string) string { return bootstrapToken.ReplaceAllString(s, "fedcba.0123456789abcdef") })
	}, "nodes/pool/user-data: has another bootstrap token than cp0"},

	// Keys and certificates.
	{"pools", "another CA", func(e editor) {
		e.content("w0", workerPKI+"ca.crt", func(string) string { return another(e, "ca.crt") })
	}, "nodes/w0/user-data: has another cluster's CA than cp0"},
	{"pools", "another CA of etcd", func(e editor) {
		e.content("cp1", kubePKI+"etcd/ca.crt", func(string) string { return another(e, "etcd/ca.crt") })
	}, "nodes/cp1/user-data: has another CA of etcd than cp0"},
	{"pools", "another CA of the front proxy", func(e editor) {
		e.content("cp1", kubePKI+"front-proxy-ca.crt", func(string) string { return another(e, "front-proxy-ca.crt") })
	}, "nodes/cp1/user-data: has another front proxy's CA than cp0"},
	{"pools", "another service account's key", func(e editor) {
		e.content("cp1", kubePKI+"sa.key", func(string) string { return another(e, "sa.key") })
	}, "nodes/cp1/user-data: has another service account's key than cp0"},
	{"pools", "another service account's public key", func(e editor) {
		e.content("cp1", kubePKI+"sa.pub", func(string) string { return another(e, "sa.pub") })
	}, "nodes/cp1/user-data: /etc/kubernetes/pki/sa.pub does not belong to sa.key"},
	{"pools", "a certificate of another CA", func(e editor) {
		e.content("w0", workerPKI+"kubelet-client.crt", func(string) string { return another(e, "nodes/w0/kubelet-client.crt") })
		e.content("w0", workerPKI+"kubelet-client.key", func(string) string { return another(e, "nodes/w0/kubelet-client.key") })
	}, "nodes/w0/user-data: /etc/kindling/pki/kubelet-client.crt is not signed by ca.crt"},
	{"pools", "a certificate to sign with, without a rotation", func(e editor) { e.add("cp1", kubePKI+"ca-signing.crt", "0644", another(e, "ca.crt")) }, "nodes/cp1/user-data: /etc/kubernetes/pki/ca-signing.crt is not the certificate that ca.key belongs to"},
	{"offline", "a CA's key on a control plane", func(e editor) { e.add("cp0", kubePKI+"ca.key", "0600", string(atHome(e, "ca.key"))) }, "nodes/cp0/user-data: has the private key of the cluster's CA in /etc/kubernetes/pki/ca.key, and with pki.caKeys: offline no machine may have it"},
	{"offline", "the front proxy's CA's key in another place", func(e editor) {
		e.add("cp2", workerPKI+"proxy.pem", "0600", string(atHome(e, "front-proxy-ca.key")))
	}, "nodes/cp2/user-data: has the private key of the front proxy's CA in /etc/kindling/pki/proxy.pem"},
	{"offline", "etcd's CA's key", func(e editor) { e.add("cp0", kubePKI+"etcd/ca.key", "0600", string(atHome(e, "etcd/ca.key"))) }, "nodes/cp0/user-data: has the private key of the CA of etcd"},
	{"offline", "no certificate of the API server", func(e editor) { e.drop("cp0", kubePKI+"apiserver.crt") }, "nodes/cp0/user-data: /etc/kubernetes/pki/apiserver.crt is missing"},
	{"offline", "another API server's certificate", func(e editor) {
		e.content("cp0", kubePKI+"apiserver.crt", func(string) string { return string(atHome(e, "nodes/cp1/apiserver.crt")) })
	}, "nodes/cp0/user-data: /etc/kubernetes/pki/apiserver.crt does not"},
	{"offline", "another control plane's kubelet", func(e editor) {
		e.content("cp0", workerPKI+"kubelet-client.crt", func(string) string { return string(atHome(e, "nodes/cp1/kubelet.crt")) })
		e.content("cp0", workerPKI+"kubelet-client.key", func(string) string { return string(atHome(e, "nodes/cp1/kubelet.key")) })
	}, "nodes/cp0/user-data: /etc/kindling/pki/kubelet-client.crt is for CN=system:node:cp1"},
	{"offline", "the scheduler as controller manager", func(e editor) {
		e.content("cp0", workerPKI+"controller-manager.crt", func(string) string { return string(atHome(e, "nodes/cp0/scheduler.crt")) })
		e.content("cp0", workerPKI+"controller-manager.key", func(string) string { return string(atHome(e, "nodes/cp0/scheduler.key")) })
	}, "nodes/cp0/user-data: /etc/kindling/pki/controller-manager.crt is for CN=system:kube-scheduler"},
	{"offline", "no administrator", func(e editor) { e.drop("cp1", workerPKI+"admin.crt") }, "nodes/cp1/config.ign: /etc/kindling/pki/admin.crt is missing"},
	{"offline", "the administrator as super-admin", func(e editor) {
		e.content("cp0", workerPKI+"super-admin.crt", func(string) string { return string(atHome(e, "nodes/cp0/admin.crt")) })
		e.content("cp0", workerPKI+"super-admin.key", func(string) string { return string(atHome(e, "nodes/cp0/admin.key")) })
	}, "nodes/cp0/user-data: /etc/kindling/pki/super-admin.crt is for CN=kubernetes-admin"},
	{"offline", "the scheduler asks kubelets", func(e editor) {
		e.content("cp2", kubePKI+"apiserver-kubelet-client.crt", func(string) string { return string(atHome(e, "nodes/cp2/scheduler.crt")) })
		e.content("cp2", kubePKI+"apiserver-kubelet-client.key", func(string) string { return string(atHome(e, "nodes/cp2/scheduler.key")) })
	}, "nodes/cp2/user-data: /etc/kubernetes/pki/apiserver-kubelet-client.crt is for CN=system:kube-scheduler"},
	{"offline", "no key of etcd's member", func(e editor) { e.drop("cp0", kubePKI+"etcd/peer.key") }, "nodes/cp0/user-data: /etc/kubernetes/pki/etcd/peer.key is missing"},
	{"offline", "a worker that only asks", func(e editor) {
		e.content("w0", workerPKI+"kubelet-client.crt", func(string) string { return string(atHome(e, "nodes/cp0/scheduler.crt")) })
		e.content("w0", workerPKI+"kubelet-client.key", func(string) string { return string(atHome(e, "nodes/cp0/scheduler.key")) })
	}, "nodes/w0/user-data: /etc/kindling/pki/kubelet-client.crt is not for server authentication"},
	{"external", "a member's certificate of another CA", func(e editor) {
		e.content("etcd0", kubePKI+"etcd/peer.crt", func(string) string { return e.read("etcd1", kubePKI+"etcd/peer.crt") })
	}, "nodes/etcd0/user-data: /etc/kubernetes/pki/etcd/peer.crt does not name 10.0.0.21"},
	{"external", "the server's certificate of another member", func(e editor) {
		e.content("etcd0", kubePKI+"etcd/server.crt", func(string) string { return e.read("etcd1", kubePKI+"etcd/server.crt") })
	}, "nodes/etcd0/user-data: /etc/kubernetes/pki/etcd/server.crt does not belong to"},
	{"external", "a client's certificate as a member's", func(e editor) {
		e.content("etcd0", kubePKI+"etcd/server.crt", func(string) string { return e.read("cp0", kubePKI+"apiserver-etcd-client.crt") })
	}, "nodes/etcd0/user-data: /etc/kubernetes/pki/etcd/server.crt is not for server authentication"},
	{"pools", "another worker's certificate", func(e editor) {
		e.content("w0", workerPKI+"kubelet-client.crt", func(string) string { return string(ours(e, "nodes/w1/kubelet-client.crt")) })
	}, "nodes/w0/user-data: /etc/kindling/pki/kubelet-client.crt is for CN=system:node:w1"},
	{"pools", "an administrator's certificate", func(e editor) {
		e.content("w0", workerPKI+"kubelet-client.crt", func(string) string { return string(ours(e, "admin.crt")) })
	}, "nodes/w0/user-data: /etc/kindling/pki/kubelet-client.crt is for CN=kubernetes-admin"},
	{"pools", "a key of another certificate", func(e editor) {
		e.content("w0", workerPKI+"kubelet-client.key", func(string) string { return string(ours(e, "nodes/w1/kubelet-client.key")) })
	}, "kubelet-client.crt does not belong to"},
	{"pools", "a CA's key of another CA", func(e editor) {
		e.content("cp0", kubePKI+"ca.key", func(string) string { return e.read("cp0", kubePKI+"etcd/ca.key") })
	}, "nodes/cp0/user-data: /etc/kubernetes/pki/ca.crt does not belong to ca.key"},
	{"pools", "a CA that is none", func(e editor) {
		e.content("cp0", kubePKI+"ca.crt", func(string) string { return string(ours(e, "nodes/w0/kubelet-client.crt")) })
	}, "/etc/kubernetes/pki/ca.crt is not a certificate authority"},
	{"pools", "a damaged certificate", func(e editor) {
		e.content("w0", workerPKI+"ca.crt", func(s string) string { return s[:200] })
	}, "nodes/w0/user-data: /etc/kindling/pki/ca.crt is damaged"},
	{"pools", "a damaged key", func(e editor) {
		e.content("cp0", kubePKI+"etcd/ca.key", func(s string) string { return strings.Replace(s, "M", "A", 1) })
	}, "nodes/cp0/user-data: /etc/kubernetes/pki/etcd/ca.key holds a damaged private key"},
	{"pools", "no CA", func(e editor) { e.drop("w0", workerPKI+"ca.crt") }, "nodes/w0/user-data: /etc/kindling/pki/ca.crt is missing"},
	{"pools", "no key", func(e editor) { e.drop("w0", workerPKI+"kubelet-client.key") }, "nodes/w0/user-data: /etc/kindling/pki/kubelet-client.key is missing"},
	{"pools", "no service account's key", func(e editor) { e.drop("cp0", kubePKI+"sa.key") }, "nodes/cp0/user-data: /etc/kubernetes/pki/sa.key is missing"},
	{"external", "no client's certificate", func(e editor) { e.drop("cp0", kubePKI+"apiserver-etcd-client.crt") }, "nodes/cp0/user-data: /etc/kubernetes/pki/apiserver-etcd-client.crt is missing"},
	{"external", "no CA of a load balancer", func(e editor) { e.drop("lb0", workerPKI+"ca.crt") }, "nodes/lb0/user-data: /etc/kindling/pki/ca.crt is missing"},
	{"pools", "another end of the certificates", func(e editor) { e.replace("w0", env, "NOT_AFTER=4", "NOT_AFTER=5") }, "node.env has another NOT_AFTER than its certificates"},
	{"flatcar", "an Ignition machine's key is missing", func(e editor) { e.drop("m0", kubePKI+"ca.key") }, "nodes/m0/config.ign: /etc/kubernetes/pki/ca.key is missing"},

	// No more than a role needs.
	{"pools", "a CA's key on a worker", func(e editor) { e.add("w0", "/srv/key", "0600", e.read("cp0", kubePKI+"ca.key")) }, "nodes/w0/user-data: has the private key of the cluster's CA in /srv/key, and a machine of role worker"},
	{"pools", "a service account's key in a pool", func(e editor) { e.add("pool", "/srv/key", "0600", "# mine\n"+e.read("cp0", kubePKI+"sa.key")) }, "nodes/pool/user-data: has the private key of the service account in /srv/key"},
	{"external", "a CA's key on an etcd machine", func(e editor) { e.add("etcd0", kubePKI+"ca.key", "0600", e.read("cp0", kubePKI+"ca.key")) }, "nodes/etcd0/user-data: has the private key of the cluster's CA"},
	{"external", "etcd's CA's key on an etcd machine", func(e editor) { e.add("etcd0", kubePKI+"etcd/ca.key", "0600", string(ours(e, "etcd/ca.key"))) }, "nodes/etcd0/user-data: has the private key of the CA of etcd"},
	{"external", "etcd's CA's key on a control plane", func(e editor) { e.add("cp0", kubePKI+"etcd/ca.key", "0600", string(ours(e, "etcd/ca.key"))) }, "nodes/cp0/user-data: has the private key of the CA of etcd in /etc/kubernetes/pki/etcd/ca.key, and no machine needs it"},
	{"external", "a CA's key on a load balancer", func(e editor) { e.add("lb0", workerPKI+"ca.key", "0600", e.read("cp0", kubePKI+"ca.key")) }, "nodes/lb0/user-data: has the private key of the cluster's CA"},
	{"pools", "a CA's key in another place", func(e editor) { e.add("cp0", "/srv/key", "0600", e.read("cp0", kubePKI+"ca.key")) }, "nodes/cp0/user-data: has the private key of the cluster's CA in /srv/key, which is not its place"},
	{"pools", "a token in another place", func(e editor) { e.add("w0", "/srv/token", "0600", bootstrapToken.FindString(e.read("cp0", initYAML))) }, "nodes/w0/user-data: has the bootstrap token in /srv/token"},
	{"external", "a token on a load balancer", func(e editor) { e.add("lb0", discovery, "0600", e.read("pool", discovery)) }, "nodes/lb0/user-data: has a bootstrap token, and a machine of role load-balancer must not have one"},
	{"stacked", "a token that nobody needs", func(e editor) {
		e.content("cp0", initYAML, func(s string) string {
			return strings.Replace(s, "nodeRegistration:", "bootstrapTokens:\n- token: abcdef.0123456789abcdef\n  ttl: 24h0m0s\nnodeRegistration:", 1)
		})
	}, "nodes/cp0/user-data: has a bootstrap token in /etc/kindling/kubeadm/init.yaml, and nobody joins with one"},
	{"pools", "no token on a control plane", func(e editor) {
		e.content("cp0", initYAML, func(s string) string { return bootstrapToken.ReplaceAllString(s, "x") })
	}, "nodes/cp0/user-data: has no bootstrap token in /etc/kindling/kubeadm/init.yaml, and workers join with one"},
	{"pools", "no token in a pool", func(e editor) { e.drop("pool", discovery) }, "nodes/pool/user-data: has no bootstrap token in /etc/kindling/discovery.conf"},
	{"pools", "two ways to join", func(e editor) {
		e.add("pool", workerPKI+"kubelet-client.key", "0600", e.read("w0", workerPKI+"kubelet-client.key"))
	}, "nodes/pool/user-data: has both a bootstrap token and a certificate to join with"},
	{"pools", "a key that others on the machine may read", func(e editor) {
		e.entry("cp0", kubePKI+"ca.key", func(f map[string]any) { f["permissions"] = "0644" })
	}, "nodes/cp0/user-data: lets others on the machine read /etc/kubernetes/pki/ca.key (mode 0644)"},
	{"flatcar", "a key that others on an Ignition machine may read", func(e editor) {
		e.entry("m0", kubePKI+"sa.key", func(f map[string]any) { delete(f, "mode") })
	}, "nodes/m0/config.ign: lets others on the machine read /etc/kubernetes/pki/sa.key (mode 0644)"},
	{"pools", "a token that others on the machine may read", func(e editor) {
		e.entry("pool", discovery, func(f map[string]any) { delete(f, "permissions") })
	}, "nodes/pool/user-data: lets others on the machine read the bootstrap token"},

	// Secret parts.
	{"split", "a part is missing", func(e editor) { delete(e.set, "secret/cp0") }, "secret/cp0: is missing; put the original back"},
	{"split", "a part left out", func(e editor) {
		e.node("cp0", func(n *generator.IndexNode) { delete(n.Files, "secret/cp0") })
	}, "index.json: has no secret/cp0"},
	{"split", "a part for all to read", func(e editor) { e.set["secret/w0"].Mode = 0o644 }, "secret/w0: has keys in it, and others may read it (mode 0644)"},
	{"split", "another machine's part", func(e editor) { e.write("cp0", "secret/cp0", e.set["secret/cp2"].Data) }, "nodes/cp0/user-data.gz: does not have the SHA-256 of secret/cp0"},
	{"split", "a part cut short", func(e editor) { e.write("cp0", "secret/cp0", e.set["secret/cp0"].Data[:700]) }, "secret/cp0: holds damaged gzip"},
	{"split", "a part that is none", func(e editor) { e.write("cp0", "secret/cp0", packed("hello")) }, "secret/cp0: is not an archive of files"},
	{"split", "a public part", func(e editor) {
		e.node("cp0", func(n *generator.IndexNode) {
			f := n.Files["secret/cp0"]
			f.Secret = false
			n.Files["secret/cp0"] = f
		})
	}, "index.json: is wrong about whether secret/cp0 is secret"},
	{"split", "a key in a document", func(e editor) { e.add("cp0", "/srv/key", "0600", string(ours(e, "nodes/w0/kubelet-client.key"))) }, "nodes/cp0/user-data.gz: is for everyone to read, and has a key or a token in /srv/key"},
	{"split", "a token in a document", func(e editor) { e.add("pool", "/srv/token", "0600", "token: abcdef.0123456789abcdef\n") }, "nodes/pool/user-data.gz: is for everyone to read, and has a key or a token in /srv/token"},
	{"split", "a file twice", func(e editor) { e.add("cp0", kubePKI+"ca.crt", "0644", string(ours(e, "ca.crt"))) }, "secret/cp0: has /etc/kubernetes/pki/ca.crt twice"},
}

// packed is a text in gzip.
func packed(text string) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write([]byte(text))
	w.Close()
	return out.Bytes()
}

var bootstrapToken = regexp.MustCompile(`\b[a-z0-9]{6}\.[a-z0-9]{16}\b`)

// ours is a file of the PKI that the samples are made from, and another one of the same name in another PKI.
func ours(e editor, name string) []byte {
	data, err := os.ReadFile("../../testdata/pki/p256/" + name)
	if err != nil {
		e.Fatal(err)
	}
	return data
}

// atHome is a file of the PKI whose authorities' keys are on no machine.
func atHome(e editor, name string) []byte {
	data, err := os.ReadFile("../../testdata/pki/offline/" + name)
	if err != nil {
		e.Fatal(err)
	}
	return data
}

var others = map[string][]byte{}

func another(e editor, name string) string {
	if len(others) == 0 {
		r := pki.Request{
			Algorithm: "ECDSA-P256", Validity: time.Hour, CAValidity: time.Hour, ServiceAccount: true,
			Authorities: []pki.Authority{{Name: pki.CA, CommonName: "kubernetes"}, {Name: pki.FrontProxyCA, CommonName: "front-proxy-ca"}, {Name: pki.EtcdCA, CommonName: "etcd-ca"}},
			Leaves:      []pki.Leaf{{Name: pki.NodeLeaf("w0", pki.KubeletClient), CA: pki.CA}},
		}
		missing := func(string) ([]byte, error) { return nil, fs.ErrNotExist }
		err := pki.Load(r, missing).Complete(noon, func(files map[string][]byte) error {
			for name, data := range files {
				others[name] = data
			}
			return nil
		})
		if err != nil {
			e.Fatal(err)
		}
	}
	return string(others[name])
}

// TestMutations holds that each single fault is found, named with its file and its remedy, and that no report has a secret in it.
func TestMutations(t *testing.T) {
	t.Logf("%d mutations", len(mutations))
	for _, m := range mutations {
		t.Run(m.sample+" "+m.name, func(t *testing.T) {
			set := load(t, m.sample)
			m.do(editor{t, set})
			report := verify.Set(set, noon)
			text := messages(report)
			if !strings.Contains(text, m.want) {
				t.Errorf("want %q, got\n%s", m.want, text)
			}
			for _, p := range report.Problems {
				if p.File == "" || p.Remedy == "" {
					t.Errorf("%+v", p)
				}
			}
			if found := secrets.FindString(text); found != "" {
				t.Errorf("a secret in %s", text)
			}
		})
	}
}

var secrets = regexp.MustCompile(`PRIVATE KEY|[A-Za-z0-9+/]{60}|\b[a-z0-9]{6}\.[a-z0-9]{16}\b`)

// TestExpiry looks at the same set as the years go by.
func TestExpiry(t *testing.T) {
	end := time.Date(2125, 12, 8, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		days               int
		problems, warnings int
	}{{-61, 0, 0}, {-59, 0, 5}, {1, 13, 0}} {
		report := verify.Set(load(t, "stacked"), end.AddDate(0, 0, test.days))
		if len(report.Problems) < test.problems || test.problems == 0 && len(report.Problems) > 0 || len(report.Warnings) != test.warnings {
			t.Errorf("day %d: %d problems, %d warnings: %s", test.days, len(report.Problems), len(report.Warnings), fmt.Sprint(report.Problems, report.Warnings))
		}
	}
}
