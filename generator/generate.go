package generator

import (
	"strings"

	"kindling/generator/internal/plan"
	"kindling/generator/internal/render/butane"
	"kindling/generator/internal/render/cloudinit"
	"kindling/generator/internal/render/ignition"
	"kindling/generator/sink"
	"kindling/templates"
)

// Generate writes the documents of all nodes, a README.md about them and, where nodes have a mac, the iPXE scripts. It leaves
// Commit and Abort to the caller. The warnings are what README.md warns of as well.
func (g *Generator) Generate(s sink.Sink) (warnings []string, err error) {
	summary := newSummary(g)
	if err := g.write(s, summary); err != nil {
		return nil, err
	}
	return summary.warnings, nil
}

func (g *Generator) write(s sink.Sink, summary *summary) error {
	for _, n := range g.cluster.Nodes {
		node, err := g.plan.Node(n)
		if err != nil {
			return err
		}
		size, err := g.writeNode(s, node)
		if err != nil {
			return err
		}
		summary.add(node, n, size)
		if n.MAC == "" {
			continue
		}
		if err := s.Write("ipxe/"+strings.ReplaceAll(n.MAC, ":", "-")+".ipxe", ipxeScript(node)); err != nil {
			return err
		}
	}
	if summary.pxe {
		if err := s.Write("ipxe/boot.ipxe", []byte(templates.IPXE("boot.ipxe"))); err != nil {
			return err
		}
	}
	return s.Write("README.md", summary.markdown())
}

// writeNode writes the documents of one node and returns the size in bytes of the one that a provider counts.
func (g *Generator) writeNode(s sink.Sink, n plan.Node) (int, error) {
	dir := "nodes/" + n.Name + "/"
	if n.OS.Format == CloudInit {
		userData, err := g.cloudInit.UserData(n)
		if err != nil {
			return 0, err
		}
		if err := checkSize(n.Name, userData); err != nil {
			return 0, err
		}
		if err := s.Write(dir+"user-data", userData); err != nil || n.Any {
			return len(userData), err // meta-data would give all machines the same name
		}
		metaData, err := cloudinit.MetaData(g.cluster.Name, n)
		if err != nil {
			return 0, err
		}
		if err := s.Write(dir+"meta-data", metaData); err != nil {
			return 0, err
		}
		network, err := cloudinit.NetworkConfig(n)
		if err != nil || network == nil {
			return len(userData), err
		}
		return len(userData), s.Write(dir+"network-config", network)
	}
	source, err := butane.Render(n)
	if err != nil {
		return 0, err
	}
	config, err := ignition.Translate(source)
	if err != nil {
		return 0, err
	}
	if err := checkSize(n.Name, config); err != nil {
		return 0, err
	}
	if err := s.Write(dir+"config.bu", source); err != nil {
		return 0, err
	}
	return len(config), s.Write(dir+"config.ign", config)
}

func ipxeScript(n plan.Node) []byte {
	return []byte(strings.NewReplacer("@ARGS@", strings.ReplaceAll(n.OS.KernelArgs, "@NODE@", n.Name), "@NODE@", n.Name, "@OS@", n.OS.Name).
		Replace(templates.IPXE("node.ipxe")))
}
