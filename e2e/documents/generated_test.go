package documents

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/specgen"
	"kindling/e2e/internal/tree"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
	kubernetesyaml "sigs.k8s.io/yaml"
)

// built are the releases of the sample clusters, whose kubeadm the tests have.
var built = []string{"v1.37.2", "v1.34.4", "v1.29.15", "v1.28.15"}

// mostNodes is how many machines of a spec the real programs read the documents of: one of each role first.
const mostNodes = 3

var generate = flag.Duration("generate", 0, "how long TestGeneratedDocuments goes on with new specs")

// kept has the bytes of specs of which something was wrong with the documents.
const kept = "testdata/generated"

// TestGeneratedDocuments has the real programs read the documents of generated specs: of some that are always the same, of those that have
// failed before and, with -generate, of new ones. It is no fuzz test of Go's, which gives ten seconds to each.
func TestGeneratedDocuments(t *testing.T) {
	pki := sharedPKI(t)
	check := func(t *testing.T, data []byte) {
		made := specgen.Make(data, built)
		documents, ok := generated(t, write(t, made), pki)
		if !ok {
			return
		}
		var spec writtenSpec
		if err := yaml.Unmarshal(made.Text, &spec); err != nil {
			t.Fatal(err)
		}
		checkSpec(t, spec, made.Files, documents)
		if t.Failed() {
			t.Logf("%s", made.Text)
		}
	}
	failed, err := filepath.Glob(filepath.Join(kept, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range failed {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			check(t, read(t, file))
		})
	}
	for number := range 4 {
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			t.Parallel()
			check(t, bytesOf(number))
		})
	}
	for worker := range runtime.NumCPU() {
		t.Run(fmt.Sprint("new specs ", worker), func(t *testing.T) {
			t.Parallel()
			for end := time.Now().Add(*generate); time.Now().Before(end); {
				number := rand.Uint32()
				data := bytesOf(int(number))
				if !t.Run(fmt.Sprint(number), func(t *testing.T) { check(t, data) }) {
					keep(t, data)
				}
			}
		})
	}
}

func keep(t *testing.T, data []byte) {
	t.Helper()
	file := filepath.Join(kept, fmt.Sprintf("%x", sha256.Sum256(data))[:16])
	if err := errors.Join(os.MkdirAll(kept, 0o755), os.WriteFile(file, data, 0o644)); err != nil {
		t.Fatal(err)
	}
	t.Logf("kept as %s", file)
}

// A writtenSpec is what a cluster.yaml says, as another program than kindling reads it.
type writtenSpec struct {
	ExtraFiles []writtenFile `yaml:"extraFiles"`
	Nodes      []writtenNode
}

type writtenNode struct {
	Name, Role string
	ExtraFiles []writtenFile `yaml:"extraFiles"`
}

type writtenFile struct {
	Path, Content, Source string
	Roles                 []string
}

// checkSpec has cloud-init's code read the documents of some machines, and Ignition write them. A machine with snippets has a document in its
// own format alone, unless it has snippets in both.
func checkSpec(t *testing.T, spec writtenSpec, local map[string]string, documents kindling.Documents) {
	userData := map[string][]byte{}
	nodes := chosen(spec.Nodes)
	for _, n := range nodes {
		if document, ok := documents.WithSnippets(t, n.Name, kindling.CloudInit); ok {
			userData["nocloud/"+n.Name] = document
		}
	}
	read := firstboot.ReadUserData(t, userData)
	for _, n := range nodes {
		written, both := read["nocloud/"+n.Name]
		if config, ok := documents.WithSnippets(t, n.Name, kindling.Ignition); ok {
			m := machine{documents, n.Name, kindling.Text, firstboot.Ignition(t, config)}
			ignited := m.boot.Tree.Without(firstboot.IgnitionOwn...).Without(onlyIgnition...)
			// Each snippet is for one of the two formats.
			if diff := cmp.Diff(files(written.Without("/rest.json", "/etc/snippet")), files(ignited.Without("/etc/snippet", "/etc/systemd/system/own.service"))); both && diff != "" {
				t.Errorf("%s: cloud-init (-) and Ignition (+) wrote different files:\n%s", n.Name, diff)
			}
			checkNetworkConfig(t, m)
			m.boot.Unpack(t, documents.SecretPart(t, n.Name))
			checkPrograms(t, m)
			checkYAML(t, m)
			written = m.boot.Tree
		} else if !both {
			t.Errorf("%s has no document", n.Name)
		}
		for _, file := range slices.Concat(spec.ExtraFiles, n.ExtraFiles) {
			content := file.Content
			if file.Source != "" {
				content = local[path.Clean(file.Source)]
			}
			if len(file.Roles) > 0 && !slices.Contains(file.Roles, n.Role) {
				continue
			}
			if _, found := written[file.Path]; !found && documents.SecretPart(t, n.Name) != nil {
				continue // cloud-init alone has read the document, and the file is in the secret part
			}
			if diff := cmp.Diff(content, written[file.Path].Content); diff != "" {
				t.Errorf("%s: %s is not what the spec says (-want +got):\n%s", n.Name, file.Path, diff)
			}
		}
	}
}

// chosen are the first machines of each role, and then others.
func chosen(nodes []writtenNode) []writtenNode {
	var first, rest []writtenNode
	seen := map[string]bool{}
	for _, n := range nodes {
		if !seen[n.Role] {
			first = append(first, n)
		} else {
			rest = append(rest, n)
		}
		seen[n.Role] = true
	}
	all := append(first, rest...)
	return all[:min(mostNodes, len(all))]
}

// files are those of a tree, without their owners: cloud-init sets these by commands, which do not run here.
func files(t tree.Tree) tree.Tree {
	only := tree.Tree{}
	for name, e := range t {
		if e.Type == "file" {
			e.UID, e.GID = 0, 0
			only[name] = e
		}
	}
	return only
}

// checkPrograms has kubeadm, bash, systemd, HAProxy and keepalived check what is theirs.
func checkPrograms(t *testing.T, m machine) {
	var script strings.Builder
	script.WriteString("set -x\nbash -n /etc/kindling/run.sh\nbash -n /etc/kindling/node.env\n")
	for _, step := range matching(m.boot.Tree, "/etc/kindling/steps/*.sh") {
		script.WriteString("bash -O extglob -n " + step + "\n")
	}
	for _, config := range matching(m.boot.Tree, "/etc/kindling/kubeadm/*.yaml") {
		script.WriteString("/kubeadm config validate --config " + config + " | grep -qx ok\n") // beside warnings about clusterDNS and the like
	}
	for config, command := range loadBalancerChecks {
		if _, ok := m.boot.Tree[config]; ok {
			script.WriteString(command + "\n")
		}
	}
	for _, unit := range matching(files(m.boot.Tree), "/etc/systemd/system/*.service") {
		if _, checked := units.LoadOrStore(m.boot.Tree[unit].Content, true); !checked {
			script.WriteString("mkdir -p /opt/bin /usr/local/bin; touch {/opt,/usr/local}/bin/{containerd,kubelet}; chmod +x {/opt,/usr/local}/bin/*\n")
			script.WriteString("systemd-analyze verify --man=no " + unit + "\n")
		}
	}
	if out, err := m.boot.With(t, kubeadmLayer(t, m.boot.Tree)).Inside(context.Background(), script.String()); err != nil {
		t.Errorf("%s: %v\n%s", m.node, err, out)
	}
}

// units are those that systemd has checked: machines share them.
var units sync.Map

// readConfig has cloud-init make what it makes of a network-config, and print it.
const readConfig = `base64 -d <<<%s | python3 -c '
import json, sys, yaml
from cloudinit.net import network_state
config = yaml.safe_load(sys.stdin)
network_state.parse_net_config_data(config)
print(json.dumps(config))'`

// checkNetworkConfig checks that cloud-init, which reads YAML 1.1, reads what was written.
func checkNetworkConfig(t *testing.T, m machine) {
	text := m.documents.File(t, m.node, "network-config")
	if text == nil {
		return
	}
	out, err := m.boot.Sandbox.Inside(context.Background(), fmt.Sprintf(readConfig, base64.StdEncoding.EncodeToString(text)))
	if err != nil {
		t.Errorf("%s: network-config: %v", m.node, err)
		return
	}
	var want, got any
	if err := errors.Join(yaml.Unmarshal(text, &want), json.Unmarshal(out, &got)); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if isUsers(t, m, text) { // in which "on" is what YAML 1.1 says
		if err := kubernetesyaml.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(plain(t, want), got); diff != "" {
		t.Errorf("%s: cloud-init reads network-config otherwise than it was written (-want +got):\n%s", m.node, diff)
	}
}

// isUsers reports whether a network-config is a file of the spec's, as it is.
func isUsers(t *testing.T, m machine, text []byte) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(m.documents.Spec()), "networks", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(name string) bool {
		own, err := os.ReadFile(name)
		return err == nil && bytes.Equal(own, text)
	})
}

// checkYAML checks that kubeadm and kubectl, whose reader takes more words for numbers and booleans, read in kindling's own YAML what was
// written.
func checkYAML(t *testing.T, m machine) {
	for _, pattern := range []string{"/etc/kindling/*.yaml", "/etc/kindling/kubeadm/*.yaml", "/etc/kindling/patches/kubeletconfiguration-node*"} {
		for _, name := range matching(m.boot.Tree, pattern) {
			text := []byte(m.boot.Tree[name].Content)
			var want, got []any
			decoder := yaml.NewDecoder(bytes.NewReader(text))
			for {
				var value any
				if err := decoder.Decode(&value); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
				want = append(want, plain(t, value))
			}
			for document := range bytes.SplitSeq(text, []byte("\n---\n")) {
				var value any
				if err := kubernetesyaml.Unmarshal(document, &value); err != nil {
					t.Errorf("%s: %s: %v", m.node, name, err)
				}
				got = append(got, value)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: Kubernetes reads %s otherwise than it was written (-want +got):\n%s", m.node, name, diff)
			}
		}
	}
}

// plain is a value as JSON would have it.
func plain(t *testing.T, value any) (out any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}
