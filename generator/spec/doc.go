// Package spec is cluster.yaml: its types, its defaults and its rules. It is kindling's contract with its users.
//
// [Load] is the only way in. It reads a cluster.yaml and returns either a complete and valid [Cluster], or everything that is wrong
// with the file at once, each [Problem] with its line and column:
//
//	cluster, problems := spec.Load(data, spec.Local{})
//	if problems.Fatal() {
//		return problems
//	}
//
// A file passes through these stages:
//
//   - Package yamlfile fills the types of types.go. It finds unknown keys, wrong types, missing fields, and values that are not among
//     the listed ones. Its rules are the `json` and `jsonschema` tags of the types, as they are for [Schema] and docs/cluster.yaml.md. Names of
//     operating systems and providers have types of their own (listed.go), which know the list.
//   - setDefaults (default.go) fills in what the file leaves out. resolve (resolve.go) works out the values that follow from the
//     fields: version, addresses, operating systems, who has which role. The methods in cluster.go return them, so that nothing
//     after Load parses a field again.
//   - validate (validate.go, and validate_*.go by topic) checks what the values mean, alone and together. It skips fields that
//     yamlfile has refused, so that one mistake is one problem.
//
// A new field needs a line in types.go: a comment that begins with its name, an example and the plain default in the `jsonschema`
// tag, and a `change` tag that says what a change does once the cluster runs. A default that is not a plain value is a paragraph of
// the comment that begins with "Default:". The schema follows by itself, and `go test ./generator/spec -update` rewrites
// docs/cluster.yaml.md. A new rule needs a faulty sample in testdata/invalid; `go test ./cmd/kindling -update` records its report for you
// to read.
package spec
