// Package rig boots machines: systemd-nspawn containers with their own network interface, disk and console, and with
// systemd, cloud-init or Ignition, containerd, kubelet and kubeadm. They get nothing but a document.
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
// What makes nspawn resemble a machine is in machine.sh and in the base root (package build). Nothing of a rig outlives its
// test: mounts and networks end with their namespaces, namespaces with their processes, and processes with the test's own
// process, however that ends. Only two settings of the host's kernel stay changed (see host.go).
package rig
