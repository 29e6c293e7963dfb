package sink

import (
	"os"
	"path"
	"slices"
	"strings"
)

// adopt keeps what the old set has and the new one lacks.
func (d *directory) adopt(old set) error {
	ignore := d.layout.ignore
	for _, name := range old.files {
		switch unit := d.layout.unit(name); {
		case name == ignoreName:
			if own := string(read(d.parent, path.Join(d.name, name))); own == ignoreAll || own == ignoreParts {
				continue
			}
			ignore = "" // the user has changed it
		case d.units[unit] || !strings.Contains(name, "/"):
			continue
		case d.layout.ignore == "": // git knows what was there
			continue
		case d.prune:
			d.report.Pruned = append(d.report.Pruned, unit)
			continue
		default:
			d.report.Kept = append(d.report.Kept, unit)
		}
		if err := d.keep(name); err != nil {
			return err
		}
	}
	d.report.Kept, d.report.Pruned = slices.Compact(d.report.Kept), slices.Compact(d.report.Pruned)
	if ignore == "" {
		return nil
	}
	if len(d.report.Kept) > 0 {
		ignore = ignoreAll // they may be from a set with secrets in its documents
	}
	return d.write(ignoreName, []byte(ignore))
}

// link gives a file another name.
var link = (*os.Root).Link

// keep links a file of the old set into the new one, or copies it if the file system has no hard links.
func (d *directory) keep(name string) error {
	if err := d.mkdirs(path.Dir(name)); err != nil {
		return err
	}
	old, staged := path.Join(d.name, name), path.Join(d.work.name, stageName, name)
	if link(d.parent, old, staged) == nil {
		return d.parent.Chmod(staged, d.layout.fileMode)
	}
	data, err := d.parent.ReadFile(old)
	if err != nil {
		return err
	}
	return d.write(name, data)
}
