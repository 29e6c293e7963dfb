package generator

import "fmt"

// limit is the largest document that a provider takes, in bytes of the document as kindling writes it.
type limit struct {
	provider string
	bytes    int
}

// limits by the providers' own documentation, smallest first. OpenStack and Oracle count base64, three bytes as four.
var limits = []limit{
	{"EC2", 16_384},
	{"Oracle Cloud", 24_000},
	{"Hetzner Cloud", 32_768},
	{"OpenStack", 49_151},
	{"Azure", 65_535},
	{"DigitalOcean", 65_536},
	{"Google Compute Engine", 262_144},
}

// checkSize refuses a document that no provider takes: that is what a local manifest or file can make of it.
func checkSize(node string, document []byte) error {
	if most := limits[len(limits)-1]; len(document) > most.bytes {
		return fmt.Errorf("node %s: the document has %d bytes, and no provider takes more than %d (%s): name manifests by a URL with its sha256, and have the image bring large files",
			node, len(document), most.bytes, most.provider)
	}
	return nil
}

// tooLargeFor names the providers that refuse a document of this size.
func tooLargeFor(size int) (providers []string) {
	for _, l := range limits {
		if size > l.bytes {
			providers = append(providers, fmt.Sprintf("%s (%d)", l.provider, l.bytes))
		}
	}
	return providers
}
