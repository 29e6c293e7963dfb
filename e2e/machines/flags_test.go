package machines

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kindling/e2e/internal/build"
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

// TestFeatureGates asks the programs that the machines run: they have the feature gates that kindling accepts, and no other; and the
// locked ones can't be changed.
func TestFeatureGates(t *testing.T) {
	for _, release := range []rig.Release{rig.Current, rig.Older} {
		known, locked, others := knownGates(t, "FeatureGates", release), knownGates(t, "LockedGates", release), knownGates(t, "ControllerManagerGates", release)
		for program, missing := range map[string][]string{
			"kube-apiserver": {
				"--client-ca-file=/missing", "--etcd-servers=http://127.0.0.1:1", "--service-account-issuer=a", "--service-account-signing-key-file=/missing",
				"--service-account-key-file=/missing",
			},
			"kube-controller-manager": {"--kubeconfig=/missing"},
			"kube-scheduler":          {"--kubeconfig=/missing"},
			"kubelet":                 {"--config=/missing"},
		} {
			t.Run(program+" "+string(release), func(t *testing.T) {
				path, err := build.Kubernetes(program, string(release)).Path()
				if err != nil {
					t.Fatal(err)
				}
				all := known
				if program != "kube-scheduler" {
					all = slices.Sorted(slices.Values(slices.Concat(known, others)))
				}
				help, err := exec.Command(path, "--help").CombinedOutput()
				if err != nil {
					t.Fatal(err)
				}
				listed := 0
				for _, found := range listedGate.FindAllSubmatch(help, -1) {
					listed++
					if name := string(found[1]); !slices.Contains(all, name) {
						t.Errorf("kindling does not know the feature gate %s", name)
					}
				}
				if listed < 50 {
					t.Fatalf("%d feature gates in:\n%s", listed, help)
				}
				start := func(gates []string) string {
					out, _ := exec.Command(path, append(missing, "--feature-gates="+strings.Join(gates, ","))...).CombinedOutput()
					return string(out)
				}
				values := slices.Clone(locked)
				for _, name := range all {
					if !slices.Contains(locked, name+"=true") && !slices.Contains(locked, name+"=false") {
						values = append(values, name+"=false")
					}
				}
				if out := start(values); !strings.Contains(out, "/missing: no such file") {
					t.Errorf("%d feature gates:\n%s", len(values), out)
				}
				for _, gate := range []string{locked[0], locked[len(locked)-1]} {
					name, value, _ := strings.Cut(gate, "=")
					other := name + "=" + map[string]string{"true": "false", "false": "true"}[value]
					if out := start([]string{other}); !strings.Contains(out, "locked to "+value) {
						t.Errorf("%s:\n%s", other, out)
					}
				}
			})
		}
	}
}

var listedGate = regexp.MustCompile(`(?:kube:)?([A-Z][A-Za-z0-9]+)=true\|false`)

func knownGates(t *testing.T, list string, release rig.Release) []string {
	t.Helper()
	names, err := flags.Known(list, string(release))
	if err != nil {
		t.Fatal(err)
	}
	return names
}
