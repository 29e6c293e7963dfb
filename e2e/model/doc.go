// Package model is the rule for an empty etcd data directory (docs/first-boot.md, etcd) as a model that can be executed. Its
// tests explore all histories of a few machines, and [Replay] holds what real machines have logged against the same rule.
//
// # What is abstracted
//
//   - A link that is cut, a machine that is off, and one that is slow are the same thing: what they would do does not happen
//     yet. So there are no links and no power state; a boot is one action, and so is a loss of disks with the boot after it.
//   - Boots are compared only, so that what is kept of a boot is whether it is the machine's present one.
//   - To be asked changes nothing. A round with answers that do not help is one that has not been; a round of good answers is
//     read one by one, with anything in between.
//   - An election takes a term above those of all its voters, so that votes need not be kept. A wiped machine has lost its
//     term and does vote twice. The voters are just a quorum: more would only know the term.
//   - What etcd writes before it is established is one entry, publish, the first of every leader. As in raft, an entry is
//     known by its index and term. A follower takes entries and answers at once, and no message survives the destruction of
//     its sender, but what a leader has counted it goes on counting.
//   - While a destroyed machine is made anew, a leader without a quorum steps down (raft's CheckQuorum).
//   - A machine waits until it has seen that all are established, one after the other and not in one round, and only one machine
//     looks, since one is enough to let a client write. A founder has its fence from then on; the other founders are taken to have
//     none, and a loss of the etcd disk without it is a wipe. Of the manifest and of the answer null, which is silence, something
//     depends only where the rule is wrong.
//   - There is one write of a client, by way of the leader, as soon as any machine has an API server. So nobody needs to look
//     whether its etcd holds a key, which in the product lets a machine go on that cannot see all others.
//
// # What is promised
//
// Machines may be destroyed at any moment, or lose one of their disks. [KeepsWrite] and [OneCluster] hold in all that is explored.
// Before the first write two machines may have committed different first entries. The etcd of one of them can then follow nobody,
// and that machine has to be wiped; no write is lost.
//
// # What the rule depends on
//
//   - A leader which has lost touch with its quorum steps down before a destroyed machine can begin anew: etcd always has
//     raft's CheckQuorum on. A leader that kept the votes of the destroyed would go on beside one that these elect in the same
//     term.
//   - All machines have documents of one generation, which expect all founders ([Model].Expect): see TestWrongRules for
//     a majority of them.
//   - Nobody lets clients write before all founders are established, nor does one that joins or resumes with a new root disk.
//     For these [Rule].NewcomersWriteAtOnce shows how a write is lost.
//
// # What the rule does not withstand
//
// A machine is destroyed after it has voted, and another one, which knows that the cluster is established, does not apply that for
// as long as the destroyed one takes to begin anew ([Model].AppliesLate, TestAppliesLate).
//
// # What Replay cannot see
//
// The lines tell neither what a machine's document says, if it was not a founder, nor whether its etcd holds a key. So founders
// are held to their waiting until any machine has gone on, and joiners are not; and a member that another machine removes
// must only not be known to run.
package model
