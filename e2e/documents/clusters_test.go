package documents

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
)

var (
	samples = filepath.Join(kindling.Source(), "testdata/clusters")
	testPKI = filepath.Join(kindling.Source(), "testdata/pki/p256")
	rsaPKI  = filepath.Join(kindling.Source(), "testdata/pki/rsa2048") // its administrator's certificate is as before Kubernetes 1.29
)

// notGenerated lists the sample clusters for which kindling cannot make documents yet.
var notGenerated = []string{"v1.11"}

// eachCluster runs a test with the documents of every sample cluster that has any.
func eachCluster(t *testing.T, test func(t *testing.T, documents kindling.Documents)) {
	specs, err := filepath.Glob(filepath.Join(samples, "*.yaml"))
	if err != nil || len(specs) == 0 {
		t.Fatalf("no sample clusters: %v", err)
	}
	for _, spec := range specs {
		cluster := strings.TrimSuffix(filepath.Base(spec), ".yaml")
		t.Run(cluster, func(t *testing.T) {
			t.Parallel()
			pki := testPKI
			if cluster == "kube-vip-v1.28" {
				pki = rsaPKI
			}
			documents, err := kindling.Generate(t, spec, pki)
			switch expected := slices.Contains(notGenerated, cluster); {
			case expected && err == nil:
				t.Fatal("kindling can now make its documents: remove it from notGenerated")
			case !expected && err != nil:
				t.Fatal(err)
			case !expected:
				test(t, documents)
			}
		})
	}
}

// eachNode runs a test with every node of every sample cluster. Nodes take turns with the encodings that NoCloud, cloud-init's data
// source in these tests, reads.
func eachNode(t *testing.T, test func(t *testing.T, documents kindling.Documents, node, encoding string)) {
	encodings := []string{kindling.Text, kindling.Gzip}
	eachCluster(t, func(t *testing.T, documents kindling.Documents) {
		for i, node := range documents.Nodes(t) {
			t.Run(node, func(t *testing.T) { test(t, documents, node, encodings[i%len(encodings)]) })
		}
	})
}

// seed returns what a cloud provider would give to the node's cloud-init. For a pool, or a node with Ignition, its meta-data are
// made up.
func seed(t *testing.T, documents kindling.Documents, node, encoding string) firstboot.Seed {
	t.Helper()
	seed := firstboot.Seed{
		"user-data": documents.Document(t, node, kindling.CloudInit, encoding),
		"meta-data": []byte("instance-id: " + node + "\nlocal-hostname: " + node + "-1\n"),
	}
	for _, name := range []string{"meta-data", "network-config"} {
		if content := documents.File(t, node, name); content != nil {
			seed[name] = content
		}
	}
	return seed
}
