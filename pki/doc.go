// Package pki makes, keeps and checks every key of a cluster on the operator's computer.
//
// # Start here
//
// A PKI directory has the layout of kubeadm's /etc/kubernetes/pki, and a copy of an existing cluster's directory is one:
//
//	ca.{crt,key}  front-proxy-ca.{crt,key}  etcd/ca.{crt,key}  the three authorities
//	sa.{key,pub}                                               signs and verifies service account tokens
//	bootstrap-token                                            lets a new machine ask for its own certificate
//	admin.{crt,key}  super-admin.{crt,key}                     the operator's kubeconfigs
//	nodes/NAME/kubelet-client.{crt,key}                        a worker that joins with its own certificate
//
// Files beside these (apiserver.crt and the like) are neither read nor touched.
//
// [Init] is `kindling pki init`: under a lock it does [LoadDir], [Bundle.Complete] and [SaveDir]. Everything else is
// `kindling generate`: LoadDir, [Bundle.Check], and then only reading. Both are told what a cluster needs by a [Request],
// and what time it is by an argument. Only Complete uses randomness; only LoadDir, SaveDir, Init and [CheckPermissions]
// touch the disk.
//
// # What is never done
//
// No file is ever replaced: Complete makes what is missing, and what is there but wrong is a [Problem] that says what to
// do about it. SaveDir creates each file under another name and links it into place, which the system refuses when the
// name is taken (package renameio would replace it, so it is not used here).
//
// No error and no formatted value holds a secret: [Pair], [Bundle], [WorkerCredentials] and [Kubeconfig] print
// themselves redacted under every verb of package fmt.
//
// # A run that was cut short
//
// Each file is synced, and so is its directory, before the next one is begun, in a fixed order, keys before their
// certificates. So at worst a run leaves one key without its certificate (or sa.key without sa.pub) as the last file, and
// the next run makes the certificate for that very key. A leaf's key may be certified at any time. The key of an
// authority only while it is that last file: if there are later ones, its certificate was there and is lost, machines may
// be running with it, and only the original will do. A certificate without its key is beyond repair by any run.
package pki
