package generator_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"kindling/generator"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/pki/store"
)

// BenchmarkWorker is what one more worker costs in memory: its document and its rows in README.md, without the disk.
func BenchmarkWorker(b *testing.B) {
	for _, system := range []string{"ubuntu", "flatcar"} {
		b.Run(system, func(b *testing.B) {
			var nodes strings.Builder
			for i := range b.N {
				fmt.Fprintf(&nodes, "- {name: worker-%d, role: worker, address: 10.%d.%d.%d}\n", i, 1+i/62500, i/250%250, i%250+1)
			}
			text := "apiVersion: kindling/v1alpha1\nkind: Cluster\nname: fleet\nkubernetesVersion: v1.37.2\ncontrolPlaneEndpoint: api.fleet.test:6443\n" +
				"networking: {podSubnet: 172.16.0.0/12, serviceSubnet: 192.168.0.0/16}\nos: " + system + "\ninstall: {method: preinstalled}\ncni: {manifest: none}\n" +
				"nodes:\n- {name: cp0, role: control-plane, address: 10.0.0.1}\n" + nodes.String()
			c, problems := spec.Load([]byte(text), spec.Local{Files: os.DirFS(clusters)})
			if c == nil {
				b.Fatal(problems)
			}
			keys := pki.Load(generator.Request(c), store.Directory("../testdata/pki/p256").Read)
			if err := keys.Complete(noon, func(map[string][]byte) error { return nil }); err != nil {
				b.Fatal(err)
			}
			g, err := generator.New(c, keys, testLock(b))
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for artifact, err := range g.Set().Artifacts() {
				if err != nil {
					b.Fatal(err)
				}
				_ = artifact
			}
		})
	}
}
