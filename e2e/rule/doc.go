// Package rule is the rule for an empty etcd data directory (docs/first-boot.md, etcd) as a model that can be executed. Its
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
//   - While a destroyed machine is made anew, a leader without a quorum steps down (raft's CheckQuorum). The rule needs that:
//     a leader which kept the votes of the destroyed would go on beside one that these elect in the same term.
//   - A founder waits until it has seen that all are established, one after the other and not in one round, and only one founder
//     looks, since one is enough to let a client write. It has its fence from then on; the others are taken to have none, and
//     a loss of the etcd disk without it is a wipe. The manifest matters without the guard, and when the root disk is lost. The
//     answer null is silence, unless the rule is wrong about it.
//   - There is one write of a client, by way of the leader, as soon as any machine has an API server.
//
// # What is promised
//
// Machines may be destroyed at any moment. [KeepsWrite] and [OneCluster] hold in all that is explored, but before anything is
// written the etcd of a machine may get stuck with a first entry that the others have not.
//
// # What the rule does not withstand
//
// Each takes disasters within the formation of a cluster, and has a test that shows how the write is lost:
//
//   - A machine is destroyed after it has voted, and another one, which knows that the cluster is established, does not apply
//     that for as long as the destroyed one takes to begin anew ([Model].AppliesLate).
//   - Who starts existing does not wait. A founder that loses its root disk before all are established lets clients write too
//     early (three machines, and one more destroyed between its vote and the entry), and so does a joiner, which takes the place
//     of a machine that was destroyed then (five machines, and two more destroyed in that way). [Rule].AllWait would do.
package rule
