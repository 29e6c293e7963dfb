package distro

import "strings"

// timesyncd returns a drop-in for systemd-timesyncd (timesyncd.conf(5)).
func timesyncd(servers []string) []File {
	return []File{{"/etc/systemd/timesyncd.conf.d/50-kindling.conf", 0o644, "[Time]\nNTP=" + strings.Join(servers, " ") + "\n"}}
}

// timesyncdOrChrony is for Debian's family. Its chrony.conf includes a directory.
func timesyncdOrChrony(servers []string) []File {
	return append(timesyncd(servers), File{"/etc/chrony/sources.d/50-kindling.sources", 0o644, sources(servers)})
}

// chrony returns a complete chrony.conf(5). The images' default names pool servers, and includes no directory for other files.
func chrony(servers []string) []File {
	return []File{{"/etc/chrony.conf", 0o644, sources(servers) + "driftfile /var/lib/chrony/drift\nmakestep 1.0 3\nrtcsync\n"}}
}

func sources(servers []string) string {
	var b strings.Builder
	for _, server := range servers {
		b.WriteString("server " + server + " iburst\n")
	}
	return b.String()
}
