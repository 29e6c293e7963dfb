package firstboot

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kindling/e2e/build"
	"kindling/e2e/sandbox"
	"kindling/e2e/tree"
)

// A Seed is the files that the NoCloud data source reads, by their names: user-data, meta-data, network-config.
type Seed map[string][]byte

// A CloudInitRun is what cloud-init has done with a seed.
type CloudInitRun struct {
	Sandbox *sandbox.Sandbox
	// Tree is what the seed made it write, apart from its own records.
	Tree tree.Tree
	// Systemctl are the arguments of each call of systemctl.
	Systemctl []string
	// Warnings are the lines of its log that it did not write for an empty document as well.
	Warnings []string
}

// cloudInitRecords are the paths where cloud-init keeps what it has done.
var cloudInitRecords = []string{"/var/lib/cloud", "/var/log/cloud-init*.log", systemctlCalls, "/etc/passwd-", "/etc/group-", "/etc/shadow-"}

// systemctlCalls is where the stub of systemctl writes what it was asked to do.
const systemctlCalls = "/var/log/systemctl-calls"

const systemctlStub = "#!/bin/sh\necho \"$*\" >>" + systemctlCalls + "\n"

// The stages in the order in which systemd starts them.
const cloudInitStages = `
	cloud-init init --local
	cloud-init init
	cloud-init modules --mode=config
	cloud-init modules --mode=final
` // The result is checked afterwards: a stage can fail and still exit 0.

// CloudInit boots a machine that has never been booted with the seed.
func CloudInit(t testing.TB, seed Seed) CloudInitRun {
	t.Helper()
	if _, ok := seed["meta-data"]; !ok {
		seed = Seed{"user-data": seed["user-data"], "meta-data": []byte("instance-id: first-boot\nlocal-hostname: machine\n")}
	}
	root := baseRoot(t)
	empty := sync2(t, root)
	run := runStages(t, root, seed)
	var err error
	if run.Tree, err = tree.Written(run.Sandbox.Written(), empty.Sandbox.Written(), root); err != nil {
		t.Fatal(err)
	}
	run.Tree = run.Tree.Without(cloudInitRecords...)
	run.Warnings = slices.DeleteFunc(run.Warnings, func(line string) bool { return slices.Contains(empty.Warnings, line) })
	return run
}
