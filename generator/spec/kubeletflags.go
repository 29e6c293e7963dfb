package spec

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"kindling/generator/internal/flags"
)

// fieldsOfFlags are the fields of KubeletConfiguration that flags of the kubelet set, where the names differ (kubernetes:
// cmd/kubelet/app/options/options.go).
var fieldsOfFlags = map[string]string{
	"event-qps":               "eventRecordQPS",
	"image-gc-high-threshold": "imageGCHighThresholdPercent",
	"image-gc-low-threshold":  "imageGCLowThresholdPercent",
	"registry-qps":            "registryPullQPS",
	"reserved-cpus":           "reservedSystemCPUs",
}

// kubeletFlagFault is what is wrong with a flag's value by the rules about the field that it sets.
func kubeletFlagFault(arg Arg) string {
	field := fieldsOfFlags[arg.Name]
	for _, rules := range []map[string]kubeletRule{kubeletRules, kubeletValues} {
		for _, name := range slices.Sorted(maps.Keys(rules)) {
			same := name == field || field == "" && strings.EqualFold(name, strings.ReplaceAll(arg.Name, "-", ""))
			if same && !rules[name].keeps(valueOfFlag(flags.KubeletType(name), arg.Value)) {
				return rules[name].otherwise
			}
		}
	}
	return ""
}

// valueOfFlag is a flag's value as a field of this type has it. What is not of the type has a report of its own.
func valueOfFlag(word, text string) any {
	switch word {
	case "bool":
		if value, err := strconv.ParseBool(text); err == nil {
			return value
		}
	case "int32", "int64":
		if value, err := strconv.ParseInt(text, 0, 64); err == nil {
			return int(value)
		}
	case "list":
		list := []any{}
		for _, item := range commaList(text) {
			list = append(list, item)
		}
		return list
	case "object": // memory.available<5%,nodefs.available<10% or cpu=500m,memory=1Gi
		fields := map[string]any{}
		for _, item := range commaList(text) {
			if end := strings.IndexAny(item, "=<"); end >= 0 {
				fields[item[:end]] = item[end+1:]
			} else if item != "" {
				fields[item] = ""
			}
		}
		return fields
	}
	return text
}
