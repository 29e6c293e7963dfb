// Package templates has the scripts and units that travel to the machines, as real files: each can be read, linted and run
// by itself. Nothing in them is a template action; what differs between machines comes from /etc/kindling/node.env.
//
//   - boot/ has the frame of run.sh and the steps of most machines, etcd/, install/, join/ and loadbalancer/ the steps of those
//     subjects.
//     A file has the function of one step, or functions that several steps share.
//   - [Script.Compose] puts the run.sh of a machine together from these files.
//   - units/ has systemd units and drop-ins, ipxe/ the scripts of machines that boot over the network.
//   - package step has the list of the steps.
package templates

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"sync"
)

//go:embed boot/*.sh etcd/*.sh install/* join/*.sh loadbalancer/*.sh units/* ipxe/*
var files embed.FS

// Digest is a hash of all these files.
var Digest = sync.OnceValue(func() []byte {
	hash := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			fmt.Fprintf(hash, "%s\n%s", path, read(path))
		}
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("templates: %v", err)) // the files are in the program
	}
	return hash.Sum(nil)
})

// Unit reads units/NAME, a systemd unit or drop-in, without its comments.
func Unit(name string) string { return comment.ReplaceAllString(read("units/"+name), "") }

// ContainerdConfig is containerd's configuration, in which install/containerd.sh fills in the sandbox image.
func ContainerdConfig() string { return read("install/containerd.toml") }

var comment = regexp.MustCompile("(?m)^#.*\n")

// IPXE reads ipxe/NAME.
func IPXE(name string) string { return read("ipxe/" + name) }

func read(path string) string {
	b, err := files.ReadFile(path)
	if err != nil {
		panic(fmt.Sprintf("templates: %v", err)) // the path is a constant of the caller
	}
	return string(b)
}
