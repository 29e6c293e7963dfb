// Package lock has kindling.lock: everything that a machine may fetch. Files have their URL, size and SHA-256; packages have their
// version, and their repository the fingerprint of its key. `kindling lock` writes it, and documents are made from it, so that they are
// the same on every day.
//
//   - [Wanted] says what the documents of a cluster need: files, as programs in releases ([Needs]), packages ([Packages]) and manifests.
//   - publishers.go knows where each program is published, and in what form its sum; packages.go knows the repositories.
//   - [Update] asks the publishers, a mirror or a directory, and pins what is not pinned yet. It is all of kindling that uses
//     the network.
//   - [Parse] and [Lock.Bytes] read and write the file.
package lock
