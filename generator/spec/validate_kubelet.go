package spec

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"kindling/generator/internal/flags"
	"kindling/generator/internal/yamlfile"
)

// checkKubeletType holds a value against the type of its field: with a string where a number belongs, kubeadm breaks off. The place is
// the field's path in the words of [flags.KubeletType].
func (c *checker) checkKubeletType(p yamlfile.Path, place string, value any) {
	word := flags.KubeletType(place)
	switch value := value.(type) {
	case nil:
		return // as if it was not there
	case map[string]any:
		if word == "object" {
			for _, name := range slices.Sorted(maps.Keys(value)) {
				inside := place + "." + name
				if flags.KubeletType(place+".*") != "" {
					inside = place + ".*"
				}
				c.checkKubeletType(p.With(name), inside, value[name])
			}
			return
		}
	case []any:
		if word == "list" {
			for i, item := range value {
				c.checkKubeletType(p.With(i), place+"[]", item)
			}
			return
		}
	}
	if of, known := kubeletTypes[word]; known && !of.takes(value) {
		c.Errorf(p, "must be %s", of.what)
	}
}

// kubeletTypes are the words of [flags.KubeletType].
var kubeletTypes = map[string]struct {
	what  string
	takes func(value any) bool
}{
	"bool":     {"true or false, without quotes", isA[bool]},
	"string":   {"a string; put it in quotes", isA[string]},
	"duration": {"a duration, such as \"1m30s\"", isDuration},
	"quantity": {"a quantity, such as \"1Gi\"", isQuantity},
	"int32":    {"a whole number from -2147483648 to 2147483647, without quotes", isWithin(-1<<31, 1<<31-1)},
	"uint32":   {"a whole number from 0 to 4294967295, without quotes", isWithin(0, 1<<32-1)},
	"int64":    {"a whole number, without quotes", isWithin(-1<<63, 1<<63-1)},
	"float64":  {"a number, without quotes", func(value any) bool { return isA[float64](value) || isA[int](value) }},
	"object":   {"a mapping", isA[map[string]any]},
	"list":     {"a list", isA[[]any]},
}

func isA[T any](value any) bool {
	_, ok := value.(T)
	return ok
}

func isWithin(least, most int) func(any) bool {
	return func(value any) bool {
		number, ok := value.(int)
		return ok && number >= least && number <= most
	}
}

func isDuration(value any) bool {
	text, ok := value.(string)
	_, err := time.ParseDuration(text)
	return ok && err == nil
}

// quantity is a number of Kubernetes' resources (apimachinery: pkg/api/resource).
var quantity = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$`)

func isQuantity(value any) bool {
	text, ok := value.(string)
	return ok && quantity.MatchString(strings.TrimSpace(text)) || isA[int](value) || isA[float64](value)
}
