// Package formation runs the etcd step of the generated documents with the real etcd: machines that are no more than a
// network namespace, a disk and their first process. There is no kubelet and no container runtime; what the step calls of
// them is in bin.
package formation
