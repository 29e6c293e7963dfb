// Package templates has the scripts and units that travel to the machines, as real files: each can be read, linted and run
// by itself. Nothing in them is a template action; what differs between machines comes from /etc/kindling/node.env.
package templates

import (
	"embed"
	"fmt"
)

//go:embed lib/*.sh steps/*.sh units/* ipxe/*
var files embed.FS

// Lib reads lib/NAME.sh, functions that several steps share, or a script of its own.
func Lib(name string) string { return read("lib/" + name + ".sh") }

// Step reads steps/NAME.sh, which defines the function step_NAME.
func Step(name string) string { return read("steps/" + name + ".sh") }

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
