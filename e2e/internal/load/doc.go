// Package load shows that a cluster loses no acknowledged write, whatever happens to its machines meanwhile.
//
// A few clients write and read back ConfigMaps of one namespace all the time, as users of the API server do: through the
// load balancer, while control planes are wiped and rebooted. They record what they asked, what was answered and when. That
// history is then judged by Porcupine, the linearizability checker of etcd's own robustness tests. It looks for an order of
// all operations, each of them at one moment between its request and its answer, in which every read returns what was
// written last. If there is none, a write was lost or a read was stale:
//
//	l, err := load.Start(client, "https://10.0.0.2:6443", "default")
//	// wipe, reboot, wait until the cluster has healed
//	history := l.Stop()
//	t.Log(history.Summary())
//	if err := history.Check(); err != nil {
//		t.Error(err)
//	}
//	if gap := history.LongestGap(); gap > 30*time.Second {
//		t.Errorf("nobody could write for %s", gap)
//	}
//
// # Keys
//
// A key is a ConfigMap. All clients use the same one for a few seconds, and then all of them the next one: the time for a
// check grows fast with the number of operations on a key. No value is written twice. [Load.Stop] reads every key of the run
// once more, which shows a write that was lost long after it was acknowledged.
//
// # Operations
//
// Create is a POST. It is done when the key did not exist, and is answered by 409 AlreadyExists when it did. Update is a PUT
// without resourceVersion, thus unconditional; it is answered by 404 NotFound when the key did not exist. Read is a GET
// without resourceVersion, thus from etcd's quorum; a key that does not exist reads as absent. No key is ever deleted.
//
// # Outcomes
//
// What the history says must be certain. A write that is recorded as done but is not would look like a loss. So would one
// that is recorded as not done and is done later.
//
//   - Acknowledged: 200 or 201, and the whole object came. It was done before the answer. So is a read that is answered
//     by 404 NotFound.
//   - Rejected: 409 AlreadyExists for a create, 404 NotFound for an update. This write was not done, since etcd tests and
//     writes in one transaction. It also shows, as a read would, that the key exists or does not. The key may exist because of
//     an earlier create of unknown outcome. The checker then treats that other operation of the history as done.
//   - Failed: it was never done. Either no connection was made, so no byte of the request was sent: refused, timed
//     out or cut in the TLS handshake. Or the answer is any other 4xx: the API server gives these before it writes to etcd,
//     such as 403 while its admission is not ready yet, and 429 when it is overloaded or shutting down. 408 is not among
//     them: only proxies send it, and not about etcd.
//   - Unknown: everything else, such as a time-out, a connection that was cut, or 5xx. It may be done at any time from its
//     request on, or never. Its client goes on under another number, since it no longer does one thing after another.
//
// A read that was not answered says nothing and is not judged.
package load
