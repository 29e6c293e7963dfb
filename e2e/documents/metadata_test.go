package documents

import (
	"context"
	"path/filepath"
	"regexp"
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
for port in 80 53; do
	ip netns exec cloud python3 -m http.server --directory /web --bind 169.254.169.254 $port &>/dev/null &
done
# ask PORT PROGRAM...
ask() { "${@:2}" curl -sS --max-time 5 --retry 20 --retry-connrefused --retry-delay 1 "http://169.254.169.254:$1/" 2>/dev/null || true; }
`

// TestMetadataIsKeptFromPods runs the step metadata-service, as a machine has it, on a machine that forwards a pod's packets. It runs at each
// boot, and once more if the unit is started again.
func TestMetadataIsKeptFromPods(t *testing.T) {
	documents, err := kindling.Generate(t, filepath.Join(samples, "v1.34.yaml"), "")
	if err != nil {
		t.Fatal(err)
	}
	machine := firstboot.CloudInit(t, seed(t, documents, "w0", kindling.Text))
	out, err := machine.With(t).Inside(context.Background(), theCloud+`
step() { bash /etc/kindling/run.sh step metadata-service; }
echo "pod before: $(ask 80 ip netns exec pod)"
step
step
echo "rules: $(ip rule | grep -c ^89:)"
echo "pod: $(ip netns exec pod curl -sS --max-time 5 http://169.254.169.254/ 2>&1)" || true
echo "pod, another port: $(ask 53 ip netns exec pod)"
echo "machine: $(ask 80 env)"
kill %1 %2
`)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := regexp.MustCompile(`^pod before: user-data\nrules: 2\npod: curl: \(7\) .*\npod, another port: user-data\nmachine: user-data\n$`)
	if !want.Match(out) {
		t.Errorf("%s", out)
	}
}
