package templates

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"kindling/templates/step"

	gocmp "github.com/google/go-cmp/cmp"
)

// A boot is one run of a script on a machine that has a root of its own, stubs for the programs that would change it or ask
// others, and kindling's real scripts.
type boot struct {
	steps    string            // all of these are done or, with try, just that one is tried once
	try      string            //
	script   string            // steps of the test's own
	call     string            // a function that a unit calls, instead of a step
	variants []string          // files of insteadOf
	env      map[string]string // beside those of cp0
	files    map[string]string // what is on the machine before, by path
	stubs    map[string]string // bodies of programs in bash; $n is 1 at a program's first call
	aside    string            // a program whose calls are not recorded here

	want outcome
}

type outcome struct {
	code    int
	console []string          // without the time; durations are N
	err     string            // the last line on stderr
	calls   []string          // of the programs in recorded
	files   map[string]string // what must be there after; "-" is nothing
}

// What cp0 and w0 would get from the generator, as far as it matters here.
var cp0 = map[string]string{
	"ADDRESS": "10.0.0.7", "ADMIN_CONF": "super-admin.conf", "CLUSTER": "lab", "CONTROL_PLANE_ENDPOINT": "api.lab:6443",
	"ETCD_DATA_DIR": "/var/lib/etcd", "KUBERNETES_VERSION": "v1.34.4",
	"NAME": "cp0", "NODE_IP": "10.0.0.7", "NOT_AFTER": "2000000000", "NOT_BEFORE": "1000000000",
	"POD_NETWORK": "true", "PROGRAMS": "kubeadm kubelet ctr", "RENEW_AFTER": "1000000", "ROLE": "control-plane", "SET": "5e7000000000",
	"TIME_SERVERS": "",
}

// Every call of these is recorded; those of the others are too many, or not the same each time.
var recorded = []string{"kubeadm", "kubelet", "kubectl", "ctr", "curl", "systemctl", "hostname", "modprobe", "sysctl", "swapoff"}

var defaults = map[string]string{
	"ip":          `echo "2: eth0    inet 10.0.0.7/24 brd 10.0.0.255 scope global eth0\       valid_lft forever"`,
	"sleep":       ``,
	"sync":        ``,
	"timedatectl": `echo yes`,
	"timeout":     `[ "$1" != -k ] || shift 2; shift; exec "$@"`,
}

const (
	stub = `#!/bin/bash
n=0
read -r n 2>/dev/null </run/calls.%[1]s
echo $((++n)) >/run/calls.%[1]s
[ "${@: -1}" != - ] || stdin=$(cat) # before the record, so that the two ends of a pipe are recorded in order
[ -z "%[2]s" ] || echo "%[1]s $*" >>/run/calls
%[3]s
`
	enter = `set -e
cd "$1"
mount --all --fstab run/mounts
PATH=$1/bin:$PATH
cd /
shift
exec bash "$@"
`
	manifest = "/etc/kubernetes/manifests/etcd.yaml"
	// uptime is what /proc/uptime says, until a test says otherwise.
	uptime = "1000"
	// hung is how long a boot takes that never ends. On a busy computer others take half a minute.
	hung = 5 * time.Minute
)

// mounts is the fstab by which a machine has these directories of its root for itself: the paths of the scripts are those of a machine.
// One mount for all of them starts one process instead of twenty.
func mounts(t *testing.T, root string) string {
	t.Helper()
	var table strings.Builder
	bind := func(from, to string) {
		fmt.Fprintf(&table, "%s %s none rbind\n", from, to)
	}
	directory := func(name string) string {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const alternatives = "/etc/alternatives" // has Debian's awk
	if _, err := os.Stat(alternatives); err == nil {
		bind(alternatives, directory(alternatives))
	}
	for _, name := range []string{"/etc", "/opt", "/run", "/sys", "/var/lib", "/var/log"} {
		bind(directory(name), name)
	}
	bind(root+"/run/uptime", "/proc/uptime")
	return table.String()
}

// insteadOf are the files that some kinds of machines have, by patterns of those in whose place they stand.
var insteadOf = map[string]string{
	"boot/any-machine.sh": "boot/right-machine.sh",
	"etcd/external.sh":    "etcd/[^a]*.sh", // but the API's
	"install/dnf.sh":      "install/apt.sh",
	"install/helpers.sh":  "install/binaries.sh",
	"install/packages.sh": "install/binaries.sh",
	"install/sysext.sh":   "install/binaries.sh",
	"install/rpm.sh":      "install/deb.sh",
	"install/zypper.sh":   "install/apt.sh",
	"join/token.sh":       "join/certificate.sh",
	"boot/ca-offline.sh":  "boot/certs.sh",
	"join/ca-offline.sh":  "join/join.sh",
	"boot/approve.sh":     "-", // the same
	"boot/label.sh":       "-", // the same
	"boot/proxy.sh":       "-",
	"boot/swap.sh":        "-",
	"boot/endpoint.sh":    "-",
	"boot/tend.sh":        "-", // a boot with it has no end
	"boot/warn.sh":        "-",
}

// composed is run.sh as a machine gets it, with the steps of all roles, and with the test's own shell before its last line.
func (b boot) composed(t *testing.T, programs string) string {
	t.Helper()
	script := Script{Programs: strings.Fields(programs), Files: slices.Clone(b.variants)}
	names, err := fs.Glob(files, "*/*.sh")
	if err != nil || len(names) < 20 {
		t.Fatal("no files", names, err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "ipxe/") }) // a program of its own
	for _, name := range names {
		replaced := slices.ContainsFunc(b.variants, func(variant string) bool {
			matched, err := path.Match(insteadOf[variant], name)
			return matched || err != nil
		})
		if name != frame && insteadOf[name] == "" && !replaced {
			script.Files = append(script.Files, name)
		}
	}
	for name := range strings.FieldsSeq(cmp.Or(b.steps, b.try)) {
		known := slices.IndexFunc(step.All, func(s step.Step) bool { return s.Name == name })
		if known < 0 {
			script.Steps = append(script.Steps, step.Step{Name: name})
			continue
		}
		script.Steps = append(script.Steps, step.All[known])
	}
	const last = "main \"$@\"\n"
	before, found := strings.CutSuffix(script.Source(), last)
	if !found {
		t.Fatalf("run.sh does not end with %q", last)
	}
	source := before + b.script + "\n" + last
	if text, known := minified.Load(source); known {
		return text.(string)
	}
	text, err := script.minify(source)
	if err != nil {
		t.Fatal(err)
	}
	minified.Store(source, string(text))
	return string(text)
}

// minified are the scripts so far, by their source. Most boots of a test have the same one.
var minified sync.Map

var lineNumber = regexp.MustCompile(`line [0-9]+:`)

func (b boot) run(t *testing.T) {
	t.Helper()
	root := t.TempDir()
	write := func(path, content string, mode os.FileMode) {
		t.Helper()
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
	}
	env := maps.Clone(cp0)
	maps.Copy(env, b.env)
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(env)) {
		fmt.Fprintf(&lines, "%s='%s'\n", name, strings.ReplaceAll(env[name], "'", `'\''`))
	}
	write("etc/kindling/node.env", lines.String(), 0o644)
	write("etc/kindling/run.sh", b.composed(t, env["PROGRAMS"]), 0o755)
	for _, path := range []string{"var/lib/kindling/.", "etc/kindling/kubeadm/join.yaml", "etc/kubernetes/manifests/.", "etc/kindling/patches/.", "run/kindling/error", "run/kindling/next", "run/kindling/waiting"} {
		if strings.HasSuffix(path, ".") {
			path += "keep"
		}
		write(path, "", 0o644)
	}
	write("etc/kindling/kubeadm/init.yaml", "bootstrapTokens:\n", 0o600)
	write("run/uptime", uptime+".00 0\n", 0o600)
	write("run/mounts", mounts(t, root), 0o600)
	for path, content := range b.files {
		write(path, content, 0o600)
	}
	stubs := maps.Clone(defaults)
	for _, name := range recorded {
		stubs[name] = ""
	}
	maps.Copy(stubs, b.stubs)
	for name, body := range stubs {
		record := ""
		if slices.Contains(recorded, name) && name != b.aside {
			record = "yes"
		}
		write("bin/"+name, fmt.Sprintf(stub, name, record, body), 0o755)
	}

	args := []string{"/etc/kindling/run.sh"}
	if b.try != "" {
		args = append(args, "step", b.try)
	}
	if b.call != "" {
		args = append(args, b.call)
	}
	ctx, cancel := context.WithTimeout(t.Context(), hung)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "unshare", append([]string{"-rmn", "bash", "-c", enter, "enter", root}, args...)...)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &stdout, &stderr, time.Second
	if err := cmd.Run(); cmd.ProcessState == nil || ctx.Err() != nil {
		t.Fatalf("%v; stdout:\n%s\nstderr:\n%s", err, &stdout, &stderr)
	}

	got := outcome{code: cmd.ProcessState.ExitCode(), console: console(stdout.String(), b.try != ""), calls: calls(t, root)}
	if errors := strings.Split(strings.TrimSpace(stderr.String()), "\n"); b.want.err != "" || got.code != b.want.code {
		got.err = lineNumber.ReplaceAllString(errors[len(errors)-1], "line N:")
	}
	for path := range b.want.files {
		if got.files == nil {
			got.files = map[string]string{}
		}
		content, err := os.ReadFile(filepath.Join(root, path))
		got.files[path] = seconds.ReplaceAllString(string(content), "${1}N$2")
		if err != nil {
			got.files[path] = "-"
		}
	}
	if diff := gocmp.Diff(b.want, got, gocmp.AllowUnexported(outcome{})); diff != "" {
		t.Errorf("-want +got:\n%s\nstdout:\n%s\nstderr:\n%s", diff, &stdout, &stderr)
	}
}

var (
	prefix   = regexp.MustCompile(`^kindling \S+ \d\d:\d\d:\d\d `)
	seconds  = regexp.MustCompile(`(^|"seconds":)\d+(\n$|})`)
	duration = regexp.MustCompile(`(done in|ready after) \d+ s`)
	clock    = regexp.MustCompile(`(act at=|since )(\d+\.\d{6}|\d\d:\d\d:\d\d)\b`)
	phases   = regexp.MustCompile(`^kubeadm init --config /etc/kindling/kubeadm/init.yaml --skip-token-print --skip-phases (\S+)$`)
	kube     = regexp.MustCompile(`kubectl --kubeconfig /etc/kubernetes/super-admin.conf --server https://\S+:6443 --request-timeout 30s`)
)

// console is what a watcher reads, without what differs from run to run. On one try the other lines would go into its log.
func console(text string, try bool) (lines []string) {
	for line := range strings.Lines(text) {
		if strings.HasSuffix(line, " boot: documents 5e7000000000 of cluster lab\n") {
			continue // TestBootSaysWhichDocuments
		}
		if !try || prefix.MatchString(line) {
			line = duration.ReplaceAllString(prefix.ReplaceAllString(strings.TrimSuffix(line, "\n"), ""), "$1 N s")
			lines = append(lines, clock.ReplaceAllString(line, "${1}T"))
		}
	}
	return lines
}

// calls tells `kubeadm init` by the phases that it does.
func calls(t *testing.T, root string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "run/calls"))
	if err != nil {
		return nil
	}
	var list []string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if m := phases.FindStringSubmatch(line); m != nil {
			skipped := strings.Split(m[1], ",")
			line = "init:"
			// kubeadm's own list, from `kubeadm init --help`.
			for phase := range strings.FieldsSeq("preflight certs kubeconfig etcd control-plane kubelet-start wait-control-plane upload-config " +
				"upload-certs mark-control-plane bootstrap-token kubelet-finalize addon show-join-command") {
				if !slices.Contains(skipped, phase) {
					line += " " + phase
				}
			}
		}
		list = append(list, kube.ReplaceAllString(strings.Replace(line, " --config /etc/kindling/kubeadm/init.yaml", "", 1), "kube"))
	}
	return list
}

func runAll(t *testing.T, boots map[string]boot) {
	t.Helper()
	for name, b := range boots {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b.run(t)
		})
	}
}

const three = `
step_one() { echo one >>/run/order; }
step_two() { echo two >>/run/order; }
step_three() { echo three >>/run/order; }
`

func TestFrame(t *testing.T) {
	t.Parallel()
	const (
		journal = `case $* in
*kubelet) printf 'I1127 03:12:00.1 1 a.go:1] fine\nE1127 03:12:00.123456 99 run.go:72] "command failed" err="no config file"\nI1127 03:12:00.3 1 a.go:1] fine\n' ;;
*) echo 'time="x" level=info msg=fine' ;;
esac`
		theirs = `; kubelet: "command failed" err="no config file"`
	)
	done := func(names ...string) (lines []string) {
		for _, name := range names {
			lines = append(lines, name+": started", name+": done in N s")
		}
		return append(lines, names[len(names)-1]+": cp0 is a control-plane of cluster lab, ready after N s")
	}
	runAll(t, map[string]boot{
		"steps are done in order, and each leaves a stamp": {
			steps: "two one three", script: three,
			want: outcome{console: done("two", "one", "three"), files: map[string]string{"/run/order": "two\none\nthree\n", "/var/lib/kindling/one.done": "N\n"}},
		},
		"an empty stamp proves nothing": {
			steps: "one two", script: three, files: map[string]string{"/var/lib/kindling/one.done": "", "/var/lib/kindling/two.done": "7\n"},
			want: outcome{console: []string{"one: started", "one: done in N s", "one: cp0 is a control-plane of cluster lab, ready after N s"}, files: map[string]string{"/run/order": "one\n"}},
		},
		"what a step writes is on the disk before its stamp, and the stamp before its name": {
			steps: "one", script: three, stubs: map[string]string{"sync": `echo "$*:" $(cd /var/lib/kindling; echo one.d*) >>/run/order`},
			want: outcome{console: done("one"), files: map[string]string{"/run/order": "one\n" +
				"-f /etc /var/lib/kindling: one.d*\n" +
				"/var/lib/kindling/one.done.new: one.done.new\n" +
				"/var/lib/kindling: one.done\n"}},
		},
		"a stamped step is not done again": {
			steps: "one two three", script: three,
			files: map[string]string{"/var/lib/kindling/one.done": "5\n", "/var/lib/kindling/two.done": "7\n"},
			want:  outcome{console: done("three"), files: map[string]string{"/run/order": "three\n"}},
		},
		"steps that look at the machine are done at every boot": {
			steps: "right-machine clock", script: three,
			files: map[string]string{"/var/lib/kindling/right-machine.done": "5\n", "/var/lib/kindling/clock.done": "7\n"},
			want:  outcome{console: done("right-machine", "clock"), calls: []string{"systemctl is-active systemd-timesyncd chronyd chrony"}},
		},
		"their stamps of the boot before do not count as done": {
			steps: "one ready", files: map[string]string{"/var/lib/kindling/ready.done": "7\n"},
			script: "step_one() { cp $run/status.json /run/then; }\nstep_ready() { :; }",
			want: outcome{console: done("one", "ready"), files: map[string]string{
				"/run/then": `{"node":"cp0","role":"control-plane","state":"running","step":"one","steps":[{"name":"one","state":"running","seconds":N},{"name":"ready","state":"pending","seconds":N}],"waitingFor":[],"lastError":"","nextTry":""}` + "\n",
			}},
		},
		"a step is tried again until it succeeds, and the pause doubles up to 30 s": {
			steps: "one two", script: three + `step_two() { [ -e /run/enough ] || fail "no such luck"; }`,
			stubs: map[string]string{"sleep": `[ $n -lt 6 ] || touch /run/enough`},
			want: outcome{console: []string{
				"one: started", "one: done in N s", "two: started",
				"two: failed: no such luck; next try in 1 s; full log: /var/lib/kindling/two.log",
				"two: failed: no such luck; next try in 2 s; full log: /var/lib/kindling/two.log",
				"two: failed: no such luck; next try in 4 s; full log: /var/lib/kindling/two.log",
				"two: failed: no such luck; next try in 8 s; full log: /var/lib/kindling/two.log",
				"two: failed: no such luck; next try in 16 s; full log: /var/lib/kindling/two.log",
				"two: failed: no such luck; next try in 30 s; full log: /var/lib/kindling/two.log",
				"two: done in N s", "two: cp0 is a control-plane of cluster lab, ready after N s",
			}, files: map[string]string{"/run/order": "one\n"}},
		},
		"any command that fails ends the try, even one without a word": {
			steps: "one", script: `step_one() { [ -e /run/enough ] || { (exit 7); echo "went on"; }; }`,
			stubs: map[string]string{"sleep": `touch /run/enough`},
			want: outcome{console: []string{"one: started", "one: failed: exit status 7; next try in 1 s; full log: /var/lib/kindling/one.log",
				"one: done in N s", "one: cp0 is a control-plane of cluster lab, ready after N s"}},
		},
		"waiting is not failed, and is said once": {
			steps: "one", script: `step_one() { waiting "the moon is down" moon sun; waiting "the moon is down" moon sun; [ -e /run/up ] || kill -9 $BASHPID; }`,
			stubs: map[string]string{"sleep": `cp /run/kindling/status.json /run/then; touch /run/up`, "timeout": `shift 3; "$@"; rc=$?; [ $rc = 0 ] || exit 125`},
			want: outcome{console: []string{"one: started", "one: waiting: the moon is down", "one: waiting: the moon is down", "one: done in N s",
				"one: cp0 is a control-plane of cluster lab, ready after N s"},
				files: map[string]string{"/run/then": `{"node":"cp0","role":"control-plane","state":"waiting","step":"one","steps":[{"name":"one","state":"waiting","seconds":N}],"waitingFor":["moon","sun"],"lastError":"","nextTry":""}` + "\n"}},
		},
		"each text is said once, whatever curl's milliseconds": {
			try: "one", script: `step_one() { for ms in 1 2 3; do waiting "no answer after $ms ms: up" a; waiting "timed out after 400$ms milliseconds" b; done; }`,
			want: outcome{console: []string{"one: waiting: no answer: up", "one: waiting: timed out"}, files: map[string]string{"/run/kindling/waiting": "b\n"}},
		},
		"a step that waited and then fails has failed": {
			steps: "one", script: `step_one() { [ ! -e /run/up ] || return 0; waiting "the moon is down" moon; fail "it fell"; }`,
			stubs: map[string]string{"sleep": "touch /run/up"},
			want: outcome{console: []string{"one: started", "one: waiting: the moon is down",
				"one: failed: it fell; next try in 1 s; full log: /var/lib/kindling/one.log", "one: done in N s",
				"one: cp0 is a control-plane of cluster lab, ready after N s"}},
		},
		"a step that is cut off says so, whatever it printed": {
			steps: "one", script: `step_one() { echo pulling; }`,
			stubs: map[string]string{"timeout": `shift 3; [ $n != 1 ] || exit 124; "$@" || exit; [ $n != 2 ] || exit 124`},
			want: outcome{console: []string{"one: started",
				"one: failed: did not finish within 300 s; next try in 1 s; full log: /var/lib/kindling/one.log",
				"one: failed: did not finish within 300 s: pulling; next try in 2 s; full log: /var/lib/kindling/one.log",
				"one: done in N s",
				"one: cp0 is a control-plane of cluster lab, ready after N s"}},
		},
		"pulling images may take half an hour": {
			steps: "images", script: `step_images() { :; }`,
			stubs: map[string]string{"timeout": `shift 2; [ $n -gt 1 ] || exit 124; shift; exec "$@"`},
			want: outcome{console: []string{"images: started",
				"images: failed: did not finish within 1800 s; next try in 1 s; full log: /var/lib/kindling/images.log",
				"images: done in N s", "images: cp0 is a control-plane of cluster lab, ready after N s"}},
		},
		"a wait that has lasted for a minute names the cause": {
			try: "one", script: `step_one() { for up in 1000 1059 1060; do echo $up.00 0 >/run/uptime; waiting "no such thing"; done; }`, stubs: map[string]string{"journalctl": journal},
			want: outcome{console: []string{"one: waiting: no such thing", "one: waiting: no such thing" + theirs}},
		},
		"so does a step that fails again": {
			steps: "one", script: `step_one() { [ -e /run/third ] || { mv /run/second /run/third || touch /run/second; fail broken; }; }`, stubs: map[string]string{"journalctl": journal},
			want: outcome{console: []string{"one: started", "one: failed: broken; next try in 1 s; full log: /var/lib/kindling/one.log",
				"one: failed: broken" + theirs + "; next try in 2 s; full log: /var/lib/kindling/one.log", "one: done in N s", "one: cp0 is a control-plane of cluster lab, ready after N s"}},
		},
		"no bootstrap token on the console, which many can read": {
			steps: "certs cluster join", files: map[string]string{"/etc/kindling/manifests": ""},
			stubs: map[string]string{"kubeadm": "echo '[bootstrap-token] Using token: abcdef.0123456789abcdef'", "curl": "printf '{}\\n404'"},
			want: outcome{console: done("certs", "cluster", "join"), calls: []string{
				"kubeadm init phase preflight --ignore-preflight-errors DirAvailable--var-lib-etcd",
				"init: certs kubeconfig", "init: kubelet-start",
				"kube -n kube-system get configmap kindling --ignore-not-found -o name",
				"init: upload-config mark-control-plane bootstrap-token kubelet-finalize addon",
				"kube delete clusterrolebinding kubeadm:node-autoapprove-bootstrap --ignore-not-found",
				"kube -n kube-system create configmap kindling --from-literal kubernetesVersion=v1.34.4 --dry-run=client -o yaml",
				"kube apply -f -",
				`curl -sS --max-time 5 --cacert /etc/kindling/pki/ca.crt -K - -w \n%{http_code} https://api.lab:6443/api/v1/nodes/cp0`,
				"systemctl stop kubelet.service", "kubeadm join --config /run/kindling/join.yaml --node-name cp0",
			}},
		},
	})
}

func TestBegin(t *testing.T) {
	t.Parallel()
	const state = "/var/lib/kindling/"
	// Not every machine has a product UUID, and cat fails.
	machine := map[string]string{"cat": `[[ "$*" = */etc/machine-id* ]] && echo 12ab && exit 1 || exec env PATH="${PATH#*:}" cat "$@"`}
	kept := func(owner string, more ...string) map[string]string {
		files := map[string]string{state + "owner": owner, state + "join.done": "N\n", state + "name": "w7\n", state + "preflight": "done\n", state + "etcd-fence": "",
			"/etc/kubernetes/kubelet.conf": "x", "/etc/kubernetes/pki/ca.key": "x", "/etc/kubernetes/audit.yaml": "x", manifest: "x", "/var/lib/kubelet/pki/kubelet-client-current.pem": "x", "/var/lib/etcd/member/wal/0.wal": "x"}
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	const mine = "cp0 12ab 5e7000000000\n"
	gone := []string{state + "join.done", "-", state + "name", "-", state + "preflight", "-", "/etc/kubernetes/kubelet.conf", "-", manifest, "-", "/var/lib/kubelet/pki/kubelet-client-current.pem", "-"}
	const begins = "boot: this disk is from another machine or node, %s: only etcd's data stay"
	lost := map[string]string{"/etc/kubernetes/manifests/kube-apiserver.yaml": "", "/etc/kubernetes/pki/etcd/peer.key": "", "/var/lib/kubelet/config.yaml": "", "/etc/kubernetes/scheduler.conf": ""}
	theirs := map[string]string{"/etc/kubernetes/audit/policy.yaml": "", "/etc/kubernetes/manifests/.keep": "", "/etc/kubernetes/pki/ca.key": ""}
	runAll(t, map[string]boot{
		"the first boot":     {call: "begin", stubs: machine, want: outcome{files: map[string]string{state + "owner": mine}}},
		"a boot like others": {call: "begin", stubs: machine, files: kept(mine), want: outcome{files: kept(mine)}},
		"a new document of the same node: all steps, and nothing is forgotten": {
			call: "begin", stubs: machine, files: kept("cp0 12ab 111111111111\n"), want: outcome{files: kept(mine, state+"join.done", "-")},
		},
		"the disk of another node": {
			call: "begin", stubs: machine, files: kept("w0 12ab 5e7000000000\n"),
			want: outcome{console: []string{fmt.Sprintf(begins, "w0")}, files: kept(mine, gone...)},
		},
		"a clone": {
			call: "begin", stubs: machine, files: kept("cp0 34cd 5e7000000000\n"),
			want: outcome{console: []string{fmt.Sprintf(begins, "cp0")}, files: kept(mine, gone...)},
		},
		"what has lost its content goes, and all stamps": {
			call: "begin", stubs: machine, files: merged(kept(mine), lost, theirs),
			want: outcome{console: []string{"boot: empty since a power cut, made again: /etc/kubernetes/manifests/kube-apiserver.yaml " +
				"/etc/kubernetes/pki/etcd/peer.key /etc/kubernetes/scheduler.conf /var/lib/kubelet/config.yaml"},
				files: merged(kept(mine, state+"join.done", "-"), theirs, map[string]string{"/etc/kubernetes/manifests/kube-apiserver.yaml": "-",
					"/etc/kubernetes/pki/etcd/peer.key": "-", "/var/lib/kubelet/config.yaml": "-", "/etc/kubernetes/scheduler.conf": "-"})},
		},
	})
}

// TestEachFileEmpty makes one file after another empty, as a power cut does. What kubeadm and the steps have made is made again; what the
// document has brought, which was on the disk before the first step, is missed aloud.
func TestEachFileEmpty(t *testing.T) {
	t.Parallel()
	const state = "/var/lib/kindling/"
	boots := map[string]boot{}
	for _, path := range []string{
		"/etc/kubernetes/admin.conf", "/etc/kubernetes/super-admin.conf", "/etc/kubernetes/controller-manager.conf", "/etc/kubernetes/scheduler.conf",
		"/etc/kubernetes/kubelet.conf", "/etc/kubernetes/bootstrap-kubelet.conf", "/etc/kubernetes/kube-vip.conf",
		"/etc/kubernetes/manifests/etcd.yaml", "/etc/kubernetes/manifests/kube-apiserver.yaml", "/etc/kubernetes/manifests/kube-controller-manager.yaml",
		"/etc/kubernetes/manifests/kube-scheduler.yaml", "/etc/kubernetes/manifests/kube-vip.yaml", "/etc/kubernetes/manifests/haproxy.yaml",
		"/etc/kubernetes/pki/apiserver.crt", "/etc/kubernetes/pki/apiserver.key", "/etc/kubernetes/pki/apiserver-kubelet-client.crt",
		"/etc/kubernetes/pki/front-proxy-client.key", "/etc/kubernetes/pki/apiserver-etcd-client.crt", "/etc/kubernetes/pki/etcd/server.crt",
		"/etc/kubernetes/pki/etcd/peer.key", "/etc/kubernetes/pki/etcd/healthcheck-client.crt",
		"/var/lib/kubelet/config.yaml", "/var/lib/kubelet/kubeadm-flags.env", "/var/lib/kubelet/pki/kubelet.crt", "/var/lib/kubelet/pki/kubelet-client-2026.pem",
	} {
		boots[path] = boot{
			call: "begin", files: map[string]string{path: "", state + "certs.done": "1\n", state + "join.done": "1\n", state + "signed": "5e7000000000\n"},
			want: outcome{console: []string{"boot: empty since a power cut, made again: " + path},
				files: map[string]string{path: "-", state + "certs.done": "-", state + "join.done": "-", state + "signed": "-"}},
		}
	}
	boots["a stamp"] = boot{
		steps: "one", script: `step_one() { echo again >/run/one; }`, files: map[string]string{state + "one.done": ""},
		want: outcome{console: []string{"one: started", "one: done in N s", "one: cp0 is a control-plane of cluster lab, ready after N s"}, files: map[string]string{"/run/one": "again\n"}},
	}
	boots["the owner of the disk"] = boot{
		call: "begin", files: map[string]string{state + "owner": "", state + "join.done": "1\n"}, want: outcome{files: map[string]string{state + "join.done": "-"}},
	}
	boots["the name of a pool's machine"] = boot{
		try: "right-machine", variants: []string{"boot/any-machine.sh"}, env: map[string]string{"NAME_PATTERN": "*"}, files: map[string]string{state + "name": ""},
		stubs: map[string]string{"uname": "echo w7"}, want: outcome{files: map[string]string{state + "name": "w7\n"}},
	}
	boots["node.env"] = boot{
		steps: "one", files: map[string]string{"/etc/kindling/node.env": ""}, want: outcome{code: 1, err: "/etc/kindling/run.sh: line N: ADDRESS: unbound variable"},
	}
	runAll(t, boots)
}

// TestScriptThatIsCutShort runs the unit's own check on what a power cut may leave of run.sh.
func TestScriptThatIsCutShort(t *testing.T) {
	t.Parallel()
	check := regexp.MustCompile(`(?m)^ExecStartPre=/bin/bash -c '(.*)'$`).FindStringSubmatch(Unit("kindling.service"))
	if check == nil {
		t.Fatal("the unit has no check")
	}
	whole, err := Script{Files: []string{"boot/host.sh"}, Steps: []step.Step{step.Host}}.Compose()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"empty":         {nil, "kindling: run.sh is cut short\n"},
		"half":          {whole[:len(whole)/2], "kindling: run.sh is cut short\n"},
		"its last line": {whole[:len(whole)-len("main \"$@\"\n")], "kindling: run.sh is cut short\n"},
		"whole":         {whole, ""},
	} {
		file := filepath.Join(t.TempDir(), "run.sh")
		if err := os.WriteFile(file, test.content, 0o755); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "bash", "-c", strings.ReplaceAll(check[1], "/etc/kindling/run.sh", file)).CombinedOutput()
		if string(out) != test.want || (err == nil) != (test.want == "") {
			t.Errorf("%s: %q, %v", name, out, err)
		}
	}
}

func merged(list ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range list {
		maps.Copy(all, m)
	}
	return all
}

// The first line of every boot says of which generation the machine's documents are.
func TestBootSaysWhichDocuments(t *testing.T) {
	t.Parallel()
	boot{
		steps: "one", script: `step_one() { :; }`, env: map[string]string{"SET": "0123456789ab"},
		want: outcome{console: []string{"boot: documents 0123456789ab of cluster lab", "one: started", "one: done in N s",
			"one: cp0 is a control-plane of cluster lab, ready after N s"}},
	}.run(t)
}

func TestStatusIsStrictJSON(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"quotes":      {`say "no" or 'no'`, `say "no" or 'no'`},
		"backslashes": {`C:\temp\new \" \\ &`, `C:\temp\new \" \\ &`},
		"newlines":    {"first\nlast\n\n  \n", "last"},
		"stack trace": {"the error\nTo see the stack trace of this error execute with --v=5 or higher\n", "the error"},
		"preflight": {"	[ERROR Mem]: too little\n[preflight] If you know what you are doing, you can make a check non-fatal with `--ignore-preflight-errors=...`\n" +
			"error: error execution phase preflight: preflight checks failed\nTo see the stack trace of this error execute with --v=5 or higher\n", "[ERROR Mem]: too little"},
		"controls":  {"a\x1b[31mred\x07\x7f\ttab\r", "a[31mredtab"},
		"NUL":       {"a\x00b", "ab"},
		"UTF-8":     {"open ‘x’: näh", "open x: nh"},
		"long":      {strings.Repeat("é", 10) + strings.Repeat("x", 500), strings.Repeat("x", 400)},
		"not UTF-8": {"a\xff\xc3", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			for _, b := range []byte(c.text) {
				fmt.Fprintf(&out, `\x%02x`, b)
			}
			root := t.TempDir()
			log := filepath.Join(root, "log")
			if err := os.WriteFile(log, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			boot{
				steps: "one", script: `step_one() { [ -e /run/then ] || { cat ` + log + `; false; }; }`,
				stubs: map[string]string{"sleep": `cp /run/kindling/status.json ` + root, "date": `[[ "$*" != *FT* ]] || set -- -u -d @1767225600 +%FT%TZ; exec env PATH="${PATH#*:}" date "$@"`,
					"timeout": `[ $n = 1 ] || exit 0; shift 3; exec "$@"`},
				want: outcome{console: []string{"one: started", "one: failed: " + c.want + "; next try in 1 s; full log: /var/lib/kindling/one.log",
					"one: done in N s", "one: cp0 is a control-plane of cluster lab, ready after N s"}},
			}.run(t)
			text, err := os.ReadFile(filepath.Join(root, "status.json"))
			if err != nil {
				t.Fatal(err)
			}
			type step struct {
				Name, State string
				Seconds     int
			}
			type status struct {
				Node, Role, State, Step string
				Steps                   []step
				WaitingFor              []string
				LastError, NextTry      string
			}
			var got status
			d := json.NewDecoder(bytes.NewReader(text))
			d.DisallowUnknownFields()
			if err := d.Decode(&got); err != nil || !utf8.Valid(text) || d.More() {
				t.Fatalf("%v: %q", err, text)
			}
			want := status{Node: "cp0", Role: "control-plane", State: "failed", Step: "one", Steps: []step{{"one", "failed", 0}}, WaitingFor: []string{},
				LastError: c.want, NextTry: "2026-01-01T00:00:00Z"}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// now stubs date: the clock reads the n-th of these at its n-th reading, and then the last.
func now(readings string) string {
	return `[ "$*" = +%s ] || exec env PATH="${PATH#*:}" date "$@"
set -- ` + readings + `
n=$(($(cat /run/readings 2>/dev/null) + 1)); echo $n >/run/readings
[ $n -le $# ] || n=$#
echo "${!n}"`
}

const address = `2: eth0    inet %[1]s/24 brd 10.0.0.255 scope global eth0\       valid_lft forever preferred_lft forever`

func TestEtcdDisk(t *testing.T) {
	t.Parallel()
	const asks, start = "systemctl show -p LoadState -p ActiveState ", "systemctl --no-block start mnt-etcd.mount"
	none, loaded := "printf 'LoadState=not-found\\nActiveState=inactive\\n'", "printf 'LoadState=loaded\\nActiveState=%s\\n' "
	env := map[string]string{"ETCD_DATA_DIR": "/mnt/etcd/data"}
	asked := []string{asks + "mnt-etcd-data.mount", asks + "mnt-etcd.mount", asks + "mnt.mount"}
	runAll(t, map[string]boot{
		"no disk of its own": {try: "etcd-disk", env: env, stubs: map[string]string{"systemctl": none}, want: outcome{calls: asked}},
		"one that is there":  {try: "etcd-disk", env: env, stubs: map[string]string{"systemctl": "[[ $* != *mnt-etcd.mount ]] && " + none + " || " + loaded + "active"}, want: outcome{calls: asked}},
		"one that comes late, after systemd gave up": {
			try: "etcd-disk", env: env, stubs: map[string]string{"systemctl": "[[ $* != *mnt-etcd.mount ]] && " + none + " || { [ $n -lt 6 ] && " + loaded + "failed || " + loaded + "active; }"},
			want: outcome{console: []string{"etcd-disk: waiting: etcd's disk is not there yet: mnt-etcd.mount"},
				calls: slices.Concat(asked, []string{start}, asked)},
		},
	})
}

func TestRightMachine(t *testing.T) {
	t.Parallel()
	// Each argument is what ip says at one call; the last one holds on.
	ip := func(says ...string) map[string]string {
		body := "case $n in\n"
		for i, s := range says {
			pattern := fmt.Sprint(i + 1)
			if i == len(says)-1 {
				pattern = "*"
			}
			body += fmt.Sprintf("%s) cat <<'END'\n%s\nEND\n;;\n", pattern, s)
		}
		return map[string]string{"ip": body + "esac"}
	}
	v4, other := fmt.Sprintf(address, "10.0.0.7"), fmt.Sprintf(address, "10.0.0.31")
	v6 := `2: eth0    inet6 fd00::7/64 scope global \       valid_lft forever preferred_lft forever`
	tentative := `2: eth0    inet6 fd00::7/64 scope global tentative \       valid_lft forever preferred_lft forever`
	dual := map[string]string{"NODE_IP": "10.0.0.7,fd00::7"}
	runAll(t, map[string]boot{
		"it has its address": {try: "right-machine", stubs: ip(other + "\n" + v4)},
		"on another address it says why, and goes on when the right one appears": {
			try: "right-machine", stubs: ip(other, other, other+"\n"+v4),
			want: outcome{console: []string{"right-machine: waiting: this document is for cp0 at 10.0.0.7; this machine has 10.0.0.31"},
				files: map[string]string{"/run/kindling/waiting": "address 10.0.0.7\n"}},
		},
		"10.0.0.7 is not in 10.0.0.70 or 110.0.0.7": {
			try: "right-machine", stubs: ip(fmt.Sprintf(address, "10.0.0.70")+"\n"+fmt.Sprintf(address, "110.0.0.7"), v4),
			want: outcome{console: []string{"right-machine: waiting: this document is for cp0 at 10.0.0.7; this machine has 10.0.0.70 110.0.0.7"}},
		},
		"no address yet": {
			try: "right-machine", stubs: map[string]string{"ip": "[ $n = 1 ] || echo '" + v4 + "'"},
			want: outcome{console: []string{"right-machine: waiting: this document is for cp0 at 10.0.0.7; this machine has no address"}},
		},
		"dual stack needs both": {
			try: "right-machine", env: dual, stubs: ip(v4, v4+"\n"+v6),
			want: outcome{console: []string{"right-machine: waiting: this document is for cp0 at fd00::7; this machine has 10.0.0.7"}},
		},
		"a tentative address cannot be used yet": {
			try: "right-machine", env: dual, stubs: ip(v4+"\n"+tentative, v4+"\n"+v6),
			want: outcome{console: []string{"right-machine: waiting: this document is for cp0 at fd00::7; this machine has 10.0.0.7"}},
		},
	})
}

func TestHost(t *testing.T) {
	t.Parallel()
	calls := []string{"hostname cp0", "modprobe -a overlay br_netfilter", "sysctl -q -p /etc/sysctl.d/99-kindling.conf", "systemctl mask swap.target", "swapoff -a"}
	const fstab = "UUID=1 / ext4 defaults 0 1\nLABEL=swap none swap sw 0 0\n"
	long := strings.Repeat("n", 65)
	runAll(t, map[string]boot{
		"swap stays off, and fstab as it is": {try: "host", files: map[string]string{"/etc/fstab": fstab}, want: outcome{calls: calls, files: map[string]string{"/etc/fstab": fstab}}},
		"what is kept for later boots": {try: "host", want: outcome{calls: calls, files: map[string]string{
			"/etc/modules-load.d/kindling.conf": "overlay\nbr_netfilter\n",
			"/etc/sysctl.d/99-kindling.conf":    "net.bridge.bridge-nf-call-iptables = 1\nnet.ipv4.ip_forward = 1\n"}}},
		"IPv6 is forwarded only where the cluster has it": {try: "host", env: map[string]string{"NODE_IP": "10.0.0.7,fd00::7"}, want: outcome{calls: calls, files: map[string]string{
			"/etc/sysctl.d/99-kindling.conf": "net.bridge.bridge-nf-call-iptables = 1\nnet.ipv4.ip_forward = 1\nnet.bridge.bridge-nf-call-ip6tables = 1\nnet.ipv6.conf.all.forwarding = 1\n"}}},
		"a kubelet that goes with swap": {try: "host", variants: []string{"boot/swap.sh"}, want: outcome{calls: calls[:3]}},
		"a name too long for Linux":     {try: "host", env: map[string]string{"NAME": long}, want: outcome{calls: calls[1:]}},
		"a module that will not load":   {try: "host", stubs: map[string]string{"modprobe": "echo no module >&2; exit 1"}, want: outcome{code: 1, err: "no module", calls: calls[:2]}},
	})
}

func TestSettings(t *testing.T) {
	t.Parallel()
	const readers = "systemd-tmpfiles --create\nsystemctl restart systemd-sysctl.service\nsystemctl try-restart a@*.service"
	calls := []string{"systemctl daemon-reload", "systemctl restart systemd-sysctl.service", "systemctl try-restart a@*.service"}
	env, seen := map[string]string{"READERS": readers}, map[string]string{"/run/seen": "--create\n"}
	stubs := map[string]string{"systemd-tmpfiles": `echo "$*" >/run/seen`}
	runAll(t, map[string]boot{
		"all is read": {try: "settings", env: env, stubs: stubs, want: outcome{calls: calls, files: seen}},
		"what is wrong is said, and the boot goes on": {try: "settings", env: env,
			stubs: map[string]string{
				"systemd-tmpfiles": stubs["systemd-tmpfiles"],
				"systemctl":        `[[ $* != *sysctl* ]]`,
				"journalctl":       `[[ $* != *_SYSTEMD_UNIT=systemd-sysctl.service ]] || echo "Couldn't write '0' to 'vm/x', invalid argument"`,
			},
			want: outcome{calls: calls, console: []string{"settings: systemctl restart systemd-sysctl.service failed: Couldn't write '0' to 'vm/x', invalid argument"}}},
	})
}

func TestProxy(t *testing.T) {
	t.Parallel()
	const (
		see     = `env | grep -iE "^[a-z]+_proxy=" | sort >/run/seen || true`
		proxied = "HTTPS_PROXY=http://me:a$b@p:1\nNO_PROXY=x,.y\nhttps_proxy=http://me:a$b@p:1\nno_proxy=x,.y\n"
	)
	files := map[string]string{"/etc/kindling/proxy.env": strings.NewReplacer("a$b", `'a$b'`).Replace(proxied)}
	stubs := map[string]string{"curl": see, "kubeadm": see, "apt-get": see}
	runs := func(step, body, call, sees string) boot {
		b := boot{
			try: step, variants: []string{"boot/proxy.sh"}, script: "step_" + step + "() { " + body + "; }", files: files, stubs: stubs, env: map[string]string{"PROXY": "http://the-image's"},
			want: outcome{files: map[string]string{"/run/seen": sees}},
		}
		if call != "" {
			b.want.calls = []string{call}
		}
		return b
	}
	runAll(t, map[string]boot{
		"a download":                    runs("own", `curl -x "$PROXY" -fsSL http://m/x`, "curl -fsSL http://m/x", proxied),
		"a peer":                        runs("own", `curl -sS https://10.0.0.8:2380/members`, "curl -sS https://10.0.0.8:2380/members", ""),
		"a proxy of the user's":         runs("own", `curl -x http://mine https://a`, "curl -x http://mine https://a", ""),
		"a command of the user's":       runs("own", `proxied apt-get update`, "", proxied),
		"kubeadm":                       runs("own", `kubeadm init`, "kubeadm init", ""),
		"a package manager":             runs("install", `[ ! "$PROXY" ] && apt-get update`, "", proxied),
		"a download beside one":         runs("install", `curl -x "$PROXY" http://m/x`, "curl http://m/x", proxied),
		"a download that does not work": {try: "own", variants: []string{"boot/proxy.sh"}, script: `step_own() { curl -x "$PROXY" http://m/x || fail "no x"; }`, files: files, stubs: map[string]string{"curl": "exit 22"}, want: outcome{code: 1, err: "no x", calls: []string{"curl http://m/x"}}},
	})
}

func TestClock(t *testing.T) {
	t.Parallel()
	const begins, ends = "1000000000", "2000000000" // 2001-09-09T01:46:40Z, 2033-05-18T03:33:20Z
	active := "systemctl is-active systemd-timesyncd chronyd chrony"
	boots := map[string]boot{
		"synchronized at once": {try: "clock", want: outcome{calls: []string{active}}},
		"a time service that is still starting is waited for": {
			try: "clock", stubs: map[string]string{"systemctl": `printf 'inactive\nactivating\ninactive\n'; exit 3`, "timedatectl": `[ $n -lt 2 ] && echo no || echo yes`},
			want: outcome{console: []string{"clock: waiting: no time source answered yet"}, calls: []string{active, active}},
		},
		"a time source that answers late": {
			try: "clock", stubs: map[string]string{"timedatectl": `[ $n -lt 3 ] && echo no || echo yes`},
			want: outcome{console: []string{"clock: waiting: no time source answered yet"}, calls: []string{active, active, active},
				files: map[string]string{"/run/kindling/waiting": ""}},
		},
		"no time source within 90 s: it goes on": {
			try: "clock", env: map[string]string{"TIME_SERVERS": "10.0.0.1 ntp.lab"}, stubs: map[string]string{"timedatectl": `echo 1090.00 >/run/uptime; echo no`},
			want: outcome{console: []string{"clock: no time source answered within 90 s; going on without"},
				calls: []string{"systemctl try-restart systemd-timesyncd chronyd chrony", active}},
		},
		"it waits up to that": {
			try: "clock", stubs: map[string]string{"timedatectl": `echo no`, "sleep": `echo $((1088 + n)).99 >/run/uptime`},
			want: outcome{console: []string{"clock: waiting: no time source answered yet", "clock: waiting: no time source answered yet", "clock: no time source answered within 90 s; going on without"},
				calls: []string{active, active, active}},
		},
		"no time service, nothing to wait for": {
			try: "clock", stubs: map[string]string{"systemctl": `printf 'inactive\ninactive\nfailed\n'; exit 3`, "timedatectl": `echo no`},
			want: outcome{calls: []string{active}},
		},
		"time servers of the document restart the service, whatever systemctl says": {
			try: "clock", env: map[string]string{"TIME_SERVERS": "10.0.0.1"}, stubs: map[string]string{"systemctl": `[ "$1" = is-active ] && echo active`},
			want: outcome{calls: []string{"systemctl try-restart systemd-timesyncd chronyd chrony", active}},
		},
		"certificates that begin later are waited for": {
			try: "clock", stubs: map[string]string{"date": now("999999930 999999998 " + begins)},
			want: outcome{console: []string{"clock: waiting: the certificates begin at 2001-09-09T01:46:40Z by the clock here"}, calls: []string{active},
				files: map[string]string{"/run/kindling/waiting": ""}},
		},
		"certificates that ended are an error": {
			try: "clock", stubs: map[string]string{"date": now(ends)},
			want: outcome{code: 1, calls: []string{active},
				err: "the document's certificates expired at 2033-05-18T03:33:20Z, and it is 2033-05-18T03:33:20Z here: run kindling pki renew, and generate again"},
		},
		"which a worker that has joined no longer needs": {
			try: "clock", stubs: map[string]string{"date": now(ends)}, env: map[string]string{"ROLE": "worker"}, files: map[string]string{"/var/lib/kubelet/pki/kubelet-client-current.pem": "x"},
			want: outcome{calls: []string{active}},
		},
		"their last second is good": {try: "clock", stubs: map[string]string{"date": now("1999999999")}, want: outcome{calls: []string{active}}},
	}
	for name, b := range boots {
		if b.stubs["systemctl"] == "" {
			b.stubs = merged(b.stubs, map[string]string{"systemctl": `[ "$1" != is-active ] || echo active`})
		}
		boots[name] = b
	}
	runAll(t, boots)
}

func TestRuntime(t *testing.T) {
	t.Parallel()
	const dump = "disabled_plugins = []\n            SystemdCgroup = true\n"
	good := map[string]string{"kubeadm": "echo v1.34.4", "containerd": "printf '" + dump + "'"}
	with := func(name, body string) map[string]string {
		stubs := maps.Clone(good)
		stubs[name] = body
		return stubs
	}
	asked := []string{"kubeadm version -o short"}
	started := append(slices.Clone(asked), "systemctl enable kubelet containerd", "systemctl start containerd", "ctr --timeout 10s version")
	runAll(t, map[string]boot{
		"all there": {try: "runtime", stubs: good, want: outcome{calls: started}},
		"all that is missing is named": {
			try: "runtime", env: map[string]string{"PROGRAMS": "kubeadm no-such-a kubelet no-such-b"},
			want: outcome{code: 1, err: "this image lacks no-such-a no-such-b"},
		},
		"another kubeadm": {
			try: "runtime", stubs: with("kubeadm", "echo v1.34.3"),
			want: outcome{code: 1, calls: asked,
				err: "kubeadm here is v1.34.3; this document is for v1.34.4: install that, or set kubernetesVersion and generate again"},
		},
		"containerd does not answer": {
			try: "runtime", stubs: with("ctr", "echo ctr: no socket >&2; exit 1"),
			want: outcome{code: 1, err: "ctr: no socket", calls: started},
		},
		"containerd as Docker's packages configure it": {
			try: "runtime", stubs: with("containerd", `printf 'disabled_plugins = ["cri"]\n SystemdCgroup = true\n'`),
			want: outcome{code: 1, calls: started, err: "containerd needs CRI and SystemdCgroup = true: see its config.toml"},
		},
		"containerd as Debian's package configures it": {
			try: "runtime", stubs: with("containerd", `printf 'disabled_plugins = []\n SystemdCgroup = false\n'`),
			want: outcome{code: 1, calls: started, err: "containerd needs CRI and SystemdCgroup = true: see its config.toml"},
		},
	})
}

func TestImages(t *testing.T) {
	t.Parallel()
	const list = `[ "$3" != list ] || printf 'r.lab/%s\n' api:1 etcd:2 pause:3`
	has := func(image string) string { return "ctr -n k8s.io images ls -q name==r.lab/" + image }
	runAll(t, map[string]boot{
		"all there: no pull": {
			try: "images", stubs: map[string]string{"kubeadm": list, "ctr": `echo "${@: -1}"`},
			want: outcome{calls: []string{"kubeadm config images list", has("api:1"), has("etcd:2"), has("pause:3")}},
		},
		"one missing: one pull": {
			try: "images", stubs: map[string]string{"kubeadm": list, "ctr": `[[ $* == *etcd:2 ]] || echo "${@: -1}"`},
			want: outcome{calls: []string{"kubeadm config images list", has("api:1"), has("etcd:2"), "kubeadm config images pull"}},
		},
		"a pull that fails is the step's error": {
			try: "images", stubs: map[string]string{"kubeadm": list + `; [ "$3" != pull ] || { echo no registry >&2; exit 1; }`},
			want: outcome{code: 1, err: "no registry", calls: []string{"kubeadm config images list", has("api:1"), "kubeadm config images pull"}},
		},
	})
}

func TestCerts(t *testing.T) {
	t.Parallel()
	preflight := "kubeadm init phase preflight --ignore-preflight-errors DirAvailable--var-lib-etcd"
	done := []string{"init: certs kubeconfig", "init: kubelet-start"}
	const set, renew = "5e7000000000\n", "kubeadm certs renew all --config /run/kindling/init.yaml"
	// kubeadm's kubeconfig phase, as far as it matters here.
	kubeadm := map[string]string{"kubeadm": `. /etc/kindling/node.env
for f in admin super-admin kubelet controller-manager; do
	[ -e /etc/kubernetes/$f.conf ] || printf 'clusters:\n- cluster:\n    server: https://%s\n  name: lab\n' "$CONTROL_PLANE_ENDPOINT" >/etc/kubernetes/$f.conf
done`}
	kubeconfigs := func(server, manager string) map[string]string {
		files := map[string]string{}
		for _, name := range []string{"admin", "super-admin", "kubelet"} {
			files["/etc/kubernetes/"+name+".conf"] = "clusters:\n- cluster:\n    server: https://" + server + "\n  name: lab\n"
		}
		files["/etc/kubernetes/controller-manager.conf"] = "clusters:\n- cluster:\n    server: https://" + manager + "\n  name: lab\n"
		return files
	}
	runAll(t, map[string]boot{
		"the first time": {
			try: "certs", stubs: kubeadm,
			want: outcome{calls: append([]string{preflight}, done...), files: kubeconfigs("api.lab:6443", "api.lab:6443")},
		},
		"preflight is for the first time only": {try: "certs", files: map[string]string{"/var/lib/kindling/preflight": "done\n"}, want: outcome{calls: done}},
		"kubeadm's leaves are signed again, and the document's own and the user's stay": {
			try: "certs", files: map[string]string{
				"/var/lib/kindling/preflight": "done\n", "/etc/kubernetes/pki/apiserver.crt": "", "/etc/kubernetes/pki/etcd/peer.key": "", "/etc/kubernetes/kubelet.conf": "x",
				"/etc/kubernetes/pki/apiserver-etcd-client.key": "x", "/etc/kubernetes/pki/ca.key": "x", "/etc/kubernetes/pki/etcd/ca.key": "x", "/etc/kubernetes/pki/sa.pub": "x",
				"/etc/kubernetes/audit.conf": "x", "/etc/kubernetes/kube-vip.conf": "x"},
			want: outcome{calls: done, files: map[string]string{
				"/etc/kubernetes/pki/apiserver.crt": "-", "/etc/kubernetes/pki/etcd/peer.key": "-", "/etc/kubernetes/kubelet.conf": "-",
				"/etc/kubernetes/pki/apiserver-etcd-client.key": "-", "/etc/kubernetes/pki/ca.key": "x", "/etc/kubernetes/pki/etcd/ca.key": "x", "/etc/kubernetes/pki/sa.pub": "x",
				"/etc/kubernetes/audit.conf": "x", "/etc/kubernetes/kube-vip.conf": "-", "/var/lib/kindling/signed": set}},
		},
		"with external etcd, the document has the credential for it": {
			try: "certs", files: map[string]string{"/var/lib/kindling/preflight": "done\n", "/etc/kubernetes/pki/apiserver-etcd-client.key": "x"},
			want: outcome{calls: done, files: map[string]string{"/etc/kubernetes/pki/apiserver-etcd-client.key": "x"}},
		},
		"what was signed lately stays": {
			try: "certs", files: map[string]string{"/var/lib/kindling/signed": set, "/etc/kubernetes/pki/apiserver.crt": "x"},
			want: outcome{files: map[string]string{"/etc/kubernetes/pki/apiserver.crt": "x"}},
		},
		"but not for another document": {
			try: "certs", files: map[string]string{"/var/lib/kindling/preflight": "done\n", "/var/lib/kindling/signed": "0bd000000000\n"},
			want: outcome{calls: done, files: map[string]string{"/var/lib/kindling/signed": set}},
		},
		"when a third of its time is over, it is renewed, by a kubeadm of whatever version": {
			try: "certs", stubs: map[string]string{"kubeadm": `[ $1 != version ] || echo v1.36.1`}, env: map[string]string{"RENEW_AFTER": "0"},
			files: map[string]string{"/var/lib/kindling/signed": set, "/etc/kindling/kubeadm/init.yaml": "kubernetesVersion: v1.34.4\nclusterName: lab\n",
				"/etc/kubernetes/kubelet.conf": "x", "/etc/kubernetes/pki/apiserver.crt": "x"},
			want: outcome{calls: []string{"kubeadm version -o short", renew, "kubeadm init phase kubeconfig kubelet --config /run/kindling/init.yaml", "systemctl restart kubelet.service"},
				files: map[string]string{"/run/kindling/init.yaml": "kubernetesVersion: v1.36.1\nclusterName: lab\n", "/etc/kubernetes/kubelet.conf": "-",
					"/etc/kubernetes/pki/apiserver.crt": "x"}},
		},
		"if kubeadm cannot, the machine comes up as it is": {
			try: "certs", stubs: map[string]string{"kubeadm": `[ $1 = version ] || exit 1`}, env: map[string]string{"RENEW_AFTER": "0"},
			files: map[string]string{"/var/lib/kindling/signed": set},
			want:  outcome{console: []string{"certs: kubeadm did not renew: see /var/lib/kindling/certs.log"}, calls: []string{"kubeadm version -o short", renew}},
		},
		"what is signed is on the disk before it counts": {
			try: "certs", files: map[string]string{"/var/lib/kindling/preflight": "done\n"}, stubs: map[string]string{"sync": `[ $n != 1 ] || { ls /var/lib/kindling/signed >&2; echo "$*" >/run/first; exit 1; }`},
			want: outcome{calls: done, code: 1, err: "ls: cannot access '/var/lib/kindling/signed': No such file or directory", files: map[string]string{"/run/first": "-f /etc\n"}},
		},
		"so is one whose stamp is empty": {try: "certs", files: map[string]string{"/var/lib/kindling/preflight": ""}, want: outcome{calls: append([]string{preflight}, done...)}},
		"a preflight that failed is done again": {
			try: "certs", stubs: map[string]string{"kubeadm": "echo too little memory >&2; exit 1"},
			want: outcome{code: 1, err: "too little memory", calls: []string{preflight}, files: map[string]string{"/var/lib/kindling/preflight": "-"}},
		},
		"old data elsewhere": {
			try: "certs", env: map[string]string{"ETCD_DATA_DIR": "/disk/etcd"},
			want: outcome{calls: append([]string{"kubeadm init phase preflight --ignore-preflight-errors DirAvailable--disk-etcd"}, done...)},
		},
		"a kubeadm that reaches even its own API server by way of the endpoint": {
			try: "certs", stubs: kubeadm, variants: []string{"boot/endpoint.sh"},
			want: outcome{calls: append([]string{preflight}, done...), files: kubeconfigs("10.0.0.7:6443", "api.lab:6443")},
		},
		"the same with IPv6": {
			try: "certs", stubs: kubeadm,
			variants: []string{"boot/endpoint.sh"}, env: map[string]string{"CONTROL_PLANE_ENDPOINT": "[fd00::100]:6443", "ADDRESS": "fd00::7"},
			want: outcome{calls: append([]string{preflight}, done...), files: kubeconfigs("[fd00::7]:6443", "[fd00::100]:6443")},
		},
	})
}

// identityFiles are the document's certificates where no machine has a CA's key.
var identityFiles = map[string]string{
	"/etc/kubernetes/pki/ca.crt": "CA", "/etc/kindling/pki/ca.crt": "CA",
	"/etc/kindling/pki/admin.crt": "a1", "/etc/kindling/pki/admin.key": "a2", "/etc/kindling/pki/scheduler.crt": "s1", "/etc/kindling/pki/scheduler.key": "s2",
	"/etc/kindling/pki/kubelet-client.crt": "k1\n", "/etc/kindling/pki/kubelet-client.key": "k2\n",
}

// kubeconfigText is a kubeconfig that the machine writes.
func kubeconfigText(server, user, form, cert, key string) string {
	return "apiVersion: v1\nkind: Config\nclusters:\n- name: kubernetes\n  cluster:\n    server: https://" + server +
		"\n    certificate-authority-data: Q0E=\ncontexts:\n- name: kubernetes\n  context: {cluster: kubernetes, user: \"" + user +
		"\"}\ncurrent-context: kubernetes\nusers:\n- name: \"" + user + "\"\n  user:\n    client-certificate" + form + ": " + cert +
		"\n    client-key" + form + ": " + key + "\n"
}

func TestCertsOfTheDocument(t *testing.T) {
	t.Parallel()
	const (
		set, current = "5e7000000000\n", "/var/lib/kubelet/pki/kubelet-client-current.pem"
		preflight    = "kubeadm init phase preflight --ignore-preflight-errors DirAvailable--var-lib-etcd"
	)
	written := map[string]string{
		"/etc/kubernetes/admin.conf":          kubeconfigText("10.0.0.7:6443", "admin", "-data", "YTE=", "YTI="),
		"/etc/kubernetes/scheduler.conf":      kubeconfigText("10.0.0.7:6443", "scheduler", "-data", "czE=", "czI="),
		"/etc/kubernetes/kubelet.conf":        kubeconfigText("10.0.0.7:6443", "system:node:cp0", "", current, current),
		"/etc/kubernetes/kubelet-client.conf": "-", current: "k1\nk2\n", "/var/lib/kubelet/pki/kubelet.crt": "k1\n", "/var/lib/kubelet/pki/kubelet.key": "k2\n",
		"/var/lib/kindling/signed": set,
	}
	with := func(more map[string]string) map[string]string {
		all := maps.Clone(identityFiles)
		maps.Copy(all, more)
		return all
	}
	all := []string{preflight, "init: kubelet-start"}
	boots := map[string]boot{
		"the first time": {try: "certs", files: identityFiles, want: outcome{calls: all, files: written}},
		"they are there before kubeadm looks at them": {
			try: "certs", files: identityFiles, stubs: map[string]string{"kubeadm": "ls /etc/kubernetes/*.conf >&2; exit 1"},
			want: outcome{code: 1, calls: []string{preflight}, err: "/etc/kubernetes/scheduler.conf", files: map[string]string{"/var/lib/kindling/signed": "-"}},
		},
		"the same document": {
			try: "certs", files: with(map[string]string{"/var/lib/kindling/signed": set, "/etc/kubernetes/admin.conf": "mine"}),
			want: outcome{files: map[string]string{"/etc/kubernetes/admin.conf": "mine"}},
		},
		"another document brings others": {
			try: "certs", files: with(map[string]string{"/var/lib/kindling/signed": "0bd000000000\n", "/var/lib/kindling/preflight": "done\n", "/etc/kubernetes/admin.conf": "old",
				current: "old"}),
			want: outcome{calls: all[1:], files: written},
		},
	}
	for name, b := range boots {
		b.variants = []string{"boot/ca-offline.sh"}
		boots[name] = b
	}
	runAll(t, boots)
}

func TestJoinOfTheDocument(t *testing.T) {
	t.Parallel()
	const (
		ask     = `curl -sS --max-time 5 --cacert /etc/kindling/pki/ca.crt -K - -w \n%{http_code} https://api.lab:6443/api/v1/nodes/cp0`
		join    = "kubeadm join --config /etc/kindling/kubeadm/join.yaml --node-name cp0 --ignore-preflight-errors FileAvailable--etc-kubernetes-kubelet.conf"
		start   = "systemctl start kubelet.service"
		stop    = "systemctl stop kubelet.service"
		none    = `printf '{"code": 404}\n404'`
		current = "/var/lib/kubelet/pki/kubelet-client-current.pem"
		config  = "/var/lib/kubelet/config.yaml"
		flags   = "/var/lib/kubelet/kubeadm-flags.env"
		ca      = "/etc/kubernetes/pki/ca.crt"
	)
	with := func(more map[string]string) map[string]string {
		all := maps.Clone(identityFiles)
		delete(all, ca)
		maps.Copy(all, more)
		return all
	}
	own := map[string]string{
		"/etc/kubernetes/kubelet.conf": kubeconfigText("api.lab:6443", "system:node:cp0", "", current, current), current: "k1\nk2\n", "/var/lib/kubelet/pki/kubelet.key": "k2\n",
	}
	boots := map[string]boot{
		"the first time": {files: with(nil), stubs: map[string]string{"curl": none}, want: outcome{calls: []string{ask, stop, join, start}, files: own}},
		"what a try left that broke off": {
			files: with(map[string]string{ca: "x", config: "x", "/etc/kubernetes/bootstrap-kubelet.conf": "x"}), stubs: map[string]string{"curl": none},
			want: outcome{calls: []string{ask, stop, join, start}, files: map[string]string{ca: "-", "/etc/kubernetes/bootstrap-kubelet.conf": "-"}},
		},
		"a new document on a machine that has joined": {
			files: with(map[string]string{ca: "x", config: "x", flags: "x", current: "old", "/etc/kubernetes/kubelet.conf": "old"}),
			want:  outcome{calls: []string{start}, files: own},
		},
		"another node's disk, of which kubelet.conf was forgotten": {
			files: with(map[string]string{ca: "x", config: "x", flags: "x"}), stubs: map[string]string{"curl": none},
			want: outcome{calls: []string{ask, stop, join, start}, files: map[string]string{flags: "-", ca: "-"}},
		},
		"the Node of its last life may still be Ready": {
			files: with(nil), stubs: map[string]string{"curl": `[ $n -gt 1 ] || { printf '{"kind": "Node", "type": "Ready", "status": "True"}\n200'; exit; }` + "\n" + none},
			want: outcome{console: []string{"join: waiting: Node cp0 is still Ready: from before this machine was wiped, or because another machine has its name"},
				calls: []string{ask, ask, stop, join, start}},
		},
	}
	for name, b := range boots {
		b.try, b.variants = "join", []string{"join/ca-offline.sh"}
		boots[name] = b
	}
	runAll(t, boots)
}

func TestRenew(t *testing.T) {
	t.Parallel()
	const (
		stamp, set = "/var/lib/kindling/signed", "5e7000000000\n"
		asks       = "kubeadm version -o short"
		renewed    = "kubeadm certs renew all --config /run/kindling/init.yaml"
	)
	stubs := map[string]string{
		// Each pod is ready when it is asked about for the second time.
		"date": `case $* in +%s) echo 1900000000 ;; *) ` + real + `date "$@" ;; esac`,
		"curl": `[ ! -s /run/refuses ] || { sed -i 1d /run/refuses; echo '{"error":"x","message":"etcdserver: lease already exists"}'; exit; }
echo '{"ID":"2380"}'`,
		"kubectl": `case $* in
label*) echo "relabelled ${5%.yaml}"; rm -f /run/asked ;;
*) [ ! -e /run/asked ] || echo 1900000000 true; touch /run/asked ;;
esac`,
	}
	on := func(more ...string) map[string]string {
		files := map[string]string{stamp: set}
		for _, name := range []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-vip"} {
			files["/etc/kubernetes/manifests/"+name+".yaml"] = "old\n"
		}
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	lease := func(call, body string) string {
		return "curl -sS -f --http1.1 --max-time 4 --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/peer.crt --key /etc/kubernetes/pki/etcd/peer.key " +
			"--no-fail --max-time 10 -d " + body + " https://10.0.0.8:2379/v3/lease/" + call
	}
	grant, revoke := lease("grant", `{"ID":2380,"TTL":330}`), lease("revoke", `{"ID":2380}`)
	restart := func(names ...string) (calls []string) {
		for _, name := range names {
			ready := "kube -n kube-system get pod " + name + "-cp0 -o jsonpath={.metadata.labels.renewed} {.status.containerStatuses[0].ready}"
			calls = append(calls, "kubectl label --local --overwrite -f "+name+".yaml -o yaml renewed=1900000000", ready, ready)
		}
		return calls
	}
	restarts := restart("kube-apiserver", "kube-controller-manager", "kube-scheduler")
	env := map[string]string{"PEERS": "cp0 10.0.0.7 1\ncp1 10.0.0.8 2"}
	boots := map[string]boot{
		"one static pod after the other": {
			files: on(), want: outcome{calls: slices.Concat([]string{asks, renewed}, restarts, []string{revoke}),
				files: map[string]string{stamp: set, "/etc/kubernetes/manifests/kube-scheduler.yaml": "relabelled kube-scheduler\n"}},
		},
		"not at the same time as another machine": {
			try: "turn", files: on("/run/refuses", "x\nx\n"), // also when this machine itself is asked
			want: outcome{console: []string{"turn: waiting: another machine joins or renews certificates (etcdserver: lease already exists)"},
				calls: []string{grant, strings.Replace(grant, "0.8:2379", "0.7:2379", 1), grant}},
		},
		"a certificate that is not in use yet does not count": {
			files: on(stamp, "old\n"), stubs: map[string]string{"kubectl": `case $* in label*) ;; *) kill $PPID ;; esac`},
			want: outcome{code: 143, calls: append([]string{asks, renewed}, restart("kube-apiserver")[:2]...), files: map[string]string{stamp: "old\n"}},
		},
		"also kube-vip's": {
			files: on("/etc/kubernetes/kube-vip.conf", "old\n"), script: `STEPS="certs kube-vip"`,
			stubs: map[string]string{"kubeadm": `[ $1 != kubeconfig ] || echo new`},
			want: outcome{calls: slices.Concat([]string{asks, renewed}, restarts, []string{"kubeadm kubeconfig user --client-name kube-vip --config /run/kindling/init.yaml"},
				restart("kube-vip"), []string{revoke}),
				files: map[string]string{"/etc/kubernetes/kube-vip.conf": "new\n", stamp: set}},
		},
	}
	for name, b := range boots {
		b.try, b.env = cmp.Or(b.try, "renew"), env
		all := maps.Clone(stubs)
		maps.Copy(all, b.stubs)
		b.stubs = all
		boots[name] = b
	}
	runAll(t, boots)
}

func TestApprove(t *testing.T) {
	t.Parallel()
	const (
		ready   = "kube get node %s --ignore-not-found --no-headers"
		refused = "approve: refused a bootstrap token: "
	)
	approve := "step_approve() { approve || true; }\nsleep() { exit; }"
	env := map[string]string{"OWN_NAMES": "cp0|cp1|w0", "TOKEN_NAMES": "pool-*|spot-?|w1"}
	watches := []string{"kube delete clusterrolebinding kubeadm:node-autoapprove-bootstrap",
		`kube get csr --watch --request-timeout 600s --field-selector spec.signerName=kubernetes.io/kube-apiserver-client-kubelet -o jsonpath={.metadata.name} {.spec.username} {.spec.request} {.status.conditions[*].type}{"\n"}`}
	asks := func(subject pkix.Name, status string) boot {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: subject}, key)
		if err != nil {
			t.Fatal(err)
		}
		text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: request})
		return boot{
			try: "approve", variants: []string{"boot/approve.sh"}, script: approve, env: env,
			stubs: map[string]string{"kubectl": `case "$*" in
*" --watch "*) echo csr-1 system:bootstrap:abcdef ` + base64.StdEncoding.EncodeToString(text) + `;;
*" get node "*) ` + status + `;;
esac`},
		}
	}
	node := func(name string) pkix.Name {
		return pkix.Name{CommonName: "system:node:" + name, Organization: []string{"system:nodes"}}
	}
	boots := map[string]boot{}
	add := func(b boot, name string, console []string, calls ...string) {
		b.want = outcome{console: console, calls: slices.Concat(watches, calls)}
		boots[name] = b
	}
	granted := func(name string) []string {
		return []string{fmt.Sprintf(ready, name), "kube certificate approve csr-1"}
	}
	own := func(subject string) []string {
		return []string{refused + subject + " is no free name of a pool"}
	}
	const deny = "kube certificate deny csr-1"
	add(asks(node("pool-7.example.com"), "true"), "a free name of a pool", nil, granted("pool-7.example.com")...)
	add(asks(node("spot-1"), "echo spot-1 NotReady 5d v1.37.2"), "a Node that is not Ready", nil, granted("spot-1")...)
	add(asks(node("w1"), "echo w1 Unknown 5d v1.37.2"), "a worker that joins by the token", nil, granted("w1")...)
	add(asks(node("pool-7"), "echo pool-7 Ready,SchedulingDisabled 5d v1.37.2"), "a Node that is Ready", own("subject=CN=system:node:pool-7,O=system:nodes"), fmt.Sprintf(ready, "pool-7"), deny)
	add(asks(node("pool-7"), "exit 1"), "an API server that does not answer", own("subject=CN=system:node:pool-7,O=system:nodes"), fmt.Sprintf(ready, "pool-7"), deny)
	for _, name := range []string{"cp0", "w0", "spot-12", "other", "xpool-1"} {
		add(asks(node(name), "true"), name, own("subject=CN=system:node:"+name+",O=system:nodes"), deny)
	}
	for name, subject := range map[string]struct {
		name pkix.Name
		text string
	}{
		"two names": {pkix.Name{Organization: []string{"system:nodes"}, ExtraNames: []pkix.AttributeTypeAndValue{
			{Type: []int{2, 5, 4, 3}, Value: "system:node:pool-1"}, {Type: []int{2, 5, 4, 3}, Value: "system:node:cp0"}}}, "subject=CN=system:node:cp0,CN=system:node:pool-1,O=system:nodes"},
		"another group":      {pkix.Name{CommonName: "system:node:pool-1", Organization: []string{"system:masters"}}, "subject=CN=system:node:pool-1,O=system:masters"},
		"no Node":            {pkix.Name{CommonName: "admin", Organization: []string{"system:nodes"}}, "subject=CN=admin,O=system:nodes"},
		"a name with a line": {node("pool-1\ncp0"), `subject=CN=system:node:pool-1\0Acp0,O=system:nodes`},
	} {
		add(asks(subject.name, "true"), name, own(subject.text), deny)
	}
	lines := boot{
		try: "approve", variants: []string{"boot/approve.sh"}, script: approve + "\nmay_join() { true; }", env: env,
		stubs: map[string]string{"kubectl": `[[ $* != *--watch* ]] || printf '%s\n' "csr-1 system:bootstrap:abcdef cmVx " "csr-2 system:node:cp0 cmVx " "csr-3 system:bootstrap:abcdef cmVx Approved" "csr-4 system:bootstrap:abcdef cmVx "`},
	}
	add(lines, "only what is asked with a token, and is not decided yet", nil, "kube certificate approve csr-1", "kube certificate approve csr-4")
	lines.script = approve
	add(lines, "no request at all", []string{refused + " is no free name of a pool", refused + " is no free name of a pool"},
		"kube certificate deny csr-1", "kube certificate deny csr-4")
	runAll(t, boots)
}

func TestWarn(t *testing.T) {
	t.Parallel()
	const (
		day  = 86400
		text = "the document's certificates expire at 2033-05-18T03:33:20Z: run kindling pki renew, and boot this machine with its new document"
	)
	// 2000000000 is NOT_AFTER.
	at := func(seconds int, third string, more ...string) boot {
		return boot{try: "warn", script: "step_warn() { warn; }", variants: append(more, "boot/warn.sh"), env: map[string]string{"RENEW_AFTER": third},
			stubs: map[string]string{"date": fmt.Sprintf(`case $* in +%%s) echo %d ;; *) `, 2000000000-seconds) + real + `date "$@" ;; esac`}}
	}
	warns := func(b boot, calls ...string) boot {
		b.want.console, b.want.calls, b.want.files = []string{"certs: " + text}, calls, map[string]string{"/run/kindling/error": text + "\n"}
		return b
	}
	runAll(t, map[string]boot{
		"sixty days before": warns(at(60*day, "10512000"), "kube -n default create -f -"),
		"not earlier":       at(60*day+1, "10512000"),
		"a third of the time before, if that is shorter": warns(at(10*day, "864000"), "kube -n default create -f -"),
		"and not earlier": at(10*day+1, "864000"),
	})
}

// TestTend has what a machine does after its boot, until the third sleep.
func TestTend(t *testing.T) {
	t.Parallel()
	const stamp, set = "/var/lib/kindling/signed", "5e7000000000\n"
	tends := func(env map[string]string, script string, lines ...string) boot {
		return boot{
			steps: "certs", script: script, variants: []string{"boot/tend.sh"}, env: env,
			files: map[string]string{"/var/lib/kindling/preflight": "done\n", stamp: set}, stubs: map[string]string{"sleep": `[ $n -lt 3 ]`},
			want: outcome{code: 1, console: append([]string{"certs: started", "certs: done in N s", "certs: cp0 is a control-plane of cluster lab, ready after N s"}, lines...),
				files: map[string]string{stamp: set}},
		}
	}
	due := tends(map[string]string{"RENEW_AFTER": "0"}, "step_turn() { :; }\nstep_renew() { signed; }", slices.Repeat([]string{"turn: started", "turn: done in N s", "renew: started", "renew: done in N s"}, 3)...)
	due.want.calls = []string{"kubeadm version -o short", "kubeadm certs renew all --config /run/kindling/init.yaml",
		"kubeadm init phase kubeconfig kubelet --config /run/kindling/init.yaml", "systemctl restart kubelet.service"} // at the boot
	runAll(t, map[string]boot{
		"nothing is due":   tends(nil, "step_renew() { echo renewed; }"),
		"it is, each time": due,
	})
}

func TestControlPlane(t *testing.T) {
	t.Parallel()
	runAll(t, map[string]boot{
		"its phases": {try: "control-plane", want: outcome{calls: []string{"init: control-plane wait-control-plane"}}},
	})
}

func TestCluster(t *testing.T) {
	t.Parallel()
	const (
		marker = "kube -n kube-system get configmap kindling --ignore-not-found -o name"
		config = "kube -n kube-system get configmap kubeadm-config -o jsonpath={.data.ClusterConfiguration}"
		found  = "init: mark-control-plane kubelet-finalize"
		anew   = "kube uncordon cp0"
		shared = "init: upload-config mark-control-plane bootstrap-token kubelet-finalize addon"
		watch  = "kube delete clusterrolebinding kubeadm:node-autoapprove-bootstrap --ignore-not-found"
		left   = "kube -n kube-system create configmap kindling --from-literal kubernetesVersion=v1.34.4 --dry-run=client -o yaml"
		apply  = "kube apply --server-side --force-conflicts -f "
		get    = "curl -x  -fsSLg --max-time 200 -o /run/kindling/manifest.yaml https://lab/cni.yaml"
		sum    = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03" // of "hello\n"
	)
	// What the API server knows; what is replaced in it is left in /run/replaced.
	kubectl := func(marker, version, server string) map[string]string {
		return map[string]string{
			"kubectl": `case $* in
*'get configmap kindling '*) echo '` + marker + `' ;;
*'get configmap kubeadm-config '*) printf 'apiVersion: kubeadm.k8s.io/v1beta4\nkubernetesVersion: ` + version + `\nscheduler: {}\n' ;;
*'get configmap cluster-info '*) printf 'data:\n  kubeconfig: |\n    clusters:\n    - cluster:\n        server: https://` + server + `\n      name: ""\n' ;;
*' replace -f -') echo "$stdin" >/run/replaced ;;
esac`,
			"curl": `echo hello >"${@: -2:1}"`,
		}
	}
	runAll(t, map[string]boot{
		"whoever finds the marker changes only its own Node": {
			try: "cluster", stubs: kubectl("configmap/kindling", "v1.34.4", ""), want: outcome{calls: []string{marker, config, found, anew}},
		},
		"a cluster that is older may be on its way": {
			try: "cluster", stubs: kubectl("configmap/kindling", "v1.33.10", ""), want: outcome{calls: []string{marker, config, found, anew}},
		},
		"a cluster that is newer than the document": {
			try: "cluster", stubs: kubectl("configmap/kindling", "v1.34.10", ""),
			want: outcome{code: 1, calls: []string{marker, config},
				err: "the cluster runs v1.34.10; this document is for v1.34.4: set kubernetesVersion and generate again"},
		},
		"an API server that does not answer is not one without the marker": {
			try: "cluster", stubs: map[string]string{"kubectl": "echo connection refused >&2; exit 1"},
			want: outcome{code: 1, err: "connection refused", calls: []string{marker}},
		},
		"but takes back its own address, which a try that broke off has left in cluster-info": {
			try: "cluster", stubs: kubectl("configmap/kindling", "v1.34.4", "10.0.0.7:6443"), variants: []string{"boot/endpoint.sh"},
			want: outcome{calls: []string{marker, config, found, anew, "kube -n kube-public get configmap cluster-info -o yaml", "kube replace -f -"}},
		},
		"and no other's": {
			try: "cluster", stubs: kubectl("configmap/kindling", "v1.34.4", "10.0.0.8:6443"), variants: []string{"boot/endpoint.sh"},
			want: outcome{calls: []string{marker, config, found, anew, "kube -n kube-public get configmap cluster-info -o yaml"}},
		},
		"the first leaves the marker last": {
			try: "cluster", stubs: kubectl("", "", ""),
			files: map[string]string{"/etc/kindling/manifests": "/etc/kindling/manifests.d/a.yaml\nhttps://lab/cni.yaml " + sum + "\n/etc/kindling/manifests.d/b.yaml\n"},
			want: outcome{calls: []string{marker, shared, watch, apply + "/etc/kindling/manifests.d/a.yaml", get, apply + "/run/kindling/manifest.yaml",
				apply + "/etc/kindling/manifests.d/b.yaml", left, "kube apply -f -"}},
		},
		"where no worker needs a token, there is none": {
			try: "cluster", stubs: kubectl("", "", ""), files: map[string]string{"/etc/kindling/manifests": "", "/etc/kindling/kubeadm/init.yaml": ""},
			want: outcome{calls: []string{marker, shared, "kube -n kube-system delete secret --field-selector type=bootstrap.kubernetes.io/token", left, "kube apply -f -"}},
		},
		"a file that is not the one of cluster.yaml is not applied": {
			try: "cluster", stubs: kubectl("", "", ""),
			files: map[string]string{"/etc/kindling/manifests": "https://lab/cni.yaml " + strings.Repeat("0", 64) + "\n"},
			want:  outcome{code: 1, calls: []string{marker, shared, watch, get}, err: "https://lab/cni.yaml does not have the SHA-256 of cluster.yaml: " + sum + "  -"},
		},
		"cluster-info leads to the endpoint, not to this machine": {
			try: "cluster", stubs: kubectl("", "", "10.0.0.7:6443"), variants: []string{"boot/endpoint.sh"}, files: map[string]string{"/etc/kindling/manifests": ""},
			want: outcome{calls: []string{marker, shared, watch, "kube -n kube-public get configmap cluster-info -o yaml", "kube replace -f -", left, "kube apply -f -"},
				files: map[string]string{"/run/replaced": "data:\n  kubeconfig: |\n    clusters:\n    - cluster:\n        server: https://api.lab:6443\n      name: \"\"\n"}},
		},
		"the same with IPv6": {
			try: "cluster", stubs: kubectl("", "", "[fd00::7]:6443"), files: map[string]string{"/etc/kindling/manifests": ""},
			variants: []string{"boot/endpoint.sh"}, env: map[string]string{"CONTROL_PLANE_ENDPOINT": "[fd00::100]:6443", "ADDRESS": "fd00::7"},
			want: outcome{calls: []string{marker, shared, watch, "kube -n kube-public get configmap cluster-info -o yaml", "kube replace -f -", left, "kube apply -f -"},
				files: map[string]string{"/run/replaced": "data:\n  kubeconfig: |\n    clusters:\n    - cluster:\n        server: https://[fd00::100]:6443\n      name: \"\"\n"}},
		},
	})
}

func TestJoin(t *testing.T) {
	t.Parallel()
	const (
		ask   = `curl -sS --max-time 5 --cacert /etc/kindling/pki/ca.crt -K - -w \n%{http_code} https://api.lab:6443/api/v1/nodes/cp0`
		info  = `curl -sS --max-time 5 --cacert /etc/kindling/pki/ca.crt -K - -w \n%{http_code} https://api.lab:6443/api/v1/namespaces/kube-public/configmaps/cluster-info`
		stop  = "systemctl stop kubelet.service"
		join  = "kubeadm join --config /run/kindling/join.yaml --node-name cp0"
		none  = `printf '{\n  "kind": "Status",\n  "message": "nodes \\"cp0\\" not found",\n  "code": 404\n}\n\n404'`
		kept  = `cat >>/run/stdin; `
		token = "users:\n- name: \"tls-bootstrap-token-user\"\n  user:\n    token: \"abcdef.0123456789abcdef\"\n"
	)
	// first is what curl says at first, and then there is no Node of this name.
	first := func(body, status string) string {
		return "[ $n -gt 1 ] || { printf '%s\\n\\n" + status + "' '" + body + "'; exit; }\n" + none
	}
	node := func(ready string) string {
		return "{\n  \"kind\": \"Node\",\n  \"status\": {\"conditions\": [{\n \"type\": \"Ready\",\n \"status\": \"" + ready + "\"}]}}"
	}
	joined := map[string]string{"/etc/kubernetes/kubelet.conf": "x", "/var/lib/kubelet/pki/kubelet-client-current.pem": "x"}
	forbidden := `{"kind": "Status",` + "\n" + `  "message": "nodes \"cp0\" is forbidden: User \"system:bootstrap:abcdef\" cannot get resource \"nodes\"",` + "\n}"
	runAll(t, map[string]boot{
		"what an earlier try left is cleaned up, and the document's own stays": {
			try: "join", stubs: map[string]string{"curl": none}, files: map[string]string{"/etc/kubernetes/kubelet.conf": "half", "/etc/kubernetes/bootstrap-kubelet.conf": "x",
				"/etc/kubernetes/pki/ca.crt": "x", "/var/lib/kubelet/pki/kubelet.crt": "x", "/var/lib/kubelet/config.yaml": "x"},
			want: outcome{calls: []string{ask, stop, join}, files: map[string]string{"/etc/kubernetes/kubelet.conf": "-", "/etc/kubernetes/bootstrap-kubelet.conf": "-",
				"/etc/kubernetes/pki/ca.crt": "-", "/var/lib/kubelet/pki/kubelet.crt": "-", "/var/lib/kubelet/config.yaml": "x"}},
		},
		"it asks by its own certificate": {
			try: "join", stubs: map[string]string{"curl": kept + none},
			want: outcome{calls: []string{ask, stop, join},
				files: map[string]string{"/run/stdin": "cert = \"/etc/kindling/pki/kubelet-client.crt\"\nkey = \"/etc/kindling/pki/kubelet-client.key\"\n"}},
		},
		"or by the token": {
			try: "join", variants: []string{"join/token.sh"}, stubs: map[string]string{"curl": kept + none}, files: map[string]string{"/etc/kindling/discovery.conf": token},
			want: outcome{calls: []string{ask, stop, join}, files: map[string]string{"/run/stdin": "header = \"Authorization: Bearer abcdef.0123456789abcdef\"\n"}},
		},
		"a pool's document gets the name and the addresses of this machine, and stays as it is": {
			try: "join", env: map[string]string{"NODE_IP": "::,0.0.0.0"}, stubs: map[string]string{"curl": none}, files: map[string]string{
				"/etc/kindling/kubeadm/join.yaml": "a: @NAME@\nb: '::,0.0.0.0'\n", "/run/kindling/node-ip": "fd00::30,10.0.0.30\n"},
			want: outcome{calls: []string{ask, stop, join}, files: map[string]string{
				"/etc/kindling/kubeadm/join.yaml": "a: @NAME@\nb: '::,0.0.0.0'\n", "/run/kindling/join.yaml": "a: cp0\nb: 'fd00::30,10.0.0.30'\n"}},
		},
		"an endpoint that does not answer is waited for": {
			try: "join", stubs: map[string]string{"curl": "[ $n = 3 ] || { echo 'curl: (7) Connection refused' >&2; printf '\\n000'; exit 7; }\n" + none},
			want: outcome{console: []string{"join: waiting: no API server at api.lab:6443 lets this machine in: curl: (7) Connection refused 000"}, calls: []string{ask, ask, ask, stop, join},
				files: map[string]string{"/run/kindling/waiting": ""}},
		},
		"the Node of its last life may still be Ready": {
			try: "join", stubs: map[string]string{"curl": first(node("True"), "200")},
			want: outcome{console: []string{"join: waiting: Node cp0 is still Ready: from before this machine was wiped, or because another machine has its name"},
				calls: []string{ask, ask, stop, join}},
		},
		"one that is not, is taken over": {
			try: "join", stubs: map[string]string{"curl": first(node("Unknown"), "200")}, want: outcome{calls: []string{ask, stop, join}},
		},
		"a cluster that lets nobody in yet": {
			try: "join", stubs: map[string]string{"curl": first(forbidden, "403")},
			want: outcome{console: []string{`join: waiting: no API server at api.lab:6443 lets this machine in: {"kind": "Status", "message": "nodes \"cp0\" is forbidden: User \"system:bootstrap:abcdef\" cannot get resource \"nodes\"", } 403`},
				calls: []string{ask, ask, stop, join}},
		},
		"a token that has run out": {
			try: "join", variants: []string{"join/token.sh"}, stubs: map[string]string{"curl": "case $n in 1) printf '{}\\n401';; 2) printf '{}\\n200';; *) " + none + "; esac"},
			want: outcome{console: []string{"join: waiting: the bootstrap token has expired: run kindling token | kubectl apply -f -"}, calls: []string{ask, info, ask, stop, join},
				files: map[string]string{"/run/kindling/waiting": ""}},
		},
		"a token that is not there yet": {
			try: "join", variants: []string{"join/token.sh"}, stubs: map[string]string{"curl": "case $n in 1) printf '{}\\n401';; 2) printf '{}\\n404';; *) " + none + "; esac"},
			want: outcome{console: []string{"join: waiting: the cluster at api.lab:6443 knows no bootstrap token yet"}, calls: []string{ask, info, ask, stop, join}},
		},
		"a token in a cluster that lets nobody ask without a credential": {
			try: "join", variants: []string{"join/token.sh"}, stubs: map[string]string{"curl": "[ $n -gt 2 ] || { printf '{}\\n401'; exit; }; " + none},
			want: outcome{console: []string{"join: waiting: the cluster at api.lab:6443 knows no bootstrap token yet, or it has expired: run kindling token | kubectl apply -f -"},
				calls: []string{ask, info, ask, stop, join}, files: map[string]string{"/run/kindling/waiting": ""}},
		},
		"a cluster of another PKI": {
			try: "join", stubs: map[string]string{"curl": first("{}", "401")},
			want: outcome{console: []string{"join: waiting: the cluster at api.lab:6443 does not accept this document's certificate, which expires at 2033-05-18T03:33:20Z, or does not know its CA"}, calls: []string{ask, ask, stop, join}},
		},
		"whoever has joined only starts kubelet": {
			try: "join", stubs: map[string]string{"curl": kept + none}, files: joined,
			want: outcome{calls: []string{ask, "systemctl start kubelet.service"}, files: map[string]string{"/etc/kubernetes/kubelet.conf": "x",
				"/run/stdin": "cert = /var/lib/kubelet/pki/kubelet-client-current.pem\n"}},
		},
		"also when nobody answers": {
			try: "join", stubs: map[string]string{"curl": "echo 'curl: (7) Connection refused' >&2; printf '\\n000'; exit 7"}, files: joined,
			want: outcome{calls: []string{ask, "systemctl start kubelet.service"}},
		},
		"unless its certificate expired while it was off": {
			try: "join", stubs: map[string]string{"curl": first("{}", "401")}, files: joined,
			want: outcome{calls: []string{ask, ask, stop, join}, files: map[string]string{"/etc/kubernetes/kubelet.conf": "-", "/var/lib/kubelet/pki/kubelet-client-current.pem": "-"}},
		},
		"a certificate that was cut short is none": {
			try: "join", stubs: map[string]string{"curl": none}, files: map[string]string{"/etc/kubernetes/kubelet.conf": "x", "/var/lib/kubelet/pki/kubelet-client-current.pem": ""},
			want: outcome{calls: []string{ask, stop, join}},
		},
		"kubeadm's error is the step's": {
			try: "join", stubs: map[string]string{"curl": none, "kubeadm": "echo error: no such token >&2; exit 1"},
			want: outcome{code: 1, err: "error: no such token", calls: []string{ask, stop, join}},
		},
	})
}

func TestAnyMachine(t *testing.T) {
	t.Parallel()
	anyMachine := []string{"boot/any-machine.sh"}
	named := map[string]string{"/var/lib/kindling/name": "w7\n"}
	routes := `case $* in
"-o -4 route get 192.0.2.1") echo '192.0.2.1 via 10.0.0.1 dev eth0 src 10.0.0.30 uid 0 \    cache ' ;;
"-o -6 route get 2001:db8::1") [ $n -gt 1 ] && echo '2001:db8::1 from :: via fe80::1 dev eth0 proto ra src fd00::30 metric 100 pref medium' ;;
esac`
	runAll(t, map[string]boot{
		"it keeps the name that it has at first": {
			try: "right-machine", variants: anyMachine, env: map[string]string{"NAME_PATTERN": "ip-10-?-*"}, stubs: map[string]string{"uname": "echo IP-10-0-0-1.ec2.internal"},
			want: outcome{files: map[string]string{"/var/lib/kindling/name": "ip-10-0-0-1.ec2.internal\n"}},
		},
		"it does not join under a name that no bootstrap token is good for": {
			try: "right-machine", variants: anyMachine, env: map[string]string{"NAME_PATTERN": "pool-*"}, stubs: map[string]string{"uname": "echo w7"},
			want: outcome{code: 1, err: "this machine's host name is w7, but its pool has names like pool-*", files: map[string]string{"/var/lib/kindling/name": "-"}},
		},
		"also when it is called otherwise later": {
			steps: "right-machine", variants: anyMachine, stubs: map[string]string{"uname": "echo other"}, files: map[string]string{"/var/lib/kindling/name": "first\n"},
			want: outcome{console: []string{"right-machine: started", "right-machine: done in N s", "right-machine: first is a control-plane of cluster lab, ready after N s"},
				files: map[string]string{"/var/lib/kindling/name": "first\n"}},
		},
		"in dual stack kubelet is told its addresses, once there are both": {
			try: "right-machine", variants: anyMachine, env: map[string]string{"NODE_IP": "::,0.0.0.0"}, files: named, stubs: map[string]string{"ip": routes},
			want: outcome{console: []string{"right-machine: waiting: this machine has no IPv6 address with a default route yet"}, files: map[string]string{"/run/kindling/node-ip": "fd00::30,10.0.0.30\n"}},
		},
		"it waits for one": {
			try: "right-machine", variants: anyMachine, stubs: map[string]string{"uname": "[ $n -gt 3 ] || { echo localhost; exit; }; echo w7"}, env: map[string]string{"NAME_PATTERN": "*"},
			want: outcome{console: []string{"right-machine: waiting: this machine has no host name yet; its Node takes that name"},
				files: map[string]string{"/var/lib/kindling/name": "w7\n", "/run/kindling/waiting": "host name\n"}},
		},
	})
}

func TestExternalEtcd(t *testing.T) {
	t.Parallel()
	members := map[string]string{"ETCD_BOOTSTRAP_EXPECT": "3", "PEERS": "etcd0 10.0.0.21 1\netcd1 10.0.0.22 2\netcd2 [fd00::23] 3"}
	ask := func(host, path string) string {
		return "curl -sS -f --max-time 4 --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/apiserver-etcd-client.crt " +
			"--key /etc/kubernetes/pki/apiserver-etcd-client.key https://" + host + ":2379" + path
	}
	const (
		healthy = `echo '{"health":"true","reason":""}'`
		keys    = "printf '# TYPE etcd_debugging_mvcc_keys_total gauge\netcd_debugging_mvcc_keys_total 7\n'"
		none    = "echo etcd_debugging_mvcc_keys_total 0"
		silent  = "echo 'curl: (7) Failed to connect to 10.0.0.22 port 2379 after 2 ms: Connection refused' >&2; exit 7"
	)
	runAll(t, map[string]boot{
		"one member that serves and holds a key is enough": {
			try: "etcd", variants: []string{"etcd/external.sh"}, env: members, stubs: map[string]string{"curl": "case $* in */health) " + healthy + ";; *) " + keys + "; esac"},
			want: outcome{calls: []string{ask("10.0.0.21", "/health"), ask("10.0.0.21", "/metrics")}},
		},
		"without a key all must serve": {
			try: "etcd", variants: []string{"etcd/external.sh"}, env: members, stubs: map[string]string{"curl": "case $* in */metrics) " + none + ";; *22:2379*) [ $n -gt 6 ] || { " + silent + "; }; " + healthy + ";; *) " + healthy + "; esac"},
			want: outcome{console: []string{"etcd: waiting: 2 of 3 members of etcd serve; etcd1 silent ((7) Failed to connect to 10.0.0.22 port 2379: Connection refused)"},
				calls: []string{ask("10.0.0.21", "/health"), ask("10.0.0.21", "/metrics"), ask("10.0.0.22", "/health"), ask("[fd00::23]", "/health"), ask("[fd00::23]", "/metrics"),
					ask("10.0.0.21", "/health"), ask("10.0.0.21", "/metrics"), ask("10.0.0.22", "/health"), ask("10.0.0.22", "/metrics"), ask("[fd00::23]", "/health"), ask("[fd00::23]", "/metrics")},
				files: map[string]string{"/run/kindling/waiting": "etcd1\n"}},
		},
		"one without quorum is not healthy": {
			try: "etcd", variants: []string{"etcd/external.sh"}, env: members,
			stubs: map[string]string{"curl": `[ $n -gt 3 ] || { echo 'curl: (22) The requested URL returned error: 503' >&2; exit 22; }; case $* in */health) ` + healthy + ";; *) " + keys + "; esac"},
			want: outcome{console: []string{"etcd: waiting: 0 of 3 members of etcd serve; etcd0 silent ((22) The requested URL returned error: 503); " +
				"etcd1 silent ((22) The requested URL returned error: 503); etcd2 silent ((22) The requested URL returned error: 503)"},
				calls: []string{ask("10.0.0.21", "/health"), ask("10.0.0.22", "/health"), ask("[fd00::23]", "/health"), ask("10.0.0.21", "/health"), ask("10.0.0.21", "/metrics")},
				files: map[string]string{"/run/kindling/waiting": "etcd0\netcd1\netcd2\n"}},
		},
	})
}

func TestLoadBalancer(t *testing.T) {
	t.Parallel()
	env := map[string]string{"PORT": "6443", "URL_HOST": "10.0.0.7", "PROGRAMS": "haproxy curl"}
	const (
		ask    = "curl -sS -f --max-time 5 --cacert /etc/kindling/pki/ca.crt -o /dev/null --connect-to ::10.0.0.7:6443 https://api.lab:6443/readyz"
		config = "/etc/kindling/haproxy.cfg"
		vip    = "/etc/kindling/keepalived.conf"
	)
	haproxy := []string{"hostname cp0", "systemctl enable haproxy", "systemctl restart haproxy"}
	keepalived := []string{"systemctl enable keepalived", "systemctl restart keepalived"}
	runAll(t, map[string]boot{
		"HAProxy": {
			try: "load-balancer", env: env, files: map[string]string{config: "x"}, stubs: map[string]string{"haproxy": `[ "$*" = "-c -q -f /etc/kindling/haproxy.cfg" ]`, "hostname": ""},
			want: outcome{calls: slices.Concat(haproxy, []string{ask}), files: map[string]string{"/etc/haproxy/haproxy.cfg": "x", "/etc/keepalived/keepalived.conf": "-"}},
		},
		"with SELinux it may use other ports than a web server's": {
			try: "load-balancer", env: env, files: map[string]string{config: "x", "/sys/fs/selinux/enforce": "1"},
			stubs: map[string]string{"haproxy": "", "hostname": "", "setsebool": `echo "$*" >/run/set`},
			want:  outcome{calls: slices.Concat(haproxy, []string{ask}), files: map[string]string{"/run/set": "-P haproxy_connect_any 1\n"}},
		},
		"a configuration that it refuses is not put in place": {
			try: "load-balancer", env: env, files: map[string]string{config: "x", "/etc/haproxy/haproxy.cfg": "old"}, stubs: map[string]string{"haproxy": "echo 'config: no' >&2; exit 1", "hostname": ""},
			want: outcome{code: 1, err: "config: no", calls: haproxy[:1], files: map[string]string{"/etc/haproxy/haproxy.cfg": "old"}},
		},
		"an image without it": {
			try: "load-balancer", env: map[string]string{"PROGRAMS": "haproxy-that-is-not-there"}, stubs: map[string]string{"hostname": ""},
			want: outcome{code: 1, err: "this image lacks haproxy-that-is-not-there", calls: haproxy[:1]},
		},
		"or without keepalived, where there is a virtual IP": {
			try: "load-balancer", env: env, files: map[string]string{config: "x", vip: "x"}, stubs: map[string]string{"hostname": ""},
			script: "command() { [ \"$2\" != keepalived ]; }\n",
			want:   outcome{code: 1, err: "this image lacks keepalived", calls: haproxy[:1]},
		},
		"a virtual IP on the interface of its own address": {
			try: "load-balancer", env: env, files: map[string]string{config: "x", vip: "interface @INTERFACE@\n"}, stubs: map[string]string{"haproxy": "", "keepalived": "", "hostname": ""},
			want: outcome{calls: slices.Concat(haproxy, keepalived, []string{ask}), files: map[string]string{"/etc/keepalived/keepalived.conf": "interface eth0\n"}},
		},
		"or on the one that cluster.yaml names": {
			try: "load-balancer", env: map[string]string{"PORT": "6443", "URL_HOST": "10.0.0.7", "INTERFACE": "bond0", "PROGRAMS": "curl"}, files: map[string]string{config: "x", vip: "interface @INTERFACE@\n"},
			stubs: map[string]string{"haproxy": "", "keepalived": "", "hostname": ""},
			want:  outcome{calls: slices.Concat(haproxy, keepalived, []string{ask}), files: map[string]string{"/etc/keepalived/keepalived.conf": "interface bond0\n"}},
		},
		"it waits for an API server": {
			try: "load-balancer", env: env, files: map[string]string{config: "x"},
			stubs: map[string]string{"haproxy": "", "hostname": "", "curl": "[ $n -gt 1 ] || { echo 'curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL' >&2; exit 35; }"},
			want: outcome{console: []string{"load-balancer: waiting: no API server is ready yet ((35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL)"},
				calls: slices.Concat(haproxy, []string{ask, ask}), files: map[string]string{"/run/kindling/waiting": "API servers\n"}},
		},
	})
}

func TestHAProxy(t *testing.T) {
	t.Parallel()
	const (
		pod     = "/etc/kubernetes/manifests/haproxy.yaml"
		ask     = "curl -sS -f --max-time 5 --cacert /etc/kubernetes/pki/ca.crt -o /dev/null --connect-to ::10.0.0.7:8443 https://api.lab:6443/readyz"
		trouble = "kube -n kube-system get pod haproxy-cp0 -o jsonpath={.status.containerStatuses[*].state.waiting.message}"
	)
	env, files := map[string]string{"PORT": "8443"}, map[string]string{"/etc/kindling/haproxy.yaml": "kind: Pod\n"}
	runAll(t, map[string]boot{
		"an API server answers through it": {
			try: "haproxy", env: env, files: files, want: outcome{calls: []string{ask}, files: map[string]string{pod: "kind: Pod\n", "/etc/kubernetes/manifests/.haproxy.yaml": "-"}},
		},
		"it waits for that, and tells why the pod does not run": {
			try: "haproxy", env: env, files: files, stubs: map[string]string{
				"curl":    "[ $n -gt 1 ] || { echo 'curl: (7) Failed to connect to 10.0.0.7 port 8443 after 0 ms: Connection refused' >&2; exit 7; }",
				"kubectl": "echo -n 'Back-off pulling image'",
			},
			want: outcome{calls: []string{ask, trouble, ask}, console: []string{
				"haproxy: waiting: no API server answers through HAProxy here ((7) Failed to connect to 10.0.0.7 port 8443: Connection refused); haproxy here: Back-off pulling image"},
				files: map[string]string{"/run/kindling/waiting": "HAProxy\n"}},
		},
		"it asks as admin, where there is no super-admin": {
			try: "haproxy", env: map[string]string{"PORT": "8443", "ADMIN_CONF": "admin.conf"}, files: files, stubs: map[string]string{"curl": "[ $n -gt 1 ]"},
			want: outcome{calls: []string{ask, strings.Replace(trouble, "kube", "kubectl --kubeconfig /etc/kubernetes/admin.conf --server https://10.0.0.7:6443 --request-timeout 30s", 1), ask},
				console: []string{"haproxy: waiting: no API server answers through HAProxy here ()"}},
		},
	})
}

func TestKubeVIP(t *testing.T) {
	t.Parallel()
	env := map[string]string{"INTERFACE": ""}
	const (
		config  = "/etc/kubernetes/kube-vip.conf"
		pod     = "/etc/kubernetes/manifests/kube-vip.yaml"
		user    = "kubeadm kubeconfig user --client-name kube-vip"
		ask     = "curl -sS --max-time 5 --cacert /etc/kubernetes/pki/ca.crt -o /dev/null https://api.lab:6443/readyz"
		trouble = "kube -n kube-system get pod kube-vip-cp0 -o jsonpath={.status.containerStatuses[*].state.waiting.message}"
		printed = "echo '    server: https://api.lab:6443'"
	)
	files := map[string]string{"/etc/kindling/kube-vip.yaml": "value: '@INTERFACE@'\n"}
	old := maps.Clone(files)
	old[config] = "old\n"
	runAll(t, map[string]boot{
		"it asks its own machine's API server, and is on the interface of the machine's address": {
			try: "kube-vip", env: env, files: files, stubs: map[string]string{"kubeadm": printed},
			want: outcome{calls: []string{user, ask}, files: map[string]string{config: "    server: https://10.0.0.7:6443\n", pod: "value: 'eth0'\n"}},
		},
		"or on the one that cluster.yaml names": {
			try: "kube-vip", env: map[string]string{"INTERFACE": "bond0"}, files: files, stubs: map[string]string{"kubeadm": printed},
			want: outcome{calls: []string{user, ask}, files: map[string]string{pod: "value: 'bond0'\n"}},
		},
		"it keeps the kubeconfig that it has": {
			try: "kube-vip", env: env, files: old, want: outcome{calls: []string{ask}, files: map[string]string{config: "old\n", pod: "value: 'eth0'\n"}},
		},
		"it waits for the address, and tells why the pod does not run": {
			try: "kube-vip", env: env, files: old, stubs: map[string]string{
				"curl":    "[ $n -gt 2 ] || { echo 'curl: (7) Failed to connect to api.lab port 6443 after 3 ms: No route to host' >&2; exit 7; }",
				"kubectl": "[ $n -gt 1 ] || echo -n 'Back-off pulling image'",
			},
			want: outcome{calls: []string{ask, trouble, ask, trouble, ask}, console: []string{
				"kube-vip: waiting: nobody answers at api.lab:6443 ((7) Failed to connect to api.lab port 6443: No route to host); kube-vip here: Back-off pulling image",
				"kube-vip: waiting: nobody answers at api.lab:6443 ((7) Failed to connect to api.lab port 6443: No route to host)"},
				files: map[string]string{"/run/kindling/waiting": "api.lab:6443\n"}},
		},
		"without a kubeconfig there is no pod": {
			try: "kube-vip", env: env, files: files, stubs: map[string]string{"kubeadm": "echo 'error: no CA' >&2; exit 1"},
			want: outcome{code: 1, err: "error: no CA", calls: []string{user}, files: map[string]string{config: "-", pod: "-"}},
		},
	})
}

func TestKubelet(t *testing.T) {
	t.Parallel()
	runAll(t, map[string]boot{
		"it starts once there is a place for etcd's manifest": {
			try: "kubelet", stubs: map[string]string{"systemctl": "[ -d /etc/kubernetes/manifests ] && [ -d /etc/kindling/patches ]"}, want: outcome{calls: []string{"systemctl start kubelet.service"}},
		},
	})
}

func TestReady(t *testing.T) {
	t.Parallel()
	const get = "curl -sS --max-time 5 -f --cacert /etc/kubernetes/pki/ca.crt --cert /var/lib/kubelet/pki/kubelet-client-current.pem https://10.0.0.7:6443/api/v1/nodes/cp0"
	const thisBoot, otherBoot = "$(</proc/sys/kernel/random/boot_id)", "0c0ffee0-0000"
	node := func(ready, boot string) string {
		return `printf '{\n  "kind": "Node",\n  "metadata": {"labels": {"node-role.kubernetes.io/control-plane": ""}},\n  "status": {"conditions": [{"type": "DiskPressure", "status": "True"}, {\n "type": "Ready",\n "status": "` + ready +
			`"}],\n "nodeInfo": {"bootID": "%s"}}}\n' "` + boot + `"`
	}
	runAll(t, map[string]boot{
		"Ready": {try: "ready", stubs: map[string]string{"curl": node("True", thisBoot)}, want: outcome{calls: []string{get}}},
		"not Ready yet": {
			try: "ready", stubs: map[string]string{"curl": "[ $n -lt 3 ] && { " + node("False", thisBoot) + "; exit; }\n" + node("True", thisBoot)},
			want: outcome{console: []string{"ready: waiting: the Node is not Ready yet"}, calls: []string{get, get, get}, files: map[string]string{"/run/kindling/waiting": "Node cp0\n"}},
		},
		"Ready by the word of a kubelet of before": {
			try: "ready", stubs: map[string]string{"curl": "[ $n = 2 ] || { " + node("True", otherBoot) + "; exit; }\n" + node("True", thisBoot)},
			want: outcome{console: []string{"ready: waiting: the Node is not Ready yet"}, calls: []string{get, get}, files: map[string]string{"/run/kindling/waiting": "Node cp0\n"}},
		},
		"never Ready without a pod network, which is not kindling's to bring": {
			try: "ready", env: map[string]string{"POD_NETWORK": "false"}, stubs: map[string]string{"curl": node("False", thisBoot)}, want: outcome{calls: []string{get}},
		},
		"deleted, and registered again by kubelet, which may not mark it": {
			try: "ready", stubs: map[string]string{"curl": strings.Replace(node("True", thisBoot), "control-plane", "", 1)}, want: outcome{calls: []string{get, "init: mark-control-plane"}},
		},
		"a worker's is not marked": {
			try: "ready", env: map[string]string{"ROLE": "worker"}, stubs: map[string]string{"curl": strings.Replace(node("True", thisBoot), "control-plane", "", 1)},
			want: outcome{calls: []string{get}},
		},
		"no Node yet": {
			try: "ready", env: map[string]string{"POD_NETWORK": "false"},
			stubs: map[string]string{"curl": "[ $n = 2 ] || { echo 'curl: (22) The requested URL returned error: 404' >&2; exit 22; }\n" + node("False", thisBoot)},
			want: outcome{console: []string{"ready: waiting: no Node cp0 at 10.0.0.7:6443: curl: (22) The requested URL returned error: 404"}, calls: []string{get, get},
				files: map[string]string{"/run/kindling/waiting": "10.0.0.7:6443\n"}},
		},
	})
}

func TestEtcdGuard(t *testing.T) {
	t.Parallel()
	const (
		new, existing = "- --initial-cluster-state=new\n", "- --initial-cluster-state=existing\n"
		wal           = "/var/lib/etcd/member/wal/0.wal"
		fence         = "/var/lib/kindling/etcd-fence"
		aside         = "/var/lib/kindling/etcd.yaml.without-data"
	)
	disk := []string{"systemctl show -p LoadState -p ActiveState var-lib-etcd.mount", "systemctl show -p LoadState -p ActiveState var-lib.mount",
		"systemctl show -p LoadState -p ActiveState var.mount"}
	restart := append(slices.Clone(disk), "systemctl --no-block restart kindling.service")
	runAll(t, map[string]boot{
		"kubelet waits for etcd's disk": {
			call: "etcd_guard", files: map[string]string{manifest: new, wal: "x"},
			stubs: map[string]string{"systemctl": `[[ $* == *etcd* ]] && printf 'LoadState=loaded\nActiveState=failed\n' || printf 'LoadState=not-found\nActiveState=inactive\n'`},
			want:  outcome{code: 1, calls: disk, err: "etcd's disk is not there yet: var-lib-etcd.mount", files: map[string]string{manifest: new, "/run/kindling/kubelet-started": "-"}},
		},
		"no manifest": {call: "etcd_guard", files: map[string]string{wal: "x", fence: ""}, want: outcome{calls: disk, files: map[string]string{manifest: "-", aside: "-"}}},
		"a manifest without data would start an empty etcd": {
			call: "etcd_guard", files: map[string]string{manifest: new}, want: outcome{calls: restart, files: map[string]string{manifest: "-", aside: new}},
		},
		"a snapshot is not data": {
			call: "etcd_guard", files: map[string]string{manifest: existing, fence: "", "/var/lib/etcd/member/snap/db": "x", "/var/lib/etcd/lost+found/x": ""},
			want: outcome{calls: restart, files: map[string]string{manifest: "-", aside: existing}},
		},
		"data and the fence: never new again": {call: "etcd_guard", files: map[string]string{manifest: new, wal: "x", fence: ""}, want: outcome{calls: disk, files: map[string]string{manifest: existing, aside: "-"}}},
		"but not once kubelet has started: it would replace etcd": {
			call: "etcd_guard", files: map[string]string{manifest: new, wal: "x", fence: "", "/run/kindling/kubelet-started": ""},
			want: outcome{calls: disk, files: map[string]string{manifest: new, aside: "-"}},
		},
		"data, while the cluster still forms": {call: "etcd_guard", files: map[string]string{manifest: new, wal: "x"}, want: outcome{calls: disk, files: map[string]string{manifest: new, aside: "-"}}},
	})
}

// TestLabels: the control planes label the Nodes that lack a label, and no others.
func TestLabels(t *testing.T) {
	const (
		watch = `kube get nodes --watch --request-timeout 600s -o jsonpath={.metadata.name} {.metadata.labels}{"\n"}`
		gpu   = "kube label --overwrite node %s node-role.kubernetes.io/gpu="
	)
	boots := map[string]boot{}
	for name, test := range map[string]struct {
		node, labels string
		want         []string
	}{
		"a Node of that name":                {"w0", `{"a":"b"}`, []string{fmt.Sprintf(gpu, "w0"), "kube label --overwrite node w0 node-role.kubernetes.io/rack=7"}},
		"one that has one":                   {"w0", `{"node-role.kubernetes.io/gpu":"","x":"y"}`, []string{"kube label --overwrite node w0 node-role.kubernetes.io/rack=7"}},
		"one that has it with another value": {"w0", `{"node-role.kubernetes.io/gpu":"","node-role.kubernetes.io/rack":"77"}`, []string{"kube label --overwrite node w0 node-role.kubernetes.io/rack=7"}},
		"one that has all":                   {"w0", `{"node-role.kubernetes.io/gpu":"","node-role.kubernetes.io/rack":"7"}`, nil},
		"one without labels":                 {"w0", "", []string{fmt.Sprintf(gpu, "w0"), "kube label --overwrite node w0 node-role.kubernetes.io/rack=7"}},
		"one of a pool":                      {"pool-7", "{}", []string{"kube label --overwrite node pool-7 node-role.kubernetes.io/spot=yes"}},
		"a control plane that fits a pool":   {"pool-cp", "{}", nil},
		"another":                            {"w1", "{}", nil},
	} {
		boots[name] = boot{
			try: "label", variants: []string{"boot/label.sh"}, script: "step_label() { label_nodes; }\nsleep() { exit; }",
			env:   map[string]string{"NODE_NAMES": "pool-cp|w0|w1"},
			files: map[string]string{"/etc/kindling/node-labels": "w0 node-role.kubernetes.io/gpu \nw0 node-role.kubernetes.io/rack 7\npool-* node-role.kubernetes.io/spot yes\n"},
			stubs: map[string]string{"kubectl": `case "$*" in *" --watch "*) echo '` + test.node + " " + test.labels + `' ;; esac`},
			want:  outcome{calls: append([]string{watch}, test.want...)},
		}
	}
	runAll(t, boots)
}
