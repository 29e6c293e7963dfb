package templates

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// The machines of these tests are cp0, at work, and its peers cp1 at 10.0.0.8 and cp2 at 10.0.0.9. /run/net/HOST has what is said
// at port 2380 of a host, a line for each time that it is asked, of which the last one holds on:
//
//	CLUSTER-ID JSON     by an etcd, of its members
//	404 ERROR           by something else, which then breaks off
//	curl: ERROR         by nobody
//	STATE TOKEN NAME... by a responder
//	own                 by cp0's own responder or, once kubeadm has started it, its etcd
//
// Once cp0's etcd runs, the peers serve the cluster, or say what is in /run/net/HOST.later.
//
// /run/says.CALL has likewise what the formed etcd says when it refuses a CALL to its gateway, and nothing if it does not; after
// "done, but" it has done it all the same. /run/before is shell that runs at the n-th time of a call. /run/members is its list. /run/says.readyz is for cp0's own etcd, which has as many keys as
// /run/keys says.
const (
	token   = "kindling-dc1e26627dc7dbeb"
	cluster = "a3c9b0ef75114423"

	m0 = `{"id":5618012707048140680,"peerURLs":["https://10.0.0.7:2380"],"name":"cp0"}`
	m1 = `{"id":14653340610991216190,"peerURLs":["https://10.0.0.8:2380"],"name":"cp1"}`
	m2 = `{"id":16993780518072904508,"peerURLs":["https://10.0.0.9:2380"],"name":"cp2"}`

	blank1, starting1 = "blank " + token + " cp1 11111111-7f01", "starting " + token + " cp1 11111111-7f01"
	blank2, starting2 = "blank " + token + " cp2 22222222-7f02", "starting " + token + " cp2 22222222-7f02"
	forming           = cluster + " [" + m2 + ", " + m0 + "," + m1 + "]"
	established       = cluster + ` [` + m0 + `,{"id":14653340610991216190,"peerURLs":["https://10.0.0.8:2380"],"name":"cp1","clientURLs":["https://10.0.0.8:2379"]},` + m2 + `]`
	silent            = "curl: (7) Failed to connect to 10.0.0.9 port 2380 after 3 ms: Couldn't connect to server"

	net1, net2, own = "/run/net/10.0.0.8", "/run/net/10.0.0.9", "/run/net/10.0.0.7"
	wal             = "/var/lib/etcd/member/wal/0.wal"
	fence           = "/var/lib/kindling/etcd-fence"
	patch           = "/etc/kindling/patches/etcd9kindling+json.yaml"
	answer          = "/run/kindling/answer"
	running         = "/run/etcd" // is there while cp0's etcd runs
	founders        = "cp0=https://10.0.0.7:2380,cp1=https://10.0.0.8:2380,cp2=https://10.0.0.9:2380"

	oldMember = "61c5a2d4e1f0b3a7, started, cp0, https://10.0.0.7:2380, https://10.0.0.7:2379, false\n"
	newMember = "add0add0add0add0, unstarted, , https://10.0.0.7:2380, , true\n"
	others    = "cb5b8f0a5d5e7d7e, started, cp1, https://10.0.0.8:2380, https://10.0.0.8:2379, false\n" +
		"ebd5a1e6a3b0c8fc, started, cp2, https://10.0.0.9:2380, https://10.0.0.9:2379, false\n"
	dead = "dead0dead0dead00, started, gone, https://10.0.0.99:2380, https://10.0.0.99:2379, false\n"

	refused    = "etcdserver: unhealthy cluster"
	timedOut   = "etcdserver: request timed out"
	startsEtcd = "kubeadm init phase etcd local"
	enough     = `[ $n -lt 3 ] || kill $(</run/pid)` // of sleep, where the step would wait for ever
	real       = `exec env PATH="${PATH#*:}" `       // PROGRAM, not its stub
)

var etcdEnv = map[string]string{
	"ETCD_BOOTSTRAP_EXPECT": "3", "ETCD_CLUSTER_ID": cluster, "ETCD_INITIAL_CLUSTER_STATE": "new", "ETCD_TOKEN": token,
	"PEERS": "cp0 10.0.0.7 5618012707048140680\ncp1 10.0.0.8 14653340610991216190\ncp2 10.0.0.9 16993780518072904508",
}

// Time passes only while the step sleeps, and by whole seconds.
const sleeping = `
sleep() { tick; echo $((up + 1)).00 >/run/uptime; command sleep "$@"; }
echo $$ >/run/pid
`

var etcdStubs = map[string]string{
	// How it asks is a part of what is tested.
	"curl": `tls='-sS -f --http1.1 --max-time 4 --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/peer.crt --key /etc/kubernetes/pki/etcd/peer.key'
says() {
	local n=0 lines
	read -r n 2>/dev/null <"/run/asked.${1##*/}"
	printf $((++n)) >"/run/asked.${1##*/}"
	mapfile -t lines 2>/dev/null <"$1" || return 0
	[ $n -le ${#lines[@]} ] || n=${#lines[@]}
	says=${lines[n - 1]}
}
error() {
	echo "$*" >&2
	code=${*#*(}
	exit "${code%%)*}"
}
# gateway is etcd's HTTP; it works with the list of members as etcdctl would print it.
gateway() {
	local id url
	n=0 says=
	read -r n 2>/dev/null <"/run/calls.$call"
	[[ $host != *8 && $host != *8] ]] || echo $((++n)) >"/run/calls.$call" # the others say what the first one has said
	case $call:$body in
	grant:'{"ID":2380,"TTL":20}' | list:'{"linearizable":true}') ;;
	add:'{"isLearner":true,"peerURLs":["'*'"]}') url=${body#*'["'} url=${url%'"]'*} ;;
	remove:'{"ID":"'*'"}' | promote:'{"ID":"'*'"}') id=${body#*:\"} id=${id%%\"*} ;;
	*) error "curl: (2) not to be called with $body" ;;
	esac
	mapfile -t lines 2>/dev/null <"/run/says.$call"
	says=${lines[n - 1]}
	if [[ $host != *8 && $host != *8] && $says ]]; then
		refuse "${says#done, but }"
	fi
	[ $call = grant ] || echo "etcd of $host: $call $id$url" >>/run/calls
	. /run/before 2>/dev/null
	case $says in '' | 'done, but '*) ;; *) refuse "$says" ;; esac
	case $call in
	grant) echo '{"header":{},"ID":"2380","TTL":"20"}' ;;
	add)
		! grep -q ", $url, " /run/members || refuse 'etcdserver: Peer URLs already exists'
		echo "add0add0add0add0, unstarted, , $url, , true" >>/run/members ;;
	remove)
		grep -q "^$id," /run/members || refuse 'etcdserver: member not found'
		sed -i "/^$id,/d" /run/members ;;
	esac
	[ -z "$says" ] || refuse "${says#done, but }"
	[ $call = grant ] || printf '{"header":{"cluster_id":"1"},"members":[%s]}' "$(awk -F', ' '{
		gsub(/,/, "\",\"", $4)
		printf "%s{\"ID\": \"%s\", %s\"peerURLs\":[\"%s\"],\"clientURLs\":[\"%s\"]%s}", sep, $1, $3 == "" ? "" : "\"name\":\"" $3 "\",", $4, $5, $6 == "true" ? ",\"isLearner\":true" : ""
		sep = ","
	}' /run/members)"
}
refuse() {
	[[ $1 != curl:* ]] || error "$1"
	echo "{\"error\":\"$1\",\"code\":9,\"message\":\"$1\"}"
	exit
}
. /etc/kindling/node.env
[[ $ADDRESS = *:* ]] && loopback=[::1] || loopback=127.0.0.1
if [ "$*" = "-sS -f --max-time 5 -o /dev/null http://$loopback:2381/readyz" ]; then
	says=
	says /run/says.readyz
	[ -z "$says" ] || error "$says"
	[ -e /run/etcd ] || error 'curl: (7) Failed to connect to 127.0.0.1 port 2381 after 0 ms: Connection refused'
	[ ! -e /run/read ] || mv /run/read /run/net/10.0.0.7 # what this member's etcd knows once it has read the log
	exit
fi
if [ "$*" = "-sS -f --max-time 5 http://$loopback:2381/metrics" ]; then
	echo "etcd_debugging_mvcc_keys_total $(cat /run/keys 2>/dev/null || echo 0)"
	exit
fi
if [[ $* =~ ^"$tls --no-fail --max-time 10 -d "(.*)" https://"(.*)":2379/v3/"(lease/grant|cluster/member/)([a-z]*)$ ]]; then
	body=${BASH_REMATCH[1]} host=${BASH_REMATCH[2]} call=${BASH_REMATCH[4]:-grant}
	[[ $ADDRESS != "$host" && [$ADDRESS] != "$host" || -e /run/etcd ]] || error "curl: (7) Failed to connect to $host port 2379 after 1 ms: Connection refused"
	gateway
	exit
fi
[[ $* =~ ^"$tls https://"([^/]+):2380/members(" -D "(/run/kindling/peers/\.cp[0-9].head))?$ ]] || error "curl: (2) not to be called with $*"
host=${BASH_REMATCH[1]} head=${BASH_REMATCH[3]}
if [[ $ADDRESS = "$host" || [$ADDRESS] = "$host" ]]; then
	says=own later=
else
	says='curl: (7) Failed to connect' later=
	[ ! -e /run/etcd ] || later=.later says='` + established + `'
fi
says "/run/net/$host$later"
[ "$says" != own ] || {
	read -r says </run/kindling/answer
	[ ! -e /run/etcd ] || says="1 [{\"id\":1,\"peerURLs\":[\"https://$host:2380\"],\"name\":\"$NAME\"}]"
}
case "$says" in
curl:*) error "$says" ;;
404\ *) error "${says#404 }" ;;
*\ \[*\] | *\ null)
	[ -z "$head" ] || printf 'HTTP/1.1 200 OK\r\nX-Etcd-Cluster-Id: %s\r\n\r\n' "${says%% *}" >"$head"
	echo "${says#* }"
	;;
*) echo "$says" ;;
esac`,
	"kubeadm": `[ "$3" != list ] || printf 'r.lab/%s\n' api:1 etcd:2 pause:3
[ "$2" != phase ] || { touch /run/etcd; cp /etc/kindling/patches/etcd9kindling+json.yaml /etc/kubernetes/manifests/etcd.yaml; }`,
	"sync":  `echo "$*" >>/run/synced`,
	"sleep": `[ $n -lt 40 ] || kill $PPID $(</run/pid)`, // a test that fails, fails soon
	// The probe for a twin, and the responder, which stays.
	"socat": `case $* in
*INTERFACE:*) cat >/run/probe ;;
*) echo "$*" >>/run/listens; ` + real + `sleep 20 ;;
esac`,
}

func etcdBoots(t *testing.T, boots map[string]boot) {
	t.Helper()
	for name, b := range boots {
		with := func(defaults, own map[string]string) map[string]string {
			all := maps.Clone(defaults)
			maps.Copy(all, own)
			return all
		}
		b.try, b.aside, b.script = cmp.Or(b.try, "etcd"), "curl", sleeping+b.script
		b.env, b.stubs = with(etcdEnv, b.env), with(etcdStubs, b.stubs)
		b.files = with(map[string]string{"/sys/class/net/eth0/address": "52:54:00:00:00:07\n"}, b.files)
		if strings.Contains(b.stubs["sleep"], enough) {
			b.want.code = 143
		}
		for i, line := range b.want.console {
			if strings.HasPrefix(line, "act ") {
				line = "act at=T" + strings.TrimPrefix(line, "act")
			}
			b.want.console[i] = "etcd: " + line
		}
		boots[name] = b
	}
	runAll(t, boots)
}

func says(lines ...string) string {
	return strings.Join(lines, "\n") + "\n"
}

// bootID is this machine's.
var bootID = func() string {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		panic(err)
	}
	return strings.TrimSpace(string(text))
}()

// me is what cp0 says on the console when its answer changes to that state, and answers what it then tells.
func me(state string) string      { return "act " + state + " boot=" + bootID[:8] }
func answers(state string) string { return state + " " + token + " cp0 " + bootID + "\n" }

func patched(state, members string) string {
	const add = "- {op: add, path: /spec/containers/0/command/-, value: \"--initial-cluster%s=%s\"}\n"
	return fmt.Sprintf(add, "", members) + fmt.Sprintf(add, "-state", state) + fmt.Sprintf(add, "-token", token)
}

// second is such a call to the second peer's etcd, after the first one has refused it.
func second(call string) []string { return []string{"etcd of 10.0.0.9: " + call} }

// asked is what these calls to the first peer's etcd look like.
func asked(calls ...string) (list []string) {
	for _, call := range calls {
		list = append(list, "etcd of 10.0.0.8: "+call)
	}
	return list
}

const (
	expect1     = "waiting: 1 of 3 machines are ready to form etcd"
	expect2     = "waiting: 2 of 3 machines are ready to form etcd"
	both, alone = "act new first=cp1:blank:11111111,cp2:blank:22222222 second=cp1:blank:11111111,cp2:blank:22222222 expect=3", "act new first= second= expect=1"
	lone        = "cp0 10.0.0.7 5618012707048140680" // a cluster of one
	addOwn      = "add https://10.0.0.7:2380"
	actAdd      = "act add url=https://10.0.0.7:2380"
	actRemove   = "act remove member=61c5a2d4e1f0b3a7 name=cp0 url=https://10.0.0.7:2380"
	fencedWait  = "waiting: no peer serves the cluster that this machine must join"
)

func TestEtcdResume(t *testing.T) {
	t.Parallel()
	etcdBoots(t, map[string]boot{
		"data and a manifest: nothing to do but wait for etcd": {
			files: map[string]string{wal: "x", manifest: "mine\n", running: ""},
			want: outcome{console: []string{"act resume", "act member"}, files: map[string]string{manifest: "mine\n", patch: "-", fence: "", answer: "-",
				"/run/asked.10.0.0.8": "-", "/run/listens": "-"}},
		},
		"data without a manifest, since the disk of the system is new": {
			files: map[string]string{wal: "x"},
			want: outcome{console: []string{"act resume", "act member"}, calls: []string{startsEtcd},
				files: map[string]string{manifest: patched("existing", founders), fence: "", answer: "-", "/run/asked.10.0.0.8": "-"}},
		},
		"a manifest that was cut short is none": {
			files: map[string]string{wal: "x", manifest: ""},
			want:  outcome{console: []string{"act resume", "act member"}, calls: []string{startsEtcd}, files: map[string]string{manifest: patched("existing", founders)}},
		},
		"a manifest without data would start an empty etcd": {
			files: map[string]string{manifest: "mine\n", fence: "", net1: says(blank1), net2: says(blank2)}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{"act disarm", me("fenced"), fencedWait}, calls: []string{"systemctl restart kubelet.service"},
				files: map[string]string{manifest: "-", "/var/lib/kindling/etcd.yaml.without-data": "-", fence: ""}},
		},
		"which the guard has moved away before": {
			files: map[string]string{"/var/lib/kindling/etcd.yaml.without-data": "mine\n", fence: ""}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{"act disarm", me("fenced"), fencedWait + "; cp1 silent since T ((7) Failed to connect); cp2 silent since T ((7) Failed to connect)"},
				files: map[string]string{manifest: "-", "/var/lib/kindling/etcd.yaml.without-data": "-"}},
		},
		"the disk with the data came after the guard": {
			files: map[string]string{"/var/lib/kindling/etcd.yaml.without-data": "mine\n", wal: "x"},
			want: outcome{console: []string{"act disarm", "act resume", "act member"}, calls: []string{startsEtcd},
				files: map[string]string{manifest: patched("existing", founders), "/var/lib/kindling/etcd.yaml.without-data": "-"}},
		},
		"a file system's own directory and a snapshot are not data": {
			files: map[string]string{"/var/lib/etcd/lost+found/x": "", "/var/lib/etcd/member/snap/db": "x", "/var/lib/etcd/member/wal/0.tmp": "x", net1: says(blank1), net2: says(blank2)},
			want: outcome{console: []string{me("blank"), expect1, me("starting"), both, "act member"}, calls: []string{startsEtcd},
				files: map[string]string{patch: patched("new", founders)}},
		},
		"data on a disk of their own": {
			env: map[string]string{"ETCD_DATA_DIR": "/var/lib/disk"}, files: map[string]string{"/var/lib/disk/member/wal/0.wal": "x", manifest: "mine\n", running: ""},
			want: outcome{console: []string{"act resume", "act member"}, files: map[string]string{manifest: "mine\n", fence: ""}},
		},
		"a responder that a killed try has left keeps etcd from its port, and kubelet would try again much later": {
			env: map[string]string{"ADDRESS": "127.0.0.1"}, files: map[string]string{wal: "x"},
			script: `real() ( ` + real + `"$@"; )
real ip link set lo up
(` + real + `socat TCP-LISTEN:2380,bind=127.0.0.1,reuseaddr,fork EXEC:true) </dev/null >/dev/null 2>&1 3>&- &
echo $! >/run/other
until (: </dev/tcp/127.0.0.1/2380) 2>/dev/null; do real sleep 0.02; done
`,
			stubs: map[string]string{
				"sleep":   `[ "$1 $n" != '0.1 3' ] || { kill $(</run/other); touch /run/free; }; ` + real + `sleep 0.02`,
				"kubeadm": etcdStubs["kubeadm"] + "\n" + `[ ! -e /run/free ] || touch /run/in-order`},
			want: outcome{console: []string{"act resume", "act member"}, calls: []string{startsEtcd}, files: map[string]string{"/run/in-order": ""}},
		},
	})
}

func TestEtcdForms(t *testing.T) {
	t.Parallel()
	evidence := func(first, second string) string { return "act new first=" + first + " second=" + second + " expect=3" }
	boot1 := strings.Replace(blank1, "11111111", "1bbbbbbb", 1)
	boots := map[string]boot{
		"three blank machines, in two rounds": {
			files: map[string]string{net1: says(blank1, blank1, starting1), net2: says(blank2, blank2, starting2)},
			want: outcome{console: []string{me("blank"), expect1, me("starting"), both, "act member"}, calls: []string{startsEtcd},
				files: map[string]string{manifest: patched("new", founders), fence: "", answer: answers("starting"), "/run/kindling/waiting": "",
					"/run/asked.10.0.0.8": "3", "/run/asked.10.0.0.9": "3", "/run/synced": fence + " /var/lib/kindling\n"}},
		},
		"a peer that was booted between the rounds does not count": {
			files: map[string]string{net1: says(blank1, boot1), net2: says(blank2)},
			want: outcome{console: []string{me("blank"), expect1, expect2, me("starting"),
				evidence("cp1:blank:1bbbbbbb,cp2:blank:22222222", "cp1:blank:1bbbbbbb,cp2:blank:22222222"), "act member"}, calls: []string{startsEtcd}},
		},
		"one that is booted again and again never does": {
			files: map[string]string{net1: says(blank1, boot1, blank1, boot1, blank1, boot1), net2: says(blank2)}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{me("blank"), expect1, expect2}, files: map[string]string{patch: "-", fence: "-", answer: answers("blank")}},
		},
		"one round is not enough": {
			files: map[string]string{net1: says(blank1, silent, blank1, silent, blank1, silent), net2: says(blank2)}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{me("blank"), expect1, expect2 + "; cp1 silent since T ((7) Failed to connect to 10.0.0.9 port 2380: Couldn't connect to server)", expect2},
				files: map[string]string{patch: "-", fence: "-"}},
		},
		"a silent peer is named, and waited for": {
			files: map[string]string{net1: says(blank1), net2: says(silent, silent, blank2)},
			stubs: map[string]string{"sleep": `[ $n != 2 ] || cp /run/kindling/waiting /run/then`},
			want: outcome{console: []string{me("blank"), expect1 + "; cp2 silent since T ((7) Failed to connect to 10.0.0.9 port 2380: Couldn't connect to server)",
				expect2 + "; cp2 silent since T ((7) Failed to connect to 10.0.0.9 port 2380: Couldn't connect to server)", expect2, me("starting"), both, "act member"},
				calls: []string{startsEtcd}, files: map[string]string{"/run/then": "cp2\n", "/run/kindling/since/cp2": "-", "/run/kindling/waiting": ""}},
		},
		"and never gone without": {
			files: map[string]string{net1: says(blank1)}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{me("blank"), expect1 + "; cp2 silent since T ((7) Failed to connect)", expect2 + "; cp2 silent since T ((7) Failed to connect)"},
				files: map[string]string{patch: "-", fence: "-", answer: answers("blank"), "/run/kindling/waiting": "cp2\n"}},
		},
		"two are enough where bootstrapExpect says so": {
			env: map[string]string{"ETCD_BOOTSTRAP_EXPECT": "2"}, files: map[string]string{net1: says(blank1, blank1, starting1)},
			want: outcome{console: []string{me("blank"), "waiting: 1 of 2 machines are ready to form etcd; cp2 silent since T ((7) Failed to connect)", me("starting"),
				"act new first=cp1:blank:11111111,cp2:silent:(7) second=cp1:blank:11111111,cp2:silent:(7) expect=2", "act member"},
				calls: []string{startsEtcd}, files: map[string]string{patch: patched("new", founders)}},
		},
		"the only control plane asks nobody": {
			env: map[string]string{"ETCD_BOOTSTRAP_EXPECT": "1", "PEERS": lone},
			want: outcome{console: []string{me("blank"), me("starting"), alone, "act member"}, calls: []string{startsEtcd},
				files: map[string]string{patch: patched("new", "cp0=https://10.0.0.7:2380"), fence: ""}},
		},
		"whoever has gone further counts": {
			files: map[string]string{net1: says(starting1), net2: says(forming)},
			want: outcome{console: []string{me("blank"), expect1, me("starting"), evidence("cp1:starting:11111111,cp2:forming:etcd", "cp1:starting:11111111,cp2:forming:etcd"), "act member"},
				calls: []string{startsEtcd}, files: map[string]string{"/run/asked.10.0.0.8": "3"}},
		},
		"so does whoever goes further between the rounds, since a reboot needs longer than that": {
			files: map[string]string{net1: says(blank1, starting1), net2: says(starting2, forming)},
			want: outcome{console: []string{me("blank"), expect1, me("starting"), evidence("cp1:blank:11111111,cp2:starting:22222222", "cp1:starting:11111111,cp2:forming:etcd"), "act member"},
				calls: []string{startsEtcd}},
		},
		"whoever goes back does not": {
			files: map[string]string{net1: says(starting1, blank1, blank1, starting1), net2: says(blank2, blank2, blank2, starting2)},
			want: outcome{console: []string{me("blank"), expect1, expect2, me("starting"), both, "act member"}, calls: []string{startsEtcd},
				files: map[string]string{"/run/asked.10.0.0.8": "4"}},
		},
		"nor whose etcd has gone": {
			files: map[string]string{net1: says(blank1), net2: says(forming, starting2, blank2)},
			want:  outcome{console: []string{me("blank"), expect1, expect2, me("starting"), both, "act member"}, calls: []string{startsEtcd}},
		},
		"whoever has decided waits until nobody is undecided": {
			files: map[string]string{net1: says(blank1, blank1, blank1, blank1, starting1), net2: says(blank2, blank2, starting2)},
			want: outcome{console: []string{me("blank"), expect1, me("starting"), both, "act member"}, calls: []string{startsEtcd},
				files: map[string]string{"/run/asked.10.0.0.8": "5"}},
		},
		// The second round is at 1 s and decides; the eighth is at 6 s.
		"but for 5 s": {
			files: map[string]string{net1: says(blank1), net2: says(blank2)},
			want: outcome{console: []string{me("blank"), expect1, me("starting"), both, "act member"}, calls: []string{startsEtcd},
				files: map[string]string{"/run/asked.10.0.0.8": "8"}},
		},
		"nobody answers at port 2380 once etcd starts": {
			files: map[string]string{net1: says(blank1), net2: says(blank2)},
			stubs: map[string]string{
				"socat": `echo $$ >/run/responder` + "\n" + etcdStubs["socat"],
				"kubeadm": etcdStubs["kubeadm"] + "\n" + `for i in {1..100}; do
	grep -aq sleep "/proc/$(</run/responder)/cmdline" || { touch /run/silent; break; } # nor is it a zombie, which has no command line
	env PATH="${PATH#*:}" sleep 0.05
done 2>/dev/null`},
			want: outcome{console: []string{me("blank"), expect1, me("starting"), both, "act member"}, calls: []string{startsEtcd}, files: map[string]string{"/run/silent": ""}},
		},
		"with IPv6": {
			env: map[string]string{"ADDRESS": "fd00::7", "NODE_IP": "fd00::7", "ETCD_BOOTSTRAP_EXPECT": "2",
				"PEERS": "cp0 [fd00::7] 5618012707048140680\ncp1 [fd00::8] 14653340610991216190"},
			files: map[string]string{"/run/net/[fd00::8]": says(blank1, strings.NewReplacer("10.0.0.7", "[fd00::7]", "10.0.0.8", "[fd00::8]").Replace(cluster+" ["+m1+","+m0+"]"))},
			want: outcome{console: []string{me("blank"), "waiting: 1 of 2 machines are ready to form etcd", me("starting"), "act new first=cp1:blank:11111111 second=cp1:forming:etcd expect=2", "act member"},
				calls: []string{startsEtcd}, files: map[string]string{patch: patched("new", "cp0=https://[fd00::7]:2380,cp1=https://[fd00::8]:2380"), "/run/probe": "-",
					"/run/listens": "-T 5 OPENSSL-LISTEN:2380,pf=ip6,bind=[fd00::7],reuseaddr,fork,max-children=64,cafile=/etc/kubernetes/pki/etcd/ca.crt," +
						"cert=/etc/kubernetes/pki/etcd/peer.crt,key=/etc/kubernetes/pki/etcd/peer.key,verify=1 EXEC:bash /run/kindling/reply\n"}},
		},
	}
	// What cp2 says does not help, whatever cp1 says.
	for name, c := range map[string]struct{ says, named string }{
		"another cluster's token":               {"blank kindling-0000000000000000 cp2 22222222-7f02", "unlike since T (this document: it is cp2 of kindling-0000000000000000)"},
		"another machine's name":                {"blank " + token + " cp1 22222222-7f02", "unlike since T (this document: it is cp1 of " + token + ")"},
		"a state that nobody knows":             {"melted " + token + " cp2 22222222-7f02", "melted since T (22222222-7f02)"},
		"fenced, so it waits itself":            {"fenced " + token + " cp2 22222222-7f02", "fenced since T (22222222-7f02)"},
		"an etcd that does not know itself yet": {cluster + " null", "unlike since T (this document: its etcd has other members)"},
		"an etcd with fewer members":            {cluster + " [" + m0 + "," + m2 + "]", "unlike since T (this document: its etcd has other members)"},
		"an etcd with more members":             {cluster + " [" + m0 + "," + m1 + "," + m2 + `,{"id":1,"peerURLs":["https://10.0.0.99:2380"],"name":"cp9"}]`, "unlike since T (this document: its etcd has other members)"},
		"an etcd with other members":            {strings.Replace(forming, "14653340610991216190", "14653340610991216191", 1), "unlike since T (this document: its etcd has other members)"},
		"an etcd of another cluster":            {strings.Replace(forming, cluster, "b3c9b0ef75114423", 1), "unlike since T (this document: its etcd has other members)"},
		"an etcd that joins":                    {strings.Replace(forming, `,"name":"cp2"`, `,"isLearner":true,"name":"cp2"`, 1), "unlike since T (this document: its etcd has other members)"},
		"a clock before the certificates":       {"curl: (60) SSL certificate problem: certificate is not yet valid", "clock-skew since T ((60) SSL certificate problem: certificate is not yet valid)"},
		"our certificate begins later there":    {"curl: (56) OpenSSL SSL_read: error:0A000412:SSL routines::sslv3 alert bad certificate, errno 0", "clock-skew since T ((56) OpenSSL SSL_read: error:0A000412:SSL routines::sslv3 alert bad certificate, errno 0)"},
		"our certificate has ended there":       {"curl: (56) OpenSSL SSL_read: error:0A000415:SSL routines::sslv3 alert certificate expired, errno 0", "clock-skew since T ((56) OpenSSL SSL_read: error:0A000415:SSL routines::sslv3 alert certificate expired, errno 0)"},
		"a certificate that nobody knows":       {"curl: (60) SSL certificate problem: unable to get local issuer certificate", "silent since T ((60) SSL certificate problem: unable to get local issuer certificate)"},
		"something else":                        {"404 curl: (22) The requested URL returned error: 404", "silent since T ((22) The requested URL returned error: 404)"},
		"a responder that ends as it is asked":  {"404 curl: (7) Failed to connect to 10.0.0.9 port 2380 after 0 ms: Connection refused", "silent since T ((7) Failed to connect to 10.0.0.9 port 2380: Connection refused)"},
	} {
		boots["not with "+name] = boot{
			files: map[string]string{net1: says(blank1), net2: says(c.says)}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{me("blank"), expect1 + "; cp2 " + c.named, expect2 + "; cp2 " + c.named},
				files: map[string]string{patch: "-", fence: "-", answer: answers("blank"), "/run/kindling/waiting": "cp2\n"}},
		}
	}
	etcdBoots(t, boots)
}

func TestEtcdFenced(t *testing.T) {
	t.Parallel()
	blank := map[string]string{net1: says(blank1), net2: says(blank2)}
	old := maps.Clone(blank)
	old[fence] = ""
	joins := func(before ...string) []string {
		return append(before, "act fence by=cp1", me("fenced"), actAdd, "act existing", "act member")
	}
	joined := slices.Concat(asked("list", "list", addOwn, "list"), []string{startsEtcd})
	etcdBoots(t, map[string]boot{
		"a machine that has been a member never forms a new cluster": {
			files: old, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{me("fenced"), fencedWait}, files: map[string]string{answer: answers("fenced"), fence: "", patch: "-", "/run/kindling/waiting": strings.TrimPrefix(fencedWait, "waiting: ") + "\n"}},
		},
		"also the only control plane waits, for someone to restore it": {
			files: map[string]string{fence: ""}, env: map[string]string{"ETCD_BOOTSTRAP_EXPECT": "1", "PEERS": lone}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{me("fenced"), fencedWait}, files: map[string]string{fence: "", patch: "-"}},
		},
		"nor does one whose document says existing": {
			files: blank, env: map[string]string{"ETCD_INITIAL_CLUSTER_STATE": "existing"}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{me("fenced"), fencedWait}, files: map[string]string{answer: answers("fenced"), fence: "-", patch: "-"}},
		},
		"and names whose answer does not help": {
			files: map[string]string{fence: "", net1: says(blank1), net2: says("fenced " + token + " cp2 22222222-7f02")}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{me("fenced"), fencedWait + "; cp2 fenced since T (22222222-7f02)"}, files: map[string]string{"/run/kindling/waiting": "cp2\n"}},
		},
		"it joins once a peer serves a cluster": {
			files: map[string]string{fence: "", net1: says(blank1, established), net2: says(blank2), "/run/members": others},
			want:  outcome{console: joins(me("fenced"), fencedWait), calls: joined},
		},
		"existing as well": {
			files: map[string]string{net1: says(blank1, established), net2: says(blank2), "/run/members": others}, env: map[string]string{"ETCD_INITIAL_CLUSTER_STATE": "existing"},
			want: outcome{console: joins(me("fenced"), fencedWait), calls: joined, files: map[string]string{fence: ""}},
		},
		"whoever has decided joins, if a peer comes to serve a cluster meanwhile": {
			files: map[string]string{net1: says(blank1, blank1, blank1, established), net2: says(blank2), "/run/members": others},
			want: outcome{console: joins(me("blank"), expect1, me("starting")), calls: joined,
				files: map[string]string{fence: "", answer: answers("fenced")}},
		},
	})
}

func TestEtcdJoins(t *testing.T) {
	t.Parallel()
	const (
		waits       = "waiting: etcd refuses member "
		since       = "/run/kindling/since/dead0dead0dead00"
		fiveMinutes = "waiting: https://10.0.0.99:2380, not in this document, does not answer: removed after five minutes"
		cluster     = "cp1=https://10.0.0.8:2380,cp2=https://10.0.0.9:2380"
	)
	began := func(then ...string) []string {
		return append([]string{me("blank"), "act fence by=cp1", me("fenced")}, then...)
	}
	// net is that of a machine whose peers serve a cluster of these members.
	net := func(members string, more ...string) map[string]string {
		files := map[string]string{net1: says(established), net2: says(established), "/run/members": members}
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	looked := asked("list", "list", addOwn, "list", addOwn, "list")
	const learner = `1 [{"id":1,"peerURLs":["https://10.0.0.7:2380"],"isLearner":true,"name":"cp0"}]`
	etcdBoots(t, map[string]boot{
		"its lost member is replaced, by its very URL, and the new one votes once it has the data": {
			files: net(others+"0e1947b0a7e00001, started, neighbour, https://10.0.0.7:23800, https://10.0.0.7:23790, false\n"+oldMember,
				own, says("own", learner, learner, learner, "own"), "/run/says.promote", says("etcdserver: can only promote a learner member which is in sync with leader")),
			want: outcome{console: began(actRemove, actAdd, "act existing", "waiting: this learner has not caught up with etcd yet", "act promote member=add0add0add0add0",
				"act promote member=add0add0add0add0", "act member"),
				calls: slices.Concat(asked("list", "list", "remove 61c5a2d4e1f0b3a7", addOwn, "list"), []string{startsEtcd},
					asked("list", "promote add0add0add0add0", "list", "promote add0add0add0add0", "list", "promote add0add0add0add0")),
				files: map[string]string{patch: patched("existing", cluster+",neighbour=https://10.0.0.7:23800,cp0=https://10.0.0.7:2380"), fence: "", answer: answers("fenced")}},
		},
		"one after the other": {
			files: net(strings.Replace(others, "9:2379, false", "9:2379, true", 1) + oldMember), stubs: map[string]string{"sleep": `[ $n != 1 ] || sed -i s/true/false/ /run/members`},
			want: outcome{console: began("waiting: another machine joins or renews certificates", actRemove, actAdd, "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", "list", "list", "list", "remove 61c5a2d4e1f0b3a7", addOwn, "list"), []string{startsEtcd})},
		},
		"nor between another's look at the members and its learner": {
			files: net(others, "/run/says.grant", says("curl: (22) The requested URL returned error: 400", "")),
			want: outcome{console: began("waiting: another machine joins or renews certificates", actAdd, "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", "list", "list", addOwn, "list"), []string{startsEtcd})},
		},
		"what counts is who is a member once nobody else makes a learner": {
			files: net(others, "/run/before", `[ $call$n != list2 ] || sed -i 's/9:2379, false/9:2379, true/' /run/members`),
			stubs: map[string]string{"sleep": `sed -i s/true/false/ /run/members`},
			want: outcome{console: began("waiting: another machine joins or renews certificates", actAdd, "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", "list", "list", "list", addOwn, "list"), []string{startsEtcd})},
		},
		"a dead learner that the document does not name keeps nobody out": {
			files: net(others+strings.Replace(dead, "false", "true", 1), since, "699\n"),
			want: outcome{console: began("waiting: another machine joins or renews certificates", "act remove member=dead0dead0dead00 name=gone url=https://10.0.0.99:2380", actAdd, "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", "list", "remove dead0dead0dead00", "list", "list", addOwn, "list"), []string{startsEtcd})},
		},
		"no lost member, nothing removed": {
			files: net(others),
			want: outcome{console: began(actAdd, "act existing", "act member"), calls: slices.Concat(asked("list", "list", addOwn, "list"), []string{startsEtcd}),
				files: map[string]string{patch: patched("existing", cluster+",cp0=https://10.0.0.7:2380"), fence: ""}},
		},
		"the answer to add was lost": {
			files: net(others, "/run/says.add", says("done, but "+timedOut)),
			want: outcome{console: began(actAdd, waits+"add: "+timedOut, "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", addOwn, "list", addOwn), second(addOwn), asked("list"), []string{startsEtcd}),
				files: map[string]string{patch: patched("existing", cluster+",cp0=https://10.0.0.7:2380"), "/run/members": others + newMember}},
		},
		"a try that was killed has added it already: once more, by the same URL": {
			files: net(others + newMember),
			want: outcome{console: began("act remove member=add0add0add0add0 name=cp0 url=https://10.0.0.7:2380", actAdd, "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", "remove add0add0add0add0", addOwn, "list"), []string{startsEtcd})},
		},
		"the member is removed already": {
			files: net(others+oldMember, "/run/says.remove", says("done, but "+timedOut)),
			want: outcome{console: began(actRemove, waits+"remove: "+timedOut, actAdd, "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", "remove 61c5a2d4e1f0b3a7", "remove 61c5a2d4e1f0b3a7"), second("remove 61c5a2d4e1f0b3a7"), asked(addOwn, "list"), []string{startsEtcd}),
				files: map[string]string{"/run/members": others + newMember}},
		},
		"a list that was cut off does not count, and another member is asked": {
			files: net(others, "/run/before", `[ $call$n != list3 ] || [[ $host != *8 ]] || { printf '{"members":[{"ID":"1",'; error 'curl: (18) transfer closed with outstanding read data remaining'; }`),
			want: outcome{console: began(actAdd, "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", addOwn, "list"), []string{"etcd of 10.0.0.9: list", startsEtcd}),
				files: map[string]string{patch: patched("existing", cluster+",cp0=https://10.0.0.7:2380")}},
		},
		"without quorum it waits": {
			files: net(others, "/run/says.list", says(timedOut, timedOut, "", timedOut), "/run/says.add", says("etcdserver: no leader")),
			stubs: map[string]string{"sleep": `[ $n != 1 ] || cp /run/kindling/waiting /run/then`},
			want: outcome{console: began(waits+"list: "+timedOut, actAdd, waits+"add: etcdserver: no leader", "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", "list", "list", "list", addOwn, "list", addOwn, "list"), []string{startsEtcd}),
				files: map[string]string{"/run/then": "etcd\n"}},
		},
		"a dead member that the document does not name keeps others out, and is removed after five minutes": {
			files: net(others+dead, "/run/says.add", says(refused), since, "699\n"),
			want: outcome{console: began(actAdd, waits+"add: "+refused, "act remove member=dead0dead0dead00 name=gone url=https://10.0.0.99:2380", "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", addOwn, "list", "remove dead0dead0dead00", addOwn, "list"), []string{startsEtcd}),
				files: map[string]string{"/run/members": others + newMember, patch: patched("existing", cluster+",cp0=https://10.0.0.7:2380")}},
		},
		"but not before": {
			files: net(others+dead, "/run/says.add", says(refused), since, "770\n"),
			stubs: map[string]string{"sleep": `[ $n != 1 ] || cp /run/kindling/waiting /run/then`},
			want: outcome{console: began(actAdd, waits+"add: "+refused, fiveMinutes, "act existing", "act member"), calls: slices.Concat(looked, []string{startsEtcd}),
				files: map[string]string{"/run/members": others + dead + newMember, since: "N\n", "/run/then": "https://10.0.0.99:2380\n"}},
		},
		"which begin when it is first found silent": {
			files: net(others+dead, "/run/says.add", says(refused)),
			want: outcome{console: began(actAdd, waits+"add: "+refused, fiveMinutes, "act existing", "act member"), calls: slices.Concat(looked, []string{startsEtcd}),
				files: map[string]string{"/run/members": others + dead + newMember, since: "N\n"}},
		},
		"one that answers is not dead, and has its five minutes again": {
			files: net(others+dead, "/run/net/10.0.0.99", established, "/run/says.add", says(refused), since, "699\n"),
			want: outcome{console: began(actAdd, waits+"add: "+refused, "act existing", "act member"), calls: slices.Concat(looked, []string{startsEtcd}),
				files: map[string]string{"/run/members": others + dead + newMember, since: "-"}},
		},
		"one with several URLs, or another port, is not asked, and stays": {
			files: net(others+strings.Replace(dead, ":2380", ":2380,https://10.1.0.99:2380", 1), "/run/says.add", says(refused), since, "699\n"),
			want: outcome{console: began(actAdd, waits+"add: "+refused, "act existing", "act member"), calls: slices.Concat(looked, []string{startsEtcd}),
				files: map[string]string{since: "N\n"}},
		},
		"even one without a name; if that is refused too, the next time": {
			files: net(others+strings.Replace(dead, "started, gone", "unstarted, ", 1), "/run/says.add", says(refused, refused), "/run/says.remove", says(refused), since, "699\n"),
			want: outcome{console: began(actAdd, waits+"add: "+refused, "act remove member=dead0dead0dead00 name= url=https://10.0.0.99:2380",
				"act remove member=dead0dead0dead00 name= url=https://10.0.0.99:2380", "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", addOwn, "list", "remove dead0dead0dead00", addOwn, "list", "remove dead0dead0dead00", addOwn, "list"), []string{startsEtcd})},
		},
		"a dead member that the document names is named, and waited for": {
			files: net(others+dead, "/run/net/10.0.0.99", established, net2, says(silent), "/run/says.add", says(refused)),
			stubs: map[string]string{"sleep": `[ $n != 1 ] || cp /run/kindling/waiting /run/then`},
			want: outcome{console: began(actAdd, waits+"add: "+refused, "waiting: cp2, a member of etcd, does not answer", "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", addOwn, "list", addOwn, "list"), []string{startsEtcd}),
				files: map[string]string{"/run/members": others + dead + newMember, "/run/then": "cp2\n"}},
		},
		"its own, not started yet, is not removed": {
			files: net(others, "/run/says.add", says("done, but "+timedOut), own, says("own", silent, "own")),
			want: outcome{console: began(actAdd, waits+"add: "+timedOut, "act existing", "waiting: etcd has no quorum yet ()", "act member"),
				calls: slices.Concat(asked("list", "list", addOwn, "list", addOwn), second(addOwn), asked("list"), []string{startsEtcd, "systemctl is-active -q kubelet"}),
				files: map[string]string{"/run/members": others + newMember}},
		},
		"only add looks for dead members": {
			files: net(others+dead+oldMember, "/run/says.remove", says(refused)),
			want: outcome{console: began(actRemove, waits+"remove: "+refused, actAdd, "act existing", "act member"),
				calls: slices.Concat(asked("list", "list", "remove 61c5a2d4e1f0b3a7", "remove 61c5a2d4e1f0b3a7", addOwn, "list"), []string{startsEtcd}),
				files: map[string]string{"/run/members": others + dead + newMember}},
		},
		"the first of those that serve it is named; others may be anything": {
			files: net(others, net1, says(blank1), net2, says(established)),
			want: outcome{console: []string{me("blank"), "act fence by=cp2", me("fenced"), actAdd, "act existing", "act member"},
				calls: slices.Concat(asked("list", "list", addOwn, "list"), []string{startsEtcd})},
		},
		"with IPv6": {
			env: map[string]string{"ADDRESS": "fd00::7", "NODE_IP": "fd00::7", "PEERS": "cp0 [fd00::7] 5618012707048140680\ncp1 [fd00::8] 14653340610991216190"},
			files: map[string]string{"/run/keys": "1", "/run/net/[fd00::8]": says(established), "/run/says.add": says(refused), "/run/kindling/since/3": "699\n",
				"/run/members": "1, started, cp1, https://[fd00::8]:2380, https://[fd00::8]:2379, false\n2, started, cp0, https://[fd00::7]:2380, https://[fd00::7]:2379, false\n" +
					"3, started, cp9, https://[fd00::9]:2380, https://[fd00::9]:2379, false\n"},
			want: outcome{console: began("act remove member=2 name=cp0 url=https://[fd00::7]:2380", "act add url=https://[fd00::7]:2380", waits+"add: "+refused,
				"act remove member=3 name=cp9 url=https://[fd00::9]:2380", "act existing", "act member"),
				calls: []string{
					"etcd of [fd00::8]: list",
					"etcd of [fd00::8]: list",
					"etcd of [fd00::8]: remove 2",
					"etcd of [fd00::8]: add https://[fd00::7]:2380",
					"etcd of [fd00::8]: list",
					"etcd of [fd00::8]: remove 3",
					"etcd of [fd00::8]: add https://[fd00::7]:2380",
					"etcd of [fd00::8]: list", startsEtcd},
				files: map[string]string{patch: patched("existing", "cp1=https://[fd00::8]:2380,cp0=https://[fd00::7]:2380")}},
		},
	})
}

func TestEtcdSettles(t *testing.T) {
	t.Parallel()
	const (
		waits   = "waiting: etcd has no quorum yet ((7) Failed to connect to 127.0.0.1 port 2381: Connection refused)"
		log     = "/var/log/pods/kube-system_etcd-cp0_x/etcd/"
		later   = `[ $n != 2 ] || touch /run/etcd`
		line    = "2026-01-01T00:00:00.5Z stderr F "
		info    = line + `{"level":"info","ts":"2026-01-01T00:00:00.5Z","caller":"etcdmain/etcd.go:73","msg":"Running"}` + "\n"
		fatal   = line + `{"level":"fatal","ts":"2026-01-01T00:00:00.5Z","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"no space left on device","stacktrace":"main.main\n\t/go/etcd/main.go:31"}` + "\n"
		fatally = "; etcd: discovery failed,error:no space left on device"
	)
	const everywhere = "waiting: etcd has formed, but not everywhere yet: "
	founder := patched("new", founders)
	active := []string{"systemctl is-active -q kubelet", "systemctl is-active -q kubelet"}
	settles := func(files map[string]string) map[string]string {
		maps.Copy(files, map[string]string{wal: "x", manifest: "mine\n"})
		return files
	}
	said := func(wait string) outcome {
		return outcome{console: []string{"act resume", wait, "act member"}, calls: active, files: map[string]string{fence: "", "/run/kindling/waiting": "etcd\n"}}
	}
	etcdBoots(t, map[string]boot{
		"no quorum yet, and nothing wrong here": {
			files: settles(map[string]string{running: "", "/run/says.readyz": says("curl: (22) The requested URL returned error: 503", "curl: (22) The requested URL returned error: 503", "")}),
			want:  said("waiting: etcd has no quorum yet ((22) The requested URL returned error: 503)"),
		},
		"ready does not count before etcd has listed this member": {
			files: settles(map[string]string{running: "", own: says(silent, silent, "own")}),
			want:  said("waiting: etcd has no quorum yet ()"),
		},
		"a learner that is listed only after it is ready does not pass for a voter": {
			files: settles(map[string]string{running: "", "/run/members": others + newMember,
				own: says(silent, `1 [{"id":1,"peerURLs":["https://10.0.0.7:2380"],"isLearner":true,"name":"cp0"}]`, "own")}),
			want: outcome{console: []string{"act resume", "waiting: etcd has no quorum yet ()", "act promote member=add0add0add0add0", "act member"},
				calls: slices.Concat(active[:1], asked("list", "promote add0add0add0add0")), files: map[string]string{fence: ""}},
		},
		"nor does one that reads only then that it is a learner": {
			files: settles(map[string]string{running: "", "/run/members": others + newMember, own: says("own"),
				"/run/read": says(`1 [{"id":1,"peerURLs":["https://10.0.0.7:2380"],"isLearner":true,"name":"cp0"}]`, "own")}),
			want: outcome{console: []string{"act resume", "act promote member=add0add0add0add0", "act member"},
				calls: asked("list", "promote add0add0add0add0"), files: map[string]string{fence: ""}},
		},
		"no fence before there is quorum": {
			files: settles(map[string]string{}), stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{"act resume", waits}, calls: slices.Concat(active, active[:1]), files: map[string]string{fence: "-", "/run/synced": "-"}},
		},
		"etcd that ends at once: its last fatal line": {
			files: settles(map[string]string{log + "0.log": fatal + strings.Replace(fatal, "discovery failed", "listener failed", 1) + info}), stubs: map[string]string{"sleep": later},
			want: said(waits + strings.Replace(fatally, "discovery", "listener", 1)),
		},
		"by a panic": {
			files: settles(map[string]string{log + "0.log": strings.Replace(fatal, "fatal", "panic", 1)}), stubs: map[string]string{"sleep": later}, want: said(waits + fatally),
		},
		"since others have removed it": {
			files: settles(map[string]string{log + "0.log": line + `{"level":"error","caller":"rafthttp/http.go:1","msg":"the member has been permanently removed from the cluster"}` + "\n" + info}),
			stubs: map[string]string{"sleep": later}, want: said(waits + "; etcd: the member has been permanently removed from the cluster"),
		},
		"only the newest log": {
			files:  settles(map[string]string{log + "0.log": fatal, log + "1.log": strings.Replace(fatal, "discovery", "second", 1), log + "2.log": strings.Replace(fatal, "discovery", "first", 1)}),
			script: "touch -d 2026-01-01 " + log + "0.log; touch -d 2026-01-03 " + log + "1.log; touch -d 2026-01-02 " + log + "2.log\n",
			stubs:  map[string]string{"sleep": later}, want: said(waits + strings.Replace(fatally, "discovery", "second", 1)),
		},
		"only its end, after which etcd has run again": {
			files: settles(map[string]string{log + "0.log": fatal + strings.Repeat(info, 60)}), stubs: map[string]string{"sleep": later}, want: said(waits),
		},
		"kubelet that does not run": {
			files: settles(map[string]string{}), stubs: map[string]string{"sleep": later, "systemctl": `[ "$3" != kubelet ]`}, want: said(waits + "; kubelet does not run"),
		},
		"nobody goes on before the cluster is on every founder's disk": {
			files: map[string]string{wal: "x", manifest: founder, running: "", net1 + ".later": says(forming, established), net2 + ".later": says(silent, silent, established)},
			stubs: map[string]string{"sleep": `[ ! -e ` + fence + ` ] && cp /run/kindling/waiting /run/then`},
			want: outcome{console: []string{"act resume", everywhere + "cp1 forming etcd;cp2 silent (7) Failed to connect to 10.0.0.9 port 2380: Couldn't connect to server",
				everywhere + "cp2 silent (7) Failed to connect to 10.0.0.9 port 2380: Couldn't connect to server", "act member"},
				files: map[string]string{fence: "", "/run/then": "founders\n", "/run/asked.10.0.0.9.later": "3"}},
		},
		"just now formed, too": {
			files: map[string]string{net1: says(blank1, blank1, starting1), net2: says(blank2, blank2, starting2), net1 + ".later": says(starting1, established)},
			want: outcome{console: []string{me("blank"), expect1, me("starting"), both, everywhere + "cp1 starting 11111111-7f01", "act member"}, calls: []string{startsEtcd},
				files: map[string]string{fence: ""}},
		},
		"there is no fence and no member until then": {
			files: map[string]string{wal: "x", manifest: founder, running: "", net1 + ".later": says(forming)}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{"act resume", everywhere + "cp1 forming etcd"}, files: map[string]string{fence: "-", "/run/synced": "-"}},
		},
		"bootstrapExpect tells how many founders there are": {
			files: map[string]string{wal: "x", manifest: founder, running: "", net1 + ".later": says(silent, established), net2 + ".later": says(silent)},
			env:   map[string]string{"ETCD_BOOTSTRAP_EXPECT": "2"},
			want: outcome{console: []string{"act resume", everywhere + "cp1 silent (7) Failed to connect to 10.0.0.9 port 2380: Couldn't connect to server;" +
				"cp2 silent (7) Failed to connect to 10.0.0.9 port 2380: Couldn't connect to server", "act member"}, files: map[string]string{fence: ""}},
		},
		"who holds keys asks nobody: the cluster has been everywhere": {
			files: map[string]string{wal: "x", manifest: founder, running: "", "/run/keys": "7", net1 + ".later": says(silent), net2 + ".later": says(silent)},
			want:  outcome{console: []string{"act resume", "act member"}, files: map[string]string{"/run/asked.10.0.0.8.later": "-"}},
		},
		"who holds none waits for all, with a fence and without having founded the cluster, too": {
			files: map[string]string{wal: "x", manifest: patched("existing", founders), running: "", fence: "", net1 + ".later": says(forming)}, stubs: map[string]string{"sleep": enough},
			want: outcome{console: []string{"act resume", everywhere + "cp1 forming etcd"}, files: map[string]string{"/run/synced": "-"}},
		},
		"a learner that was booted before it could vote": {
			files: settles(map[string]string{running: "", own: says(`1 [{"id":1,"peerURLs":["https://10.0.0.7:2380"],"isLearner":true,"name":"cp0"}]`, "own"), "/run/members": others + newMember}),
			want: outcome{console: []string{"act resume", "act promote member=add0add0add0add0", "act member"}, calls: asked("list", "promote add0add0add0add0"),
				files: map[string]string{fence: ""}},
		},
		"a peer that is one is not its concern": {
			files: settles(map[string]string{running: "", own: says(`1 [{"id":1,"peerURLs":["https://10.0.0.7:2380"],"name":"cp0"},{"id":2,"peerURLs":["https://10.0.0.70:2380"],"isLearner":true,"name":"cp7"}]`)}),
			want:  outcome{console: []string{"act resume", "act member"}},
		},
		"a learner that cannot ask for its ID": {
			files: settles(map[string]string{running: "", own: says(strings.Repeat(`1 [{"id":1,"peerURLs":["https://10.0.0.7:2380"],"isLearner":true,"name":"cp0"}]`+"\n", 2) + "own"),
				"/run/members": others + newMember, "/run/says.list": says(timedOut)}),
			want: outcome{console: []string{"act resume", "waiting: this learner has not caught up with etcd yet", "act promote member=add0add0add0add0", "act member"},
				calls: asked("list", "list", "promote add0add0add0add0"), files: map[string]string{"/run/kindling/waiting": "cp0\n"}},
		},
	})
}

func TestEtcdResponder(t *testing.T) {
	t.Parallel()
	const (
		taken  = "waiting: port 2380 is taken here: "
		listen = "-T 5 OPENSSL-LISTEN:2380,pf=ip4,bind=10.0.0.7,reuseaddr,fork,max-children=64,cafile=/etc/kubernetes/pki/etcd/ca.crt," +
			"cert=/etc/kubernetes/pki/etcd/peer.crt,key=/etc/kubernetes/pki/etcd/peer.key,verify=1 EXEC:bash /run/kindling/reply\n"
		fenced   = "fenced " + token + " cp0 00000000-7f00"
		notFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\nConnection: close\r\n\r\n\n"
	)
	other := says("curl: (7) Failed to connect to 10.0.0.7 port 2380 after 0 ms: Connection refused", "404 curl: (22) The requested URL returned error: 404", forming, blank1, "own")
	seen := []string{taken + "curl: (7) Failed to connect to 10.0.0.7 port 2380: Connection refused", taken + "curl: (22) The requested URL returned error: 404",
		taken + strings.TrimPrefix(forming, cluster+" ")[:150], taken + blank1}
	reply := func(request string) boot {
		return boot{try: "reply", script: "etcd_listen() { :; }\nstep_reply() { etcd_respond; bash $run/reply </run/request >/run/reply; }", files: map[string]string{"/run/request": request, answer: fenced + "\n"}}
	}
	replies := func(request, want string) boot {
		b := reply(request)
		b.want.files = map[string]string{"/run/reply": want}
		return b
	}
	nothing := replies("", "")
	nothing.want.code = 1
	etcdBoots(t, map[string]boot{
		"something else at port 2380 of this machine: no new etcd": {
			files: map[string]string{net1: says(blank1, blank1, starting1), net2: says(blank2, blank2, starting2), own: other},
			want: outcome{console: slices.Concat([]string{me("blank"), expect1, me("starting")}, seen, []string{both, "act member"}), calls: []string{startsEtcd},
				files: map[string]string{"/run/asked.10.0.0.8": "3"}},
		},
		"and no member is replaced": {
			files: map[string]string{net1: says(established), own: other, "/run/members": others + oldMember},
			stubs: map[string]string{"sleep": `[ ! -s /run/calls ] && cp /run/kindling/waiting /run/then`},
			want: outcome{console: slices.Concat([]string{me("blank"), "act fence by=cp1", me("fenced")}, seen, []string{actRemove, actAdd, "act existing", "act member"}),
				calls: slices.Concat(asked("list", "list", "remove 61c5a2d4e1f0b3a7", addOwn, "list"), []string{startsEtcd}),
				files: map[string]string{"/run/then": "port 2380\n"}},
		},
		"its program lives for half a minute, and another one follows it": {
			files: map[string]string{fence: ""},
			stubs: map[string]string{"socat": `case $* in *INTERFACE:*) exit ;; esac
echo "$*" >>/run/listens
case $(wc -l </run/listens) in
1) exit 124 ;;
2) exit 1 ;;
*) ` + real + `sleep 20 ;;
esac`, "sleep": `[ "$(wc -l </run/listens)" -lt 3 ] || kill $(</run/pid)`},
			want: outcome{code: 143, console: []string{me("fenced"), fencedWait + "; cp1 silent since T ((7) Failed to connect); cp2 silent since T ((7) Failed to connect)"},
				files: map[string]string{"/run/listens": listen + listen + listen}},
		},
		"what it tells":       replies("GET /members HTTP/1.1\r\nHost: 10.0.0.7:2380\r\nAccept: */*\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 51\r\nConnection: close\r\n\r\n"+fenced+"\n"),
		"without HTTP's CR":   replies("GET /members HTTP/1.1\nHost: 10.0.0.7:2380\n\n", "HTTP/1.1 200 OK\r\nContent-Length: 51\r\nConnection: close\r\n\r\n"+fenced+"\n"),
		"it is no etcd":       replies("GET /raft HTTP/1.1\r\nHost: 10.0.0.7:2380\r\n\r\n", notFound),
		"nor a file server":   replies("GET /members/../../etc/passwd HTTP/1.1\r\n\r\n", notFound),
		"it takes nothing":    replies("POST /members HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", notFound),
		"globs mean nothing":  replies("GET /memb* HTTP/1.1\r\n\r\n", notFound),
		"silence, for nobody": nothing,
	})
}

func TestEtcdTwin(t *testing.T) {
	t.Parallel()
	const (
		ours, theirs = "52 54 00 00 00 07", "52 54 00 00 00 42"
		us, them     = "0a 00 00 07", "0a 00 00 2a"
		noData       = "00 00 00 00 00 00"
		wait         = "waiting: another machine, 52:54:00:00:00:42, has 10.0.0.7 too: has cp0 been booted twice?"
	)
	// Ethernet's header, and ARP's (RFC 826): a request is 01, a reply 02.
	arp := func(to, from, operation, sender, senderIP, target, targetIP string) string {
		return ` \x` + strings.ReplaceAll(strings.Join([]string{to, from, "08 06 00 01 08 00 06 04 00", operation, sender, senderIP, target, targetIP}, " "), " ", `\x`)
	}
	reply := arp(ours, theirs, "02", theirs, us, ours, us)
	// Each is what the network says to one probe.
	socat := func(frames ...string) map[string]string {
		body := "case $*:$n in\n"
		for i, frame := range frames {
			body += fmt.Sprintf("*INTERFACE:eth0:%d) cat >/run/probe; printf '%s'; exit ;;\n", i+1, strings.ReplaceAll(frame, " ", ""))
		}
		return map[string]string{"socat": body + "esac\n" + etcdStubs["socat"]}
	}
	blank := map[string]string{net1: says(blank1, blank1, starting1), net2: says(blank2, blank2, starting2)}
	formed := func(before ...string) outcome {
		return outcome{console: append(before, me("blank"), expect1, me("starting"), both, "act member"), calls: []string{startsEtcd}}
	}
	endless := socat(reply, reply, reply, reply)
	endless["sleep"] = enough
	probed := formed()
	probed.files = map[string]string{"/run/probe": "\xff\xff\xff\xff\xff\xff\x52\x54\x00\x00\x00\x07\x08\x06\x00\x01\x08\x00\x06\x04\x00\x01\x52\x54\x00\x00\x00\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0a\x00\x00\x07"}
	etcdBoots(t, map[string]boot{
		"another machine answers to this address: it asks nobody, and tells nobody anything": {
			files: blank, stubs: endless,
			want: outcome{console: []string{wait}, files: map[string]string{answer: "-", "/run/asked.10.0.0.8": "-", "/run/listens": "-", "/run/kindling/waiting": "address 10.0.0.7\n", patch: "-"}},
		},
		"until that one is gone":              {files: blank, stubs: socat(reply, reply, ""), want: formed(wait)},
		"one that probes or announces it":     {files: blank, stubs: socat(arp("ff ff ff ff ff ff", theirs, "01", theirs, us, noData, us)), want: formed(wait)},
		"the probe is one of RFC 5227":        {files: blank, want: probed},
		"what others have is theirs":          {files: blank, stubs: socat(arp(ours, theirs, "02", theirs, them, ours, us) + arp("ff ff ff ff ff ff", theirs, "01", theirs, them, noData, us)), want: formed()},
		"its own frames are not another's":    {files: blank, stubs: socat(arp("ff ff ff ff ff ff", ours, "01", ours, us, noData, us)), want: formed()},
		"two of them: the last is named":      {files: blank, stubs: socat(strings.ReplaceAll(reply, `42`, `41`) + reply), want: formed(wait)},
		"among other frames":                  {files: blank, stubs: socat(arp(ours, theirs, "02", theirs, them, ours, us) + reply + arp("ff ff ff ff ff ff", theirs, "01", theirs, them, noData, us)), want: formed(wait)},
		"a device without a hardware address": {files: map[string]string{net1: blank[net1], net2: blank[net2], "/sys/class/net/eth0/address": ""}, want: formed()},
		"no device has the address":           {files: blank, stubs: map[string]string{"ip": ""}, want: formed()},
	})
}
