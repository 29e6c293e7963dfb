// Package lock has kindling.lock: every file that a machine may download, with its URL, its size and its SHA-256. `kindling lock`
// writes it, and documents are made from it, so that they are the same on every day.
//
//   - [Needs] says what the machine of a node downloads, as programs in releases.
//   - publishers.go knows where each program is published, and in what form its sum.
//   - [Update] asks the publishers, a mirror or a directory, and pins what is not pinned yet. It is all of kindling that uses
//     the network.
//   - [Parse] and [Lock.Bytes] read and write the file.
package lock
