// Package pki makes and checks every key of a cluster on the operator's computer. It is pure: files come and go by name and
// bytes, through functions that package store has for a directory; the time is an argument; only making keys and
// certificates uses randomness.
//
// # Start here
//
// A PKI has the layout of kubeadm's /etc/kubernetes/pki, and a copy of an existing cluster's directory is one:
//
//	ca.{crt,key}  front-proxy-ca.{crt,key}  etcd/ca.{crt,key}  the three authorities
//	sa.{key,pub}                                               signs and verifies service account tokens
//	bootstrap-token                                            lets a new machine ask for its own certificate
//	admin.{crt,key}  super-admin.{crt,key}                     the operator's kubeconfigs
//	nodes/NAME/kubelet-client.{crt,key}                        a worker that joins with its own certificate
//	nodes/NAME/apiserver-etcd-client.{crt,key}                 a control plane whose etcd is external
//	nodes/NAME/etcd/{server,peer}.{crt,key}                    an etcd machine
//
// A [Request] says what a command needs of it. [Load] reads that and nothing else. Then [Bundle.Check] decides whether it
// can be used, [Bundle.Complete] is `kindling pki init`, [Bundle.Renew] `kindling pki renew` and [Bundle.Rotate] `kindling pki
// rotate`, which keeps NAME.next or NAME.previous beside a pair until it is over. What a document may carry is a type: [ControlPlane], [Worker], [EtcdMember], [LoadBalancer].
//
// # What is never done
//
// Complete replaces nothing: it makes what is missing, and what is there but wrong is a [Problem] that says what to do about
// it. Renew replaces leaves and nothing else. Rotate alone puts another authority in the place of one, and removes the old one's key
// in its last stage, when no machine relies on it.
//
// No error and no formatted value holds a secret: [Pair], [Bundle], the credentials and [Kubeconfig] print themselves
// redacted under every verb of package fmt.
//
// # A run that was cut short
//
// Authorities are saved pair by pair, and a store saves keys before certificates. So at worst a run leaves one authority's
// key without its certificate as the last file, and the next run certifies that very key. If there are later files, the
// certificate was there and is lost, machines may be running with it, and only the original will do. A leaf's key may be
// certified at any time. A certificate without its key is beyond repair by any run.
package pki
