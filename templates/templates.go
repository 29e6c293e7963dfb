// Package templates has the scripts and units that travel to the machines, as real files: each can be read, linted and run
// by itself. Nothing in them is a template action; what differs between machines comes from /etc/kindling/node.env.
//
//   - boot/ has the frame of run.sh and the steps of most machines, etcd/, join/ and loadbalancer/ the steps of those subjects.
//     A file has the function of one step, or functions that several steps share.
//   - [Script.Compose] puts the run.sh of a machine together from these files.
//   - units/ has systemd units and drop-ins, ipxe/ the scripts of machines that boot over the network.
//   - package step has the list of the steps.
package templates

import (
	"embed"
	"fmt"
)

//go:embed boot/*.sh etcd/*.sh join/*.sh loadbalancer/*.sh units/* ipxe/*
var files embed.FS

// Unit reads units/NAME, a systemd unit or drop-in.
func Unit(name string) string { return read("units/" + name) }

// IPXE reads ipxe/NAME.
func IPXE(name string) string { return read("ipxe/" + name) }

func read(path string) string {
	b, err := files.ReadFile(path)
	if err != nil {
		panic(fmt.Sprintf("templates: %v", err)) // the path is a constant of the caller
	}
	return string(b)
}
