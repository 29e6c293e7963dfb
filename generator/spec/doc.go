// Package spec is cluster.yaml: its types, its defaults and its rules. It is kindling's contract with users.
//
// [Load] is the one way in. It reads the bytes of a cluster.yaml and returns either a [Cluster] that is complete and
// sound, or everything that is wrong with the file at once, each [Problem] with its line and column:
//
//	cluster, problems := spec.Load(data)
//	if problems.Fatal() {
//		return problems
//	}
//
// Inside, a file passes these stages:
//
//   - package yamlfile fills the types of types.go and notes unknown keys, wrong types, missing fields and values that are
//     none of the listed ones. Its rules are the types' `json` and `jsonschema` tags, which are also those of [Schema] and of
//     docs/cluster.yaml.md.
//   - setDefaults (default.go) fills in what the file leaves out, and resolve (resolve.go) works out, once, the values that
//     follow from the fields: version, addresses, operating systems, who has which role. Methods return them (cluster.go), so that
//     nobody after Load reads a field's text again.
//   - validate (validate.go, and validate_*.go by topic) checks what values mean, alone and together. A field that
//     yamlfile has refused is left in peace, so that one mistake is one problem.
//
// A new field needs its line in types.go with a comment, and whatever default and rule it has. The schema follows by
// itself, and `go test ./generator/spec -update` writes docs/cluster.yaml.md anew. A new rule needs a faulty sample in
// testdata/invalid; `go test ./cmd/kindling -update` records its report, which you then read.
package spec
