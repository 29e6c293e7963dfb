package machines

import (
	"context"
	"os"
	"strings"
	"testing"

	"kindling/e2e/internal/flags"
	"kindling/e2e/internal/rig"

	"github.com/google/go-cmp/cmp"
)

// TestKubeletTypes holds what kindling knows of the types of KubeletConfiguration's fields against Kubernetes' source.
func TestKubeletTypes(t *testing.T) {
	want, err := flags.AskTypes(string(rig.Current))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(flags.TypesFile())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(string(got)), "\n")); diff != "" {
		t.Errorf("run e2e-flags (-source +known):\n%s", diff)
	}
}

// TestFlagValues holds what kindling knows of the flags' types against the programs.
func TestFlagValues(t *testing.T) {
	want, err := flags.AskValues(context.Background(), string(rig.Current))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(readFile(t, flags.ValuesFile())), "\n")); diff != "" {
		t.Errorf("run e2e-flags (-programs +known):\n%s", diff)
	}
}

// TestFlags holds what kindling knows of flags against the programs that the machines run.
func TestFlags(t *testing.T) {
	for _, release := range []rig.Release{rig.Current, rig.Older} {
		for _, component := range flags.Components {
			want, err := flags.Ask(context.Background(), component, string(release))
			if err != nil {
				t.Fatal(err)
			}
			got, err := flags.Known(component, string(release))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s: run e2e-flags (-program +known):\n%s", component, release, diff)
			}
		}
	}
}
