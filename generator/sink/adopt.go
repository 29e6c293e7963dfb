package sink

import (
	"path"
	"slices"
	"strings"
)

// adopt takes over from the old set what the new one lacks.
func (d *directory) adopt(old set) error {
	for _, name := range old.files {
		switch unit := unit(name); {
		case name == ignoreName: // the user may have changed it
		case d.units[unit] || !strings.Contains(name, "/"):
			continue
		case d.prune:
			d.report.Pruned = append(d.report.Pruned, unit)
			continue
		default:
			d.report.Kept = append(d.report.Kept, unit)
		}
		if err := d.link(name); err != nil {
			return err
		}
	}
	d.report.Kept, d.report.Pruned = slices.Compact(d.report.Kept), slices.Compact(d.report.Pruned)
	if slices.Contains(old.files, ignoreName) {
		return nil
	}
	return d.write(ignoreName, []byte("*\n"))
}

// link gives a file of the old set a name in the new one, or copies it where the file system has no links.
func (d *directory) link(name string) error {
	if err := d.mkdirs(path.Dir(name)); err != nil {
		return err
	}
	old, staged := path.Join(d.name, name), path.Join(d.work.name, stageName, name)
	if d.parent.Link(old, staged) == nil {
		return d.parent.Chmod(staged, 0o600)
	}
	data, err := d.parent.ReadFile(old)
	if err != nil {
		return err
	}
	return d.write(name, data)
}
