// Package e2e checks kindling's documents with the real programs that read them: cloud-init, Ignition, kubeadm and
// OpenSSL. Its tests run on throw-away root directories and take a few seconds a cluster.
//
// What they need is installed by install.sh and built once, see package build. Tests with whole machines, which boot
// the documents, are in package machines.
package e2e
