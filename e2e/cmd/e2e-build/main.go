// Command e2e-build makes what the tests need, and says how long each part took. It is not needed, since every test
// makes what it misses; it shows a cold start's progress.
//
//	e2e-build         what the fast checks need
//	e2e-build rig     what whole machines need as well
package main

import (
	"context"
	"log"
	"os"
	"time"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/rig"
)

func main() {
	log.SetFlags(0)
	ctx := context.Background()

	timed("base root", func() error { _, err := build.BaseRoot(ctx); return err })
	timed("kubeadm", func() error { _, err := build.Kubeadm(build.KubernetesVersion).Path(ctx); return err })
	if len(os.Args) > 1 && os.Args[1] == "rig" {
		for _, release := range []rig.Release{rig.Current, rig.Older} {
			timed("programs of machines with "+string(release), func() error { return release.Build(ctx) })
			timed("images of machines with "+string(release), func() error { return release.Image(ctx) })
		}
	}
}

func timed(what string, make func() error) {
	began := time.Now()
	if err := make(); err != nil {
		log.Fatalf("%s: %v", what, err)
	}
	log.Printf("%s: %.0f s", what, time.Since(began).Seconds())
}
