package spec

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"kindling/generator/internal/yamlfile"
)

// Value is what a field says, the content of the local files that it names included.
type Value struct {
	Text string
	// Plain values are single words and numbers. Any other may have a secret somewhere in it.
	Plain bool
}

// Values are what all fields say that are not empty, by their paths: networking.podSubnet, nodes[w0].os. A list or a map is one value,
// but nodes are taken apart by their names.
func (c *Cluster) Values() map[string]Value {
	values := map[string]Value{}
	collectValues(values, reflect.ValueOf(*c), "")
	return values
}

func collectValues(values map[string]Value, section reflect.Value, place string) {
	for _, f := range yamlfile.FieldsOf(section.Type()) {
		v := section.Field(f.Index)
		path := strings.TrimPrefix(place+"."+f.Name, ".")
		_, tagged := section.Type().Field(f.Index).Tag.Lookup("change")
		switch nodes, list := v.Interface().([]Node); {
		case list:
			for _, n := range nodes {
				collectValues(values, reflect.ValueOf(n), path+"["+n.Name+"]")
			}
		case v.IsZero():
		case !tagged:
			collectValues(values, reflect.Indirect(v), path)
		default:
			values[path] = valueOf(v, localContent(section.Interface(), f.Name))
		}
	}
}

func valueOf(v reflect.Value, content []byte) Value {
	text, _ := json.Marshal(v.Interface()) // it was read from a file, or is a default
	word := strings.Trim(string(text), `"`)
	plain := content == nil && !bytes.ContainsAny(text, "{[") && !strings.Contains(word, "://")
	if plain {
		return Value{word, true}
	}
	return Value{string(text) + "\n" + string(content), false}
}

// localContent is what the local files have in them that a field names.
func localContent(section any, field string) []byte {
	switch s := section.(type) {
	case Manifest:
		if field == "manifest" {
			return s.data
		}
	case Patches:
		var all []byte
		for _, f := range s.files {
			all = append(append(all, f.Name+"\n"...), f.Data...)
		}
		return all
	case Secrets:
		if field == "caFile" {
			return s.authorities
		}
	case Node:
		return ofNode(field, s.networkConfig, s.ExtraFiles)
	case Cluster:
		switch field {
		case "addons":
			var all []byte
			for _, m := range s.Addons {
				all = append(all, m.data...)
			}
			return all
		case "trustedCAFile":
			return s.resolved.trustedCAs
		case "snippets":
			var all []byte
			for _, own := range s.Snippets {
				all = append(all, own.data...)
			}
			return all
		case "registries":
			var all []byte
			for _, host := range slices.Sorted(maps.Keys(s.Registries)) {
				all = append(all, s.Registries[host].authorities...)
			}
			return all
		}
		return ofNode(field, s.networkConfig, s.ExtraFiles)
	}
	return nil
}

// ofNode is for fields that the cluster and its nodes have alike.
func ofNode(field string, networkConfig []byte, files []File) []byte {
	switch field {
	case "networkConfig":
		return networkConfig
	case "extraFiles":
		var all []byte
		for _, f := range files {
			all = append(all, f.Data()...)
		}
		return all
	}
	return nil
}
