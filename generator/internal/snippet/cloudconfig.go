package snippet

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"kindling/generator/internal/yamlfile"

	"go.yaml.in/yaml/v4"
)

// hostName is why a snippet has no say about it.
const hostName = "the host name is the node's name in cluster.yaml; remove it"

// modules is why cloud-init's lists of modules stay as they are.
const modules = "kindling's document needs cloud-init's own list of modules; remove it"

// against are the keys that would keep kindling from its work, or do nothing.
var against = map[string]string{
	"autoinstall":          "is for Ubuntu's installer, not for an installed machine; remove it",
	"cloud_config_modules": modules,
	"cloud_final_modules":  modules,
	"cloud_init_modules":   modules,
	"fqdn":                 hostName,
	"hostname":             hostName,
	"manage_etc_hosts":     "writes the name that the cloud knows, which may not be the node's; write lines of /etc/hosts with write_files and `append: true`",
	"network":              "cloud-init reads no network configuration here; use the field network of cluster.yaml",
	"power_state":          "stops the machine in the middle of its first boot; use package_reboot_if_required, or remove it",
	"preserve_hostname":    hostName,
}

// known are cloud-init's keys. What is none of them, and like none, may be for a module of the user's own.
var known = strings.Fields(`
allow_public_ssh_keys ansible apk_repos apt apt_pipelining apt_reboot_if_required apt_update apt_upgrade authkey_hash autoinstall bootcmd
byobu_by_default ca-certs ca_certs chef chpasswd cloud_config_modules cloud_final_modules cloud_init_modules create_hostname_file datasource
datasource_list device_aliases disable_ec2_metadata disable_root disable_root_opts disk_setup drivers fan final_message fqdn fs_setup groups
growpart grub-dpkg grub_dpkg hostname keyboard landscape launch-index locale locale_configfile lxd manage_etc_hosts manage_resolv_conf
mcollective merge_how merge_type migrate mount_default_fields mounts network no_ssh_fingerprints ntp output package_reboot_if_required
package_update package_upgrade packages password phone_home power_state prefer_fqdn_over_hostname preserve_hostname puppet random_seed
reporting resize_rootfs resolv_conf rh_subscription rpi rsyslog runcmd salt_minion snap spacewalk ssh ssh_authorized_keys ssh_deletekeys
ssh_fp_console_blacklist ssh_genkeytypes ssh_import_id ssh_key_console_blacklist ssh_keys ssh_publish_hostkeys ssh_pwauth ssh_quiet_keygen
swap system_info timezone ubuntu_advantage ubuntu_pro updates user users vendor_data version wireguard write_files yum_repo_dir yum_repos zypper`)

// notCloudConfig are the beginnings of other user-data.
var notCloudConfig = []struct{ start, advice string }{
	{"## template:", "is a template, which cloud-init would fill in on the machine; write what it shall say"},
	{"#!", "is a script; put it into runcmd, or use extraSteps"},
	{"#include", "includes a URL; write what is there"},
	{"#cloud-boothook", "is a boot hook; put it into bootcmd, or use extraSteps"},
	{"#cloud-config-archive", "is an archive; write its parts as snippets of their own"},
	{"#cloud-config-jsonp", "is a JSON patch; write cloud-config"},
	{"#part-handler", "is a part handler, which cannot be merged"},
	{"content-type:", "is a multi-part message; write its parts as snippets of their own"},
	{"mime-version:", "is a multi-part message; write its parts as snippets of their own"},
}

// ReadCloudConfig reads cloud-config. The error joins everything that is wrong with it.
func ReadCloudConfig(name string, text []byte) (Snippet, error) {
	s := Snippet{Name: name}
	start := strings.ToLower(strings.TrimLeft(string(text), "\ufeff \t\r\n"))
	for _, other := range notCloudConfig {
		if strings.HasPrefix(start, other.start) {
			return s, errors.New(other.advice)
		}
	}
	if !strings.HasPrefix(start, "#cloud-config") {
		return s, errors.New("does not begin with #cloud-config, by which cloud-init knows it; add that line")
	}
	root, err := parse(text)
	if err != nil {
		return s, err
	}
	s.root = root
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(against)) {
		if value := at(root, key); value != nil && !(key == "manage_etc_hosts" && value.Value == "false") {
			errs = append(errs, faultAt(value, "%s: %s", key, against[key]))
		}
	}
	for i := 0; i < len(root.Content); i += 2 {
		key := root.Content[i]
		if hint := yamlfile.DidYouMean(key.Value, known); hint != "" && !slices.Contains(known, key.Value) {
			errs = append(errs, faultAt(key, "%s is no key of cloud-config%s", key.Value, hint))
		}
	}
	for _, key := range []string{"bootcmd", "runcmd"} {
		_, faults := script(key, at(root, key))
		errs = append(errs, faults...)
	}
	for _, key := range []string{"ssh_authorized_keys", "users", "write_files"} {
		if list := at(root, key); list != nil && list.Kind != yaml.SequenceNode {
			errs = append(errs, faultAt(list, "%s must be a list", key))
		}
	}
	for _, f := range items(at(root, "write_files")) {
		path := at(f, "path")
		if path == nil || !isText(path) {
			errs = append(errs, faultAt(f, "write_files: an item has no path that is a text"))
			continue
		}
		s.Places = append(s.Places, Place{path.Value, path.Line})
		if owner := at(f, "owner"); owner != nil && at(f, "defer") == nil && makesUser(root, owner.Value) {
			errs = append(errs, faultAt(owner, "write_files: cloud-init makes this user later than it writes files; add `defer: true`"))
		}
	}
	for _, key := range items(at(root, "ssh_authorized_keys")) {
		if !isText(key) {
			errs = append(errs, faultAt(key, "ssh_authorized_keys: a key is a text"))
		}
	}
	return s, inOrder(append(errs, unreadable(root)...))
}

// makesUser reports whether cloud-config has the user of an owner among its own.
func makesUser(root *yaml.Node, owner string) bool {
	user, _, _ := strings.Cut(owner, ":")
	return slices.ContainsFunc(items(at(root, "users")), func(u *yaml.Node) bool {
		name := at(u, "name")
		return name != nil && name.Value == user
	})
}

// unreadable finds a word that cloud-init's reader has no type for.
func unreadable(n *yaml.Node) []error {
	var errs []error
	if n.Kind == yaml.ScalarNode && n.Style == 0 && n.Value == "=" {
		errs = append(errs, faultAt(n, "put = in quotes: cloud-init cannot read it"))
	}
	for _, c := range n.Content {
		errs = append(errs, unreadable(c)...)
	}
	return errs
}

// Config is the cloud-config of several snippets, in the parts that kindling's own document has too, and the rest.
type Config struct {
	SSHAuthorizedKeys []string
	WriteFiles        []*yaml.Node
	// Deferred says that cloud-init writes some of them late.
	Deferred bool
	// BootCmd and RunCmd are scripts of sh, or empty.
	BootCmd, RunCmd string
	// Rest are all other keys: a mapping, maybe an empty one.
	Rest *yaml.Node

	origin map[*yaml.Node]string
}

// CloudConfig merges cloud-config. Errors are conflicts.
func CloudConfig(snippets []Snippet) (Config, []error) {
	m := merge(nil, snippets)
	merged := m.merged
	unbracket(merged)
	c := Config{Rest: &yaml.Node{Kind: yaml.MappingNode}, origin: m.origin}
	for i := 0; i+1 < len(merged.Content); i += 2 {
		key, value := merged.Content[i], merged.Content[i+1]
		switch key.Value {
		case "ssh_authorized_keys":
			for _, k := range items(value) {
				c.SSHAuthorizedKeys = append(c.SSHAuthorizedKeys, k.Value)
			}
		case "write_files":
			c.WriteFiles = items(value)
		case "bootcmd":
			c.BootCmd, _ = script(key.Value, at(merged, key.Value))
		case "runcmd":
			c.RunCmd, _ = script(key.Value, at(merged, key.Value))
		default:
			c.Rest.Content = append(c.Rest.Content, key, value)
		}
	}
	c.Deferred = slices.ContainsFunc(c.WriteFiles, func(f *yaml.Node) bool { return at(f, "defer") != nil })
	return c, m.errs
}

// unbracket puts each item and key in a line of its own: between brackets the writer would quote 1:20, a number to cloud-init.
func unbracket(n *yaml.Node) {
	n.Style &^= yaml.FlowStyle
	for _, c := range n.Content {
		unbracket(c)
	}
}

// At is the file and the line of a key that is in Rest, or empty.
func (c Config) At(key string) string { return c.origin[at(c.Rest, key)] }

// CreatesDefaultUser reports whether cloud-init still makes the image's default user, who gets authorized keys.
func (c Config) CreatesDefaultUser() bool {
	users := at(c.Rest, "users")
	return users == nil || slices.ContainsFunc(users.Content, func(u *yaml.Node) bool { return u.Kind == yaml.ScalarNode && u.Value == "default" })
}
