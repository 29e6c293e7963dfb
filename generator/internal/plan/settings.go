package plan

import (
	"regexp"
	"slices"
	"strings"

	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

const containerdService = "containerd.service"

// readers are the commands that read a file anew which something reads only as it starts, in the order of a boot.
var readers = []struct {
	path    *regexp.Regexp
	command string
}{
	{regexp.MustCompile(systemDirectory + `sysusers\.d/.`), "systemd-sysusers"},
	{regexp.MustCompile(systemDirectory + `tmpfiles\.d/.`), "systemd-tmpfiles --create"},
	{regexp.MustCompile(systemDirectory + `(modules-load|modprobe)\.d/.`), "systemctl restart systemd-modules-load.service"},
	{regexp.MustCompile(systemDirectory + `sysctl\.d/.`), "systemctl restart systemd-sysctl.service"},
	{regexp.MustCompile(systemDirectory + `udev/rules\.d/.`), "systemctl restart systemd-udev-trigger.service"},
	{regexp.MustCompile(systemDirectory + `systemd/(?P<name>journald|logind|networkd|resolved|timesyncd)\.conf(\.d/.|$)`), "systemctl try-restart systemd-${name}.service"},
	{regexp.MustCompile(`^/etc/chrony(/|\.)`), "systemctl try-restart chronyd.service"},
	{regexp.MustCompile(`^/etc/ssh/`), "systemctl try-restart sshd.service"},
	{regexp.MustCompile(`^/etc/containerd/`), "systemctl try-restart " + containerdService},
	{regexp.MustCompile(systemDirectory + `systemd/system/(?P<unit>[A-Za-z0-9:_.@-]+\.(service|socket|timer|path))(\.d/.|$)`), "systemctl try-restart ${unit}"},
}

// systemDirectory is where the programs of systemd look for files, of those places that last.
const systemDirectory = `^/(etc|usr/lib|usr/local/lib)/`

// unitsToLeave must not be restarted in the middle of a boot: they carry it, or what is logged in.
var unitsToLeave = regexp.MustCompile(` (kindling|cloud-|dbus|user@|getty@|serial-getty@)[^ ]*$`)

// settings has the machine read files of the user's, and the proxy of containerd, that cloud-init writes when what reads them has begun.
// Ignition writes them before; there, the step changes nothing.
func settings(m machine) part.Part {
	var paths []string
	for _, f := range slices.Concat(m.cluster.ExtraFiles, m.ExtraFiles) {
		if f.For(m.Role) {
			paths = append(paths, f.Path)
		}
	}
	for _, u := range proxy(m).Units {
		paths = append(paths, "/etc/systemd/system/"+u.Name)
	}
	commands := readAnew(paths)
	if len(commands) == 0 {
		return part.Part{}
	}
	return part.Part{
		Steps: []step.Step{step.Settings}, Shell: []string{"boot/settings.sh"},
		Env: map[string]string{"READERS": strings.Join(commands, "\n")},
	}
}

// readAnew are the commands for these files, each once.
func readAnew(paths []string) []string {
	var commands []string
	for _, reader := range readers {
		for _, path := range paths {
			match := reader.path.FindStringSubmatchIndex(path)
			if match == nil {
				continue
			}
			command := string(reader.path.ExpandString(nil, reader.command, path, match))
			command = strings.Replace(command, "@.", "@*.", 1) // all units of a template
			if !slices.Contains(commands, command) && !unitsToLeave.MatchString(command) {
				commands = append(commands, command)
			}
		}
	}
	return commands
}
