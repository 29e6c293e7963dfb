// Package build makes the real programs that kindling's documents are checked with, from their Go modules.
//
// A [Program] is built once for each version and kept in [CacheDir]:
//
//	kubeadm, err := build.Kubeadm("v1.37.2").Path(ctx)
package build
