package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/staticpod"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/templates"
)

const (
	etc              = "/etc/kindling"
	patchesDirectory = etc + "/patches"
)

// common is what a node of any role may be built from: no private key is reachable from it.
type common struct {
	spec    *spec.Cluster
	dir     fs.FS
	files   []File
	scripts map[string]File
	steps   map[string][]string
	set     string
}

func newCommon(c *spec.Cluster, dir fs.FS) (common, error) {
	m := common{spec: c, dir: dir, scripts: map[string]File{}, steps: map[string][]string{}}
	for kind := range kinds {
		script, err := runScript(c, kind)
		if err != nil {
			return m, err
		}
		m.scripts[kind], m.steps[kind] = packed(etc+"/run.sh", 0o644, script), stepsOf(c, kind)
	}
	patches, err := patchFiles(c.Patches.Directory, dir)
	if err != nil {
		return m, err
	}
	extra, err := extraFiles("extraFiles", c.ExtraFiles, dir)
	m.files = slices.Concat(patches, extra)
	return m, err
}

// setID reads what all documents are made from, the other nodes' own files included.
func (m *common) setID(b *pki.Bundle, manifests []File) (string, error) {
	files := [][]File{m.files, manifests}
	for _, n := range m.spec.Nodes {
		extra, err := extraFiles("nodes["+n.Name+"].extraFiles", n.ExtraFiles, m.dir)
		if err != nil {
			return "", err
		}
		files = append(files, extra)
	}
	return setID(m.spec, b, files...)
}

// node puts together what the role contributes and what every machine has.
func (m *common) node(n spec.Node, own []File) (Node, error) {
	os := n.System()
	extra, err := extraFiles("nodes["+n.Name+"].extraFiles", n.ExtraFiles, m.dir)
	if err != nil {
		return Node{}, err
	}
	node := Node{
		Name: n.Name, Role: n.Role, OS: os, Any: n.Any(),
		SSHAuthorizedKeys: m.spec.SSHAuthorizedKeys,
		Steps:             m.steps[kindOf(m.spec, n)],
		Files:             slices.Concat(own, []File{m.scripts[kindOf(m.spec, n)]}, m.files, extra),
		Units:             []Unit{{Name: "kindling.service", Enabled: true, Content: service(m.spec, n)}},
	}
	switch {
	case n.Role == spec.EtcdMember:
		node.Units = append(node.Units, Unit{Name: "kubelet.service", DropIn: mountsFor(m.spec, "kubelet-etcd.conf")})
	case runsEtcd(m.spec, n):
		node.Units = append(node.Units, Unit{Name: "kubelet.service", DropIn: mountsFor(m.spec, "kubelet-etcd-guard.conf")})
	}
	// Linux allows 64 characters; kubelet is told a longer node name by kubeadm.
	if len(n.Name) <= 64 && !n.Any() {
		node.Files = append(node.Files, public("/etc/hostname", []byte(n.Name+"\n")))
	}
	if len(m.spec.TimeServers) > 0 {
		node.Files = append(node.Files, public(os.TimeServersPath, []byte(os.TimeServersFile(m.spec.TimeServers))))
	}
	files := os.Files
	if node.Network = networkOf(m.spec, n); node.Network != nil && os.NetworkFile != nil {
		files = append(slices.Clone(files), os.NetworkFile(*node.Network))
	}
	for _, f := range files {
		node.Files = append(node.Files, File{Path: f.Path, Mode: f.Mode, Content: []byte(f.Content)})
	}
	slices.SortStableFunc(node.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	for _, unit := range os.MaskUnits {
		node.Units = append(node.Units, Unit{Name: unit, Masked: true})
	}
	return node, nil
}

// service is kindling.service; most machines have no disk of etcd's to wait for.
func service(c *spec.Cluster, n spec.Node) string {
	if runsEtcd(c, n) {
		return strings.Replace(templates.Unit("kindling.service"), "@MOUNTS@", "/var/lib/kindling "+c.Etcd.DataDir, 1)
	}
	return strings.Replace(templates.Unit("kindling.service"), "@MOUNTS@", "/var/lib/kindling", 1)
}

func nodeEnv(c *spec.Cluster, n spec.Node, set string) env {
	values := env{
		"CLUSTER":                c.Name,
		"CONTROL_PLANE_ENDPOINT": c.ControlPlaneEndpoint,
		"KUBERNETES_VERSION":     c.KubernetesVersion,
		"NODE_IP":                nodeIP(c, n),
		"ROLE":                   n.Role,
		"SET":                    set,
		"TIME_SERVERS":           strings.Join(c.TimeServers, " "),
	}
	if !n.Any() {
		values["NAME"] = n.Name
	}
	return values
}

// networkOf is the node's static network configuration, or nil. A pool's machines have no address to give them.
func networkOf(c *spec.Cluster, n spec.Node) *distro.Network {
	if c.Network == nil || n.Any() {
		return nil
	}
	network := &distro.Network{
		Interface:   cmp.Or(c.Network.Interface, "eth0"),
		MAC:         n.MAC,
		Gateway:     c.Network.GatewayAddr(),
		Nameservers: c.Network.Nameservers,
	}
	for _, address := range n.Addresses() {
		if address.Is4() == network.Gateway.Is4() {
			network.Address = netip.PrefixFrom(address, c.Network.PrefixLength)
		}
	}
	return network
}

// extraFiles resolves the spec's own files.
func extraFiles(field string, list []spec.File, dir fs.FS) ([]File, error) {
	var files []File
	for i, f := range list {
		content := []byte(f.Content)
		if f.Source != "" {
			var err error
			if content, err = fs.ReadFile(dir, f.Source); err != nil {
				return nil, fmt.Errorf("%s[%d].source: %w", field, i, err)
			}
		}
		file := File{Path: f.Path, Mode: f.Perm(), Content: content}
		if len(content) > 1024 {
			file = packed(f.Path, f.Perm(), content)
		}
		files = append(files, file)
	}
	return files, nil
}

// patchFiles reads the directory of kubeadm patches.
func patchFiles(directory string, dir fs.FS) ([]File, error) {
	if directory == "" {
		return nil, nil
	}
	entries, err := fs.ReadDir(dir, directory)
	if err != nil {
		return nil, fmt.Errorf("patches.directory: %w", err)
	}
	var files []File
	for _, e := range entries {
		content, err := fs.ReadFile(dir, path.Join(directory, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("patches.directory: %w", err)
		}
		files = append(files, public(patchesDirectory+"/"+e.Name(), content))
	}
	return files, nil
}

// manifestFiles are the local manifests for the machine and, if there are any manifests, the list that the cluster step
// reads: a path, or a URL with its SHA-256, a line each.
func manifestFiles(c *spec.Cluster, dir fs.FS) (files []File, err error) {
	var lines strings.Builder
	add := func(field string, i int, m spec.Manifest) error {
		if m.Kind() == spec.RemoteManifest {
			fmt.Fprintf(&lines, "%s %s\n", m.Manifest, m.SHA256)
			return nil
		}
		content, err := fs.ReadFile(dir, m.Manifest)
		if err != nil {
			return fmt.Errorf("%s: %w", field, err)
		}
		if sum := sha256.Sum256(content); m.SHA256 != "" && hex.EncodeToString(sum[:]) != m.SHA256 {
			return fmt.Errorf("%s: the SHA-256 of %s is %x, not the sha256 of cluster.yaml", field, m.Manifest, sum)
		}
		target := fmt.Sprintf("%s/manifests.d/%02d-%s", etc, i, path.Base(m.Manifest))
		files = append(files, packed(target, 0o644, content))
		fmt.Fprintln(&lines, target)
		return nil
	}
	if c.UsesKubeVIP() {
		rights, err := staticpod.KubeVIPRights()
		if err != nil {
			return nil, err
		}
		target := etc + "/manifests.d/kube-vip.yaml"
		files = append(files, packed(target, 0o644, rights))
		fmt.Fprintln(&lines, target)
	}
	if c.CNI.Kind() != spec.NoManifest {
		if err := add("cni.manifest", 0, c.CNI); err != nil {
			return nil, err
		}
	}
	for i, m := range c.Addons {
		if err := add(fmt.Sprintf("addons[%d].manifest", i), i+1, m); err != nil {
			return nil, err
		}
	}
	if lines.Len() > 0 {
		files = append(files, public(etc+"/manifests", []byte(lines.String())))
	}
	return files, nil
}
