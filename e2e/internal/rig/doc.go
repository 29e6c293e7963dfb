// Package rig boots machines: systemd-nspawn containers that have a network interface, a disk and a console of their
// own, with systemd, cloud-init or Ignition, containerd, kubelet and kubeadm, and that are given nothing but a document.
//
// A test reads like a story:
//
//	r := rig.New(t, rig.Current)
//	r.Add(rig.Machine{Name: "cp0", Addresses: cp0, Seed: seed})
//	r.Boot("cp0")
//	r.Exec("cp0", "kubectl", "get", "nodes")
//	r.PowerOff("cp0")
//	r.Wipe("cp0")
//
// What nspawn needs to be like a machine is in machine.sh and in the base root (package build). Nothing of a rig
// outlives its test: mounts and networks end with their namespaces, these with their processes, and these with the test's own
// process, however that ends. Only two settings of the host's kernel stay changed, see host.go.
package rig
