package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kindling/generator/spec"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "record the reports in testdata/invalid")

// TestInvalidReports compares the report that a user gets for each faulty spec.
func TestInvalidReports(t *testing.T) {
	files, err := filepath.Glob("../../testdata/invalid/*.yaml")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d faulty specs, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			cluster, problems := spec.Load(source, spec.Local{})
			if cluster != nil || !problems.Fatal() {
				t.Errorf("is accepted: %v", problems)
			}
			compareReport(t, strings.TrimSuffix(file, ".yaml")+".txt", report(filepath.Base(file), source, problems))
		})
	}
}

// compareReport fails with -update too, so that a recording never passes as a test.
func compareReport(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the report differs (-want +got):\n%s", diff)
	}
	if *update {
		t.Errorf("recorded %s; run again without -update", golden)
	}
}

func report(name string, source []byte, problems spec.Problems) string {
	var out bytes.Buffer
	draw(&out, name, source, problems)
	return out.String()
}

// TestReportKeepsSecrets checks that no report shows a key or token in the spec, wherever the fault is.
func TestReportKeepsSecrets(t *testing.T) {
	pem := "-----BEGIN RSA PRIVATE KEY-----\n    c2VjcmV0\n    c2VjcmV0\n    -----END RSA PRIVATE KEY-----"
	for _, source := range []string{
		"x:\n  - |\n    " + pem + "\n",
		"sshAuthorizedKeys:\n  - |\n    " + pem + "\n",
		"sshAuthorizedKeys:\n    " + pem + "\n    y: z\n",
		"name: |\n    " + pem + "\nkind: [" + "\n",
		"sshAuthorizedKeys: [\"-----BEGIN RSA PRIVATE KEY-----\\nc2VjcmV0\", 5]\n",
		"c2VjcmV0c2VjcmV0: abcdef.c2vjcmv0c2vjcmv0\n",
		"abcdef.c2vjcmv0c2vjcmv0: 1\n",
		"name: abcdef.c2vjcmv0c2vjcmv0_\nkubernetesVersion: abcdef.c2vjcmv0c2vjcmv0\n",
		"name: *abcdef.c2vjcmv0c2vjcmv0\n",
		"nodes:\n- {name: cp0, role: control-plane, secretURL: \"ftp://bucket/cp0?X-Amz-Signature=c2VjcmV0c2VjcmV0\"}\n",
		"networking: {podSubnet: \"https://bucket/cp0?a=b&sig=c2VjcmV0\"}\n",
	} {
		_, problems := spec.Load([]byte(source), spec.Local{})
		got := report("cluster.yaml", []byte(source), problems)
		if !problems.Fatal() || strings.Contains(strings.ReplaceAll(got, "c2VjcmV0c2VjcmV0:", ""), "c2VjcmV0") || strings.Contains(got, "c2vjcmv0") {
			t.Errorf("%q:\n%s", source, got)
		}
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("0123456789", 30)
	for name, test := range map[string]struct {
		line   string
		column int
		want   string
	}{
		"short":             {"name: demo", 7, "name: demo\n      ^"},
		"after a tab":       {"\tname: demo", 2, `\tname: demo` + "\n  ^"},
		"after the end":     {"name:", 6, "name:\n     ^"},
		"not Latin":         {"näme: dé", 7, "näme: dé\n      ^"},
		"turned direction":  {"a\u202eb", 3, `a\u202eb` + "\n       ^"},
		"start of a long":   {long, 1, long[:100] + "…\n^"},
		"middle of a long":  {long, 151, "…" + long[100:200] + "…\n" + strings.Repeat(" ", 51) + "^"},
		"end of a long":     {long, 300, "…" + long[200:] + "\n" + strings.Repeat(" ", 100) + "^"},
		"behind a long":     {long, 301, "…" + long[200:] + "\n" + strings.Repeat(" ", 101) + "^"},
		"exactly the width": {long[:100], 100, long[:100] + "\n" + strings.Repeat(" ", 99) + "^"},
	} {
		text, caret := excerpt(test.line, test.column)
		if got := text + "\n" + strings.Repeat(" ", caret) + "^"; got != test.want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, test.want)
		}
	}
}
