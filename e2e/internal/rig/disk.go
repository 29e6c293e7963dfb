package rig

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// disks are the images of disks that a power cut takes the cache from. They are on an XFS file system, which copies a file at
// once, even one that a machine is writing to. It is mounted in a namespace that ends with its holder.
type disks struct {
	holder *exec.Cmd
	dir    string
}

// needDisks mounts the file system of the images, once.
func (r *Rig) needDisks() *disks {
	r.t.Helper()
	if r.disks != nil {
		return r.disks
	}
	dir := filepath.Join(r.dir, "disks")
	out, err := exec.Command("bash", "-euc", `mkdir "$0"; truncate -s 64G "$0.xfs"; mkfs.xfs -q -m reflink=1 "$0.xfs"`, dir).CombinedOutput()
	if err != nil {
		r.t.Fatalf("a file system for disks: %v: %s", err, out)
	}
	holder := exec.Command("unshare", "--mount", "bash", "-euc", `mount -o loop "$0.xfs" "$0"; echo; exec cat`, dir)
	holder.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	mounted, err := holder.StdoutPipe()
	orFail(r.t, err)
	input, err := holder.StdinPipe()
	orFail(r.t, err)
	orFail(r.t, holder.Start())
	r.t.Cleanup(func() {
		input.Close()
		holder.Wait()
	})
	if _, err := mounted.Read(make([]byte, 1)); err != nil {
		r.t.Fatalf("the file system for disks was not mounted: %v", err)
	}
	r.disks = &disks{holder, dir}
	return r.disks
}

// enter are the arguments of nsenter that lead to the images.
func (d *disks) enter() []string {
	return []string{"--mount=/proc/" + strconv.Itoa(d.holder.Process.Pid) + "/ns/mnt"}
}

func (d *disks) image(name string) string { return filepath.Join(d.dir, name) }

func (d *disks) run(script string, args ...string) error {
	command := append(append(d.enter(), "bash", "-euc", script), args...)
	if out, err := exec.Command("nsenter", command...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", script, err, out)
	}
	return nil
}

// format makes an empty disk.
func (d *disks) format(name, fileSystem string) error {
	return d.run(`rm -f "$0"; truncate -s 8G "$0"; "mkfs.$1" -q "$0"`, d.image(name), fileSystem)
}

// CutPower cuts the power of machines at the same moment: what their disks' file systems had not written yet is lost. Each has
// [Machine.FileSystem].
func (r *Rig) CutPower(names ...string) {
	r.t.Helper()
	for _, name := range names {
		orFail(r.t, r.disks.run(`cp --reflink=always "$0" "$0.cut"`, r.disks.image(name)))
	}
	for _, name := range names {
		r.PowerOff(name)
		orFail(r.t, r.disks.run(`mv "$0.cut" "$0"`, r.disks.image(name)))
	}
}
