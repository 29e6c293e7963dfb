package documents

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
)

// theCloud is a machine between a pod and a metadata service, each in a network namespace of its own.
const theCloud = `
join() { # NAMESPACE MACHINE-ADDRESS ADDRESS
	ip netns add "$1"
	ip link add "$1" type veth peer name eth0 netns "$1"
	ip address add "$2" dev "$1"
	ip link set "$1" up
	ip netns exec "$1" ip address add "$3" dev eth0
	ip netns exec "$1" ip link set eth0 up
	ip netns exec "$1" ip link set lo up
	ip netns exec "$1" ip route add default via "${2%%/*}"
}
join pod 192.168.0.1/24 192.168.0.2/24
join cloud 169.254.169.1/24 169.254.169.254/24
echo 1 >/proc/sys/net/ipv4/ip_forward
mkdir /web
echo user-data >/web/index.html
ip netns exec cloud python3 -m http.server --directory /web --bind 169.254.169.254 80 &>/dev/null &
ask() { "$@" curl -sS --max-time 5 --retry 20 --retry-connrefused --retry-delay 1 http://169.254.169.254/ 2>/dev/null || true; }
`

// TestMetadataIsKeptFromPods runs the step of docs/security.md, as a machine has it, on a machine that forwards a pod's packets. It runs at each
// boot, so it runs twice.
func TestMetadataIsKeptFromPods(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(kindling.Source(), "docs/security.md"))
	if err != nil {
		t.Fatal(err)
	}
	steps := regexp.MustCompile("(?ms)^```yaml\n(extraSteps:.*?)^```$").FindSubmatch(text)
	sample, err := os.ReadFile(filepath.Join(samples, "v1.34.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	spec := filepath.Join(dir, "cluster.yaml")
	if err := os.WriteFile(spec, append(sample, steps[1]...), 0o600); err != nil {
		t.Fatal(err)
	}
	documents, err := kindling.GenerateIn(dir, spec)
	if err != nil {
		t.Fatal(err)
	}
	tree := firstboot.CloudInit(t, seed(t, documents, "w0", kindling.Text))
	var step string
	for name := range tree.Tree {
		if strings.HasSuffix(name, "/metadata") || strings.HasSuffix(name, "/metadata.sh") {
			step = name
		}
	}
	out, err := tree.With(t).Inside(context.Background(), theCloud+`
echo "pod before: $(ask ip netns exec pod)"
bash `+step+`
bash `+step+`
echo "pod: $(ip netns exec pod curl -sS --max-time 5 http://169.254.169.254/ 2>&1)" || true
echo "machine: $(ask env)"
kill $!
`)
	if err != nil {
		t.Fatalf("%s: %v\n%s", step, err, out)
	}
	want := regexp.MustCompile(`^pod before: user-data\npod: curl: \(7\) .*\nmachine: user-data\n$`)
	if !want.Match(out) {
		t.Errorf("%s", out)
	}
}
