package spec

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"kindling/generator/internal/yamlfile"
)

func (c *checker) checkManifests() {
	p := at("cni")
	switch {
	case !c.Has(p):
		c.Warnf(p, "no pod network: nodes stay NotReady until you apply one; write `cni: {manifest: none}` if that is what you want")
	case c.CNI.Kind() == NoManifest && c.CNI.SHA256 != "":
		c.Errorf(p.With("sha256"), "there is no manifest to check; remove it")
	case c.CNI.Kind() != NoManifest:
		c.checkManifest(p, c.CNI)
		c.checkLocalManifest(p, &c.CNI)
	}
	for i, m := range c.Addons {
		p := at("addons", i)
		if m.Kind() == NoManifest {
			c.Errorf(p.With("manifest"), "only cni can be none; remove this addon")
			continue
		}
		c.checkManifest(p, m)
		c.checkLocalManifest(p, &c.Addons[i])
	}
}

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (c *checker) checkManifest(p yamlfile.Path, m Manifest) {
	source := p.With("manifest")
	scheme, _, _ := strings.Cut(m.Manifest, "://")
	switch u, err := url.Parse(m.Manifest); {
	case strings.TrimSpace(m.Manifest) == "":
		c.Errorf(source, "is empty; write a URL or the path of a local file")
		return
	case m.Kind() == LocalManifest:
	case scheme != "https" && scheme != "http":
		c.Errorf(source, "%s has the scheme %s; write an https URL or the path of a local file", yamlfile.Quote(m.Manifest), yamlfile.Quote(scheme))
	case err != nil || u.Host == "" || strings.ContainsFunc(m.Manifest, isBlank):
		c.Errorf(source, "%s is not a URL%s", yamlfile.Quote(m.Manifest), blankHint(m.Manifest))
	}
	if sum := p.With("sha256"); c.Has(sum) && !sha256Form.MatchString(m.SHA256) {
		c.Errorf(sum, "%s is not a SHA-256; write 64 lower-case hexadecimal digits", yamlfile.Quote(m.SHA256))
	}
}

// isBlank reports whether a character parts words or lines for a program on the machine.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// blankHint offers a URL without blanks.
func blankHint(s string) string {
	if !strings.ContainsFunc(s, isBlank) {
		return ""
	}
	return "; a blank is written as %20"
}
