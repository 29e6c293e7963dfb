package machines

import (
	"context"
	"testing"

	"kindling/e2e/internal/flags"
	"kindling/e2e/internal/rig"

	"github.com/google/go-cmp/cmp"
)

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
