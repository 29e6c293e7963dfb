package machines

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"kindling/e2e/internal/kindling"
)

// keyText matches a private key, also one in a kubeconfig (base64).
const keyText = "PRIVATE KEY-----|LS0tLS1CRUdJTiB(FQyBQ|SU0EgU|QUk)"

// checkSecretPlaces searches the disks for private keys and tokens. They are only in the places that docs/security.md lists for the
// machine's role.
func (c *cluster) checkSecretPlaces() {
	c.t.Helper()
	text, err := os.ReadFile(kindling.Source() + "/docs/security.md")
	if err != nil {
		c.t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| ([a-z -]+) \\| `([^`]+)`").FindAllStringSubmatch(string(text), -1)
	for _, name := range c.names("") {
		role := strings.ReplaceAll(c.node(name).Role, "-", " ")
		found := strings.Fields(c.run(name, "bash", "-c",
			"grep -rlIEs --exclude-dir={containerd,journal} -e '"+keyText+"|"+c.secretOfToken()+"' /etc /var /root /home /opt /srv || [ $? -lt 2 ]"))
		if role == "control plane" && len(found) < 10 {
			c.t.Errorf("%s: found only %q", name, found)
		}
		for _, file := range found {
			listed := slices.ContainsFunc(rows, func(row []string) bool {
				matches, _ := path.Match(row[2], file)
				return matches && (strings.HasPrefix(row[1], "all ") || strings.HasPrefix(row[1], role))
			})
			if !listed {
				c.t.Errorf("%s has a key or a token in %s, which docs/security.md does not list", name, file)
			}
		}
	}
}
