package spec

import (
	"net/url"
	"strings"

	"kindling/generator/internal/yamlfile"
)

// split is the value of secrets.delivery with which documents are for everyone to read.
const split = "split"

func (c *checker) checkSecrets() {
	where := at("secrets", "url")
	switch {
	case !c.SplitsSecrets():
		for _, p := range []yamlfile.Path{where, at("secrets", "caFile")} {
			if c.Has(p) {
				c.Errorf(p, "only matters with `delivery: split`; add that, or remove this field")
			}
		}
	case c.Has(where):
		if u, ok := baseURL(c.Secrets.URL); !ok || u.Scheme != "https" {
			c.Errorf(where, "%s is not a base URL of HTTPS; write one such as https://secrets.example.com/demo%s", yamlfile.Quote(c.Secrets.URL), blankHint(c.Secrets.URL))
		}
	}
	if c.Secrets.CAFile != "" && c.local.Files != nil {
		c.Secrets.authorities = c.readAuthorities(at("secrets", "caFile"), c.Secrets.CAFile)
	}
	c.checkSecretURLs()
}

// checkSecretURLs looks at the nodes' own URLs. Each machine has one, and two machines never the same.
func (c *checker) checkSecretURLs() {
	owners := map[string]string{}
	for i, n := range c.Nodes {
		p := at("nodes", i, "secretURL")
		switch {
		case c.Has(p) && !c.SplitsSecrets():
			c.Errorf(p, "only matters with `secrets: {delivery: split}`; add that, or remove this field")
		case c.Has(p) && !isHTTPS(n.SecretURL):
			c.Errorf(p, "is not a URL of HTTPS; write the whole URL of this machine's secret part")
		case c.Has(p) && owners[n.SecretURL] != "":
			c.Errorf(p, "is that of %s, too; each machine has a secret part of its own", owners[n.SecretURL])
		case c.SplitsSecrets() && !c.Has(p) && c.Secrets.URL == "":
			c.Errorf(at("nodes", i), "has no URL of a secret part; add secrets.url, or a secretURL here")
		}
		owners[n.SecretURL] = n.Name
	}
}

// isHTTPS tells whether a text is a URL of HTTPS, possibly with a query, whose value a message must not repeat.
func isHTTPS(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.Fragment == "" && !strings.ContainsFunc(text, isBlank)
}
