// Package networkconfig reads cloud-init's network-config, as far as it decides whether a machine gets its address.
// Source: cloud-init's documentation, "Network configuration", versions 1 and 2.
package networkconfig

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Config is the content of a network-config file.
type Config struct {
	// words are all keys and strings in it.
	words []string
}

// Read refuses what cloud-init would not read as a network-config.
func Read(text []byte) (Config, error) {
	var top struct {
		Version any   `json:"version"`
		Network any   `json:"network"`
		Config  []any `json:"config"`
	}
	var all map[string]any
	if err := yaml.Unmarshal(text, &all); err != nil {
		return Config{}, fmt.Errorf("is not a network-config: %w", err)
	}
	if err := yaml.Unmarshal(text, &top); err != nil {
		return Config{}, fmt.Errorf("is not a network-config: %w", err)
	}
	switch version := fmt.Sprint(top.Version); {
	case top.Network != nil:
		return Config{}, errors.New("has the key network around its content, which not every cloud-init takes; begin with version")
	case version != "1" && version != "2":
		return Config{}, errors.New("does not say `version: 1` or `version: 2`")
	case version == "1" && len(top.Config) == 0:
		return Config{}, errors.New("has no list config, of which version 1 consists")
	}
	return Config{wordsOf(all)}, nil
}

// DHCP reports whether an interface gets its address from the network.
func (c Config) DHCP() bool {
	return slices.ContainsFunc(c.words, func(word string) bool { return strings.HasPrefix(word, "dhcp") })
}

// Has reports whether an address is in it, with or without the length of a prefix.
func (c Config) Has(address netip.Addr) bool {
	return slices.ContainsFunc(c.words, func(word string) bool {
		before, _, _ := strings.Cut(word, "/")
		got, err := netip.ParseAddr(before)
		return err == nil && got == address
	})
}

func wordsOf(value any) []string {
	var words []string
	switch v := value.(type) {
	case map[string]any:
		for key, value := range v {
			words = append(append(words, key), wordsOf(value)...)
		}
	case []any:
		for _, value := range v {
			words = append(words, wordsOf(value)...)
		}
	case string:
		words = append(words, v)
	}
	return words
}
