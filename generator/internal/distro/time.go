package distro

import "strings"

const (
	timesyncdPath = "/etc/systemd/timesyncd.conf.d/50-kindling.conf"
	chronyPath    = "/etc/chrony.conf"
)

// timesyncd returns a drop-in for systemd-timesyncd (timesyncd.conf(5)).
func timesyncd(servers []string) string {
	return "[Time]\nNTP=" + strings.Join(servers, " ") + "\n"
}

// chrony returns a complete chrony.conf(5). The images' default names pool servers, and includes no directory for other
// files.
func chrony(servers []string) string {
	var b strings.Builder
	for _, server := range servers {
		b.WriteString("server " + server + " iburst\n")
	}
	b.WriteString("driftfile /var/lib/chrony/drift\nmakestep 1.0 3\nrtcsync\n")
	return b.String()
}
