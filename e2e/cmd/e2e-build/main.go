// Command e2e-build makes what the tests take from the cache, and prints a line for each part with its seconds.
//
//	e2e-build            what make test needs
//	e2e-build rig        what the whole machines of make e2e need
//	e2e-build matrix     what the whole machines of make e2e-matrix need as well
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/rig"
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background(), strings.Join(os.Args[1:], " ")); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, what string) error {
	switch what {
	case "":
		return buildForDocuments(ctx)
	case "rig":
		return buildForMachines(ctx, []rig.Release{rig.Current, rig.Older})
	case "matrix":
		versions, err := machineVersions()
		if err != nil {
			return err
		}
		var releases []rig.Release
		for _, version := range versions {
			releases = append(releases, rig.Release(version))
		}
		live, err := build.LiveImageArtifact()
		if err != nil {
			return err
		}
		return buildForMachines(ctx, releases, live)
	}
	return fmt.Errorf("unknown argument %q; want rig or matrix", what)
}

func buildForDocuments(ctx context.Context) error {
	b := builder{cost: "10 minutes on two fast cores, 20 on slow ones, and 8 GB of disk with Go's own caches"}
	root, err := build.BaseRootArtifact()
	if err != nil {
		return err
	}
	versions, err := sampleVersions()
	if err != nil {
		return err
	}
	network, err := build.NetworkRootArtifact()
	if err != nil {
		return err
	}
	artifacts := []build.Artifact{
		root,
		network,
		build.Butane(build.ButaneVersion).Artifact(),
		build.Matchbox(build.MatchboxVersion).Artifact(),
		build.Etcd("etcd", build.EtcdVersion).Artifact(),
		build.Etcd("etcdctl", build.EtcdVersion).Artifact(),
	}
	for _, version := range versions {
		artifacts = append(artifacts, build.Kubeadm(version).Artifact())
	}
	return b.make(ctx, artifacts)
}

func buildForMachines(ctx context.Context, releases []rig.Release, more ...build.Artifact) error {
	b := builder{cost: "half an hour on two fast cores, an hour on slow ones, and 20 GB of disk with Go's own caches"}
	root, err := build.BaseRootArtifact()
	if err != nil {
		return err
	}
	stock, err := build.StockRootArtifact()
	if err != nil {
		return err
	}
	managers, err := build.RPMRootArtifact()
	if err != nil {
		return err
	}
	first := []build.Artifact{root, stock, managers, build.CoreDNS(build.CoreDNSVersion).Artifact()}
	for _, name := range []string{"containerd", "containerd-shim-runc-v2", "ctr"} {
		first = append(first, build.Containerd(name, build.OlderContainerdVersion).Artifact())
	}
	for _, release := range releases {
		first = append(first, build.Kubeadm(string(release)).Artifact())
	}
	if err := b.make(ctx, append(first, more...)); err != nil {
		return err
	}
	for _, release := range releases {
		artifacts, err := release.Artifacts(ctx)
		if err != nil {
			return err
		}
		if err := b.make(ctx, artifacts); err != nil {
			return err
		}
	}
	return nil
}

// A builder makes artifacts.
type builder struct {
	cost string // of the first run, until it has been printed
}

// make makes the artifacts that are not there yet.
func (b *builder) make(ctx context.Context, artifacts []build.Artifact) error {
	for _, artifact := range artifacts {
		if _, err := artifact.Path(); err == nil {
			continue
		}
		if b.cost != "" {
			log.Printf("programs for the tests are built once and kept: the first run takes %s", b.cost)
			b.cost = ""
		}
		began := time.Now()
		if err := artifact.Make(ctx); err != nil {
			return err
		}
		log.Printf("%s: %.0f s", artifact.Name, time.Since(began).Seconds())
	}
	return nil
}
