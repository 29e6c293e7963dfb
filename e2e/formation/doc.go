// Package formation runs the etcd step of the generated documents with the real etcd. A machine is only a network namespace,
// a disk and a first process. There is no kubelet and no container runtime; bin stands in for what the step calls.
package formation
