// Package model is an executable model of the rule for an empty etcd data directory (docs/first-boot.md, etcd). Its tests
// explore all histories of a few machines. [Replay] checks what real machines have logged against the same rule.
//
// # What is abstracted
//
//   - A cut link, a machine that is off, and a slow machine are the same thing: what they would do has not happened yet. So
//     there are no links and no power state. A boot is one action, and so is the loss of a disk with the boot after it.
//   - Boots are only compared. All that is kept of a boot is whether it is the machine's current one.
//   - Being asked changes nothing. A round with answers that do not help might as well not have happened. A round of good
//     answers is read one answer at a time, with anything in between.
//   - An election takes a term above the terms of all its voters, so votes need not be stored. A wiped machine has lost its
//     term, and does vote twice. The voters are exactly a quorum: more of them would only learn the term.
//   - What etcd writes before it is established is one entry, publish, the first one of every leader. As in raft, an entry
//     is identified by its index and term. A follower takes entries and answers at once. No message survives the destruction
//     of its sender, but a leader goes on counting what it has counted.
//   - While a destroyed machine starts over, a leader without a quorum steps down (raft's CheckQuorum).
//   - A machine waits until it has seen that all machines are established, one after another and not in one round. Only one
//     machine looks, since one is enough to let a client write. From then on a founder has its fence. The other founders are
//     assumed to have none, and the loss of the etcd disk without a fence is a wipe. The manifest matters only where the rule
//     is wrong, and so does the answer null, which is silence.
//   - There is one client write. It goes through the leader, as soon as any machine has an API server. So the model need not
//     look whether a machine's etcd holds a key. On real machines, a key lets a machine go on that cannot see all others.
//
// # What is promised
//
// Machines may be destroyed at any moment, or lose one of their disks. [KeepsWrite] and [OneCluster] hold in every history
// that is explored. Before the first write, two machines may have committed different first entries. The etcd of one of them
// can then follow no leader, and that machine has to be wiped; no write is lost.
//
// # What the rule depends on
//
//   - A leader that has lost contact with its quorum steps down before a destroyed machine can start over: etcd always has
//     raft's CheckQuorum on. A leader that kept the votes of destroyed machines would go on, beside another one that the same
//     machines elect in the same term.
//   - All machines have documents of one generation, which expect all founders ([Model].Expect). TestWrongRules shows what
//     happens if they expect only a majority.
//   - No machine lets clients write before all founders are established. That includes a machine that joins, or that resumes
//     with a new root disk: [Rule].NewcomersWriteAtOnce shows how a write would be lost.
//
// # What the rule does not withstand
//
// A machine is destroyed after it has voted. Another one knows that the cluster is established, but does not apply that entry
// for as long as the destroyed machine takes to start over ([Model].AppliesLate, TestAppliesLate).
//
// # What Replay cannot see
//
// The lines do not say whether a machine's etcd holds a key, nor what is in the document of a machine that was not a founder.
// So founders have to wait only until any machine has gone on, and joiners not at all. A member that another machine removes
// must not be known to run; more cannot be checked.
package model
