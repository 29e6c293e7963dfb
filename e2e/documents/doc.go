// Package documents checks kindling's documents with the real programs that read them: cloud-init, Ignition, butane,
// kubeadm, OpenSSL, HAProxy and keepalived. Its tests run on throw-away root directories and take a few seconds per node.
//
// Run them with `go test -count=1 ./...`: Go does not see that they depend on another module, and would reuse old results.
//
// What they need is installed by install.sh and built by the command e2e-build. The tests that boot whole machines from the
// documents are in package machines.
package documents
