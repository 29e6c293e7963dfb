package sink

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"
)

// Commit puts the new set in place of the old one.
func (d *directory) Commit() (Report, error) {
	err := d.commit()
	return d.report, errors.Join(err, d.close())
}

func (d *directory) commit() error {
	old, err := d.current()
	if err != nil {
		return err
	}
	if err := d.adopt(old); err != nil {
		return fmt.Errorf("keeping what %s has: %w", d.root, cause(err))
	}
	if err := d.stage.Close(); err != nil { // Windows cannot rename an open directory
		return err
	}
	if err := syncSet(d.work.Root, d.files); err != nil {
		return fmt.Errorf("writing %s: %w", d.root, cause(err))
	}
	if err := d.work.swap(); errors.Is(err, syscall.EBUSY) {
		return fmt.Errorf("%s is a mount point, which cannot be replaced; choose a directory below it with -o", d.root)
	} else if err != nil {
		return fmt.Errorf("%s cannot be replaced: %w", d.root, err)
	}
	d.report.Cleared = append(d.report.Cleared, old.stagePaths(d.root)...)
	return errors.Join(syncFile(d.parent, "."), syncFile(d.work.Root, "."))
}

// Abort removes what was written.
func (d *directory) Abort() { d.close() }

// close removes the set that is not in place, the old one or the new one, and lets the next run start.
func (d *directory) close() error {
	var err error
	if d.stage != nil {
		d.stage.Close()
	}
	if d.work != nil {
		err = d.work.close()
	}
	if d.parent != nil {
		d.parent.Close()
	}
	for _, dir := range slices.Backward(d.made) {
		os.Remove(dir) // fails if there is a set, as intended
	}
	d.stage, d.work, d.parent, d.made = nil, nil, nil, nil
	return err
}
