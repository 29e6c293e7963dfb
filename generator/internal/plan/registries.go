package plan

import (
	"fmt"
	"net/url"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// registriesDirectory is the config_path of containerd's configuration.
const registriesDirectory = "/etc/containerd/certs.d/"

// registries are containerd's hosts.toml files (containerd: docs/hosts.md). Only the configuration that kindling writes is known to read them.
func registries(m machine) part.Part {
	var p part.Part
	for host, r := range m.cluster.Registries {
		var text strings.Builder
		authority := ""
		if content := r.Authorities(); content != nil {
			file := node.Public(registriesDirectory+host+"/ca.crt", content)
			authority = fmt.Sprintf("ca = %q\n", file.Path)
			p.Files = append(p.Files, file)
		}
		if host != "_default" {
			fmt.Fprintf(&text, "server = %q\n%s", "https://"+registryServer(host), authority)
		}
		for _, mirror := range r.Mirrors {
			fmt.Fprintf(&text, "[host.%q]\ncapabilities = [\"pull\", \"resolve\"]\n", strings.TrimSuffix(mirror, "/"))
			if u, _ := url.Parse(mirror); strings.Trim(u.Path, "/") != "" {
				text.WriteString("override_path = true\n") // or containerd would put another v2 after it
			}
			text.WriteString(authority)
		}
		p.Files = append(p.Files, node.Public(registriesDirectory+host+"/hosts.toml", []byte(text.String())))
	}
	if len(p.Files) > 0 && m.InstallMethod() == "preinstalled" {
		p.Steps, p.Shell = []step.Step{step.Registries}, []string{"boot/registries.sh"}
	}
	return p
}

// registryServer is the host that serves a registry's API.
func registryServer(host string) string {
	if host == "docker.io" {
		return "registry-1.docker.io"
	}
	return host
}
