// Package build makes the real programs that check kindling's documents, from their Go modules, and the Debian machine that
// they run on.
//
// Each is an [Artifact], which the command e2e-build makes once for each version and keeps in [CacheDir]. The tests only look
// for it there:
//
//	kubeadm, err := build.Kubeadm("v1.37.2").Path()
package build
