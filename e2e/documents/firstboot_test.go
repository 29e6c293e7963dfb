package documents

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/tree"
)

// What only one of the formats has or writes in its own way, besides what its program writes for every document.
var (
	onlyCloudInit = []string{
		"/etc/network/interfaces.d/50-cloud-init",                             // network-config
		"/etc/udev/rules.d/70-persistent-net.rules",                           // network-config
		"/etc/systemd/system/multi-user.target.wants/kindling.service",        // systemctl enable
		"/etc/systemd/system/multi-user.target.wants/kindling-labels.service", // the same
	}
	onlyIgnition = []string{
		// sshAuthorizedKeys: a user, whose name depends on the operating system.
		"/etc/.pwd.lock", "/etc/group", "/etc/gshadow", "/etc/passwd", "/etc/shadow", "/etc/subgid", "/etc/subuid",
		"/etc/group-", "/etc/gshadow-", "/etc/passwd-", "/etc/shadow-", "/etc/subgid-", "/etc/subuid-",
		"/home/*",
	}
)

// checkCloudInit checks that cloud-init does what Ignition does, without complaint.
func checkCloudInit(t *testing.T, m machine) {
	cloudInit := firstboot.CloudInit(t, seed(t, m.documents, m.node, m.encoding))
	if len(cloudInit.Problems) > 0 {
		t.Errorf("cloud-init complained:\n%s", strings.Join(cloudInit.Problems, "\n"))
	}
	if want := "enable --now --no-block kindling.service"; !slices.Contains(cloudInit.Systemctl, want) {
		t.Errorf("cloud-init did not call systemctl %s, only %q", want, cloudInit.Systemctl)
	}
	written := cloudInit.Tree.Without(firstboot.CloudInitOwn...)
	if _, named := m.boot.Tree["/etc/hostname"]; !named { // a pool's machine gets its name from its cloud
		written = written.Without("/etc/hostname")
	}
	checkOwnersAndModes(t, written)
	diff := cmp.Diff(
		written.Without(onlyCloudInit...),
		m.boot.Tree.Without(firstboot.IgnitionOwn...).Without(onlyIgnition...),
	)
	if diff != "" {
		t.Errorf("cloud-init (-) and Ignition (+) wrote different trees:\n%s", diff)
	}
}

// owned are the files whose owner is in a sample: /etc/app.conf and what is below /etc/app.d.
var owned = regexp.MustCompile(`^/etc/app\.`)

// checkOwnersAndModes checks that root owns everything else, that nobody else can write any of it, and that only root can read
// keys.
func checkOwnersAndModes(t *testing.T, written tree.Tree) {
	t.Helper()
	if _, ok := written["/etc/kindling/run.sh"]; !ok {
		t.Error("no /etc/kindling/run.sh")
	}
	for name, entry := range written {
		if (entry.UID != 0 || entry.GID != 0) && !owned.MatchString(name) {
			t.Errorf("%s belongs to %d:%d", name, entry.UID, entry.GID)
		}
		if entry.Type != "link" && strings.ContainsAny(entry.Mode[2:], "2367") {
			t.Errorf("%s has mode %s", name, entry.Mode)
		}
		if strings.Contains(entry.Content, "PRIVATE KEY") && entry.Mode != "0600" {
			t.Errorf("%s holds a key and has mode %s", name, entry.Mode)
		}
	}
}
