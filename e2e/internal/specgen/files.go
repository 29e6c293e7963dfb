package specgen

import (
	"fmt"
	"strings"
)

// paths are places for files that nobody else writes.
func (m *maker) paths(suffix string) []string {
	var list []string
	for _, name := range []string{
		"/etc/motd", "/etc/sysctl.d/90-a.conf", "/etc/a b", "/etc/ä/日本", "/etc/%n", "/etc/$HOME", "/etc/a'b", "/etc/a\"b", "/etc/a\\b", "/etc/#a", "/opt/a*", "/opt/[a]", "/etc/~a", "/srv/- a", "/srv/a=b", "/etc/{a,b}",
		"/root/.a", "/var/lib/🦊", "/etc/a;b", "/etc/&a", "/etc/`a`", "/opt/bin/tool", "/etc/containerd/conf.d/a.toml", "/etc/systemd/system/kubelet.service.d/90-a.conf", "/srv/on", "/srv/trailing ",
	} {
		list = append(list, name+suffix)
	}
	return list
}

// seldomPaths are files where somebody may write already, or that cannot be files.
var seldomPaths = []string{
	"/etc/chrony.conf", "/etc/systemd/timesyncd.conf.d/50-kindling.conf", "/etc/containerd/certs.d/docker.io/hosts.toml", "/etc/zincati/config.d/90-kindling.toml", "/etc/containerd/config.toml", "/etc/systemd/system/kubelet.service",
	"/etc", "/etc/systemd", "/etc/systemd/system", "/etc/kubernetes", "/etc/kubernetes/manifests", "/etc/motd/a", "/etc/a b/c", "/var/lib", "/usr/local/bin/a", "/bin/a", "/var/run/a", "/etc/hosts", "/etc/resolv.conf", "/etc/crictl.yaml", "/boot/a",
	"/etc/apt/sources.list.d/kubernetes.list", "/etc/yum.repos.d/kubernetes.repo", "/etc/zypp/repos.d/kubernetes.repo", "/etc/hostname/a", "/etc/sysctl.d/kubernetes.conf", "/etc/modules-load.d/kubernetes.conf", "/tmp/a", "/run/a", "/home/a",
}

func (m *maker) extraFiles(suffix string, most int) []any {
	var list []any
	paths := m.paths(suffix)
	if m.one(16) {
		paths = seldomPaths
	}
	for i, path := range some(&m.stream, most, paths...) {
		o := object{{"path", path}}
		if m.one(3) {
			o.set("mode", pick(&m.stream, "0600", "0755", "644", "0400", "000", "0777"))
		}
		if m.one(6) {
			o.set("owner", pick(&m.stream, "daemon", "daemon:daemon", "0", "1000:1000", "root"))
		}
		content := pick(&m.stream, contents...)
		if m.one(20) {
			content = strings.Repeat(content+"\n", 200)
		}
		if m.one(3) {
			o.set("source", m.local(fmt.Sprintf("files%s/%d ä.txt", suffix, i), content+pick(&m.stream, "", "\xff\xfe\x00")))
		} else {
			o.set("content", content)
		}
		if suffix == "" && m.one(3) {
			o.set("roles", []any{pick(&m.stream, "control-plane", "worker", "etcd", "load-balancer")})
		}
		list = append(list, o)
	}
	return list
}

func (m *maker) extraSteps() []any {
	var list []any
	for _, name := range some(&m.stream, 2, labels...) {
		o := object{{"name", name}}
		place := pick(&m.stream, "runtime", "host", "certs", "etcd", "join", "ready", "load-balancer", "right-machine", "clock", "install", "kube-vip")
		o.set(pick(&m.stream, "before", "after"), place)
		o.set("script", pick(&m.stream,
			"echo hello", "#!/bin/bash\nsay \"$NAME is ready\"\n", "shopt -s extglob\nls !(a)\n", "cat <<'EOF'\na $b `c`\n  EOF\nEOF\n", "[[ $a =~ ^(b|c)$ ]] && d=(1 2) || true", "f() { echo \"${1@Q}\"; }\nf 'a b'\n",
			"echo 'ä 日本 🦊' \"$(date +%s)\" %n\n", "echo a\r\necho b\r\n", "echo a \\\n  b\n", "x=$((1 + 2)); echo ${x:-$'\\t'}", ": # '", "echo {1..3} \"{{ a }}\" '---'\n---() { :; }\n", "((i++)) || true; coproc cat; exec 3<&1\n"))
		if m.one(3) {
			o.set("always", m.one(2))
		}
		list = append(list, o)
	}
	return list
}

func (m *maker) authorizedKeys() []any {
	const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEmS3CVut8EKU5zmL3iByxRdpvA5QovVHmew+gNMld8"
	return m.strings(3, key+" admin@example.com", key, "command=\"echo \\\"$HOME\\\" %h\",no-pty "+key+" ä # 'x'", "from=\"10.0.0.0/8,!10.0.0.1\" "+key+" a: b", "# "+key, " "+key+" trailing ", key+"\ttab")
}

var manifests = []string{
	"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  b: \"$HOME %s\"\n",
	"# first\n---\n---\napiVersion: v1\nkind: List\nitems: []\nmetadata: {}\n---\n", "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"a\"}}",
	"apiVersion: v1\r\nkind: Namespace\r\nmetadata:\r\n  name: a\r\n", "apiVersion: v1\nkind: Secret\nmetadata: {name: ä}\nstringData: {a: '='}\n", "\ufeffapiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n",
	"apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n",
}

func (m *maker) cni() object {
	if m.one(2) {
		return m.manifest("cni.yaml")
	}
	return object{{"manifest", "none"}}
}

func (m *maker) manifest(name string) object {
	if m.one(2) {
		return object{{"manifest", m.local(name, pick(&m.stream, manifests...))}}
	}
	o := object{{"manifest", pick(&m.stream,
		"https://example.com/calico.yaml", "http://10.0.0.5:8080/a.yaml?x=1&y=$HOME#z", "https://[fd00::5]/a%20b.yaml", "https://example.com/pa$$/'a\"b", "https://example.com/{a}[b]*?c", "https://example.com/ä", "https://example.com/a\\b`c`", "https://example.com")}}
	if m.one(2) {
		o.set("sha256", sum)
	}
	return o
}

// urls are base URLs.
var urls = []string{"https://mirror.example.com", "http://10.0.0.3:5000", "https://[fd00::3]:8443/", "https://mirror.example.com/pa$$", "http://mirror", "https://1e3"}

func (m *maker) mirrors() object {
	var o object
	for _, host := range some(&m.stream, 3, "dl.k8s.io", "pkgs.k8s.io", "github.com", "example.com", "10.0.0.5:8080", "on", "0") {
		o.set(host, pick(&m.stream, urls...)+pick(&m.stream, "", "/k8s", "/a%20b", "/$HOME", "/a'b", "/a\"b", "/{a}", "/ä", "/a@b", "/a^b"))
	}
	return o
}

func (m *maker) registries() object {
	var o object
	for i, host := range some(&m.stream, 3, "docker.io", "registry.example.com:5000", "_default", "10.0.0.5", "on", "0", "registry.k8s.io") {
		r := object{}
		if m.one(2) {
			r.set("mirrors", []any{pick(&m.stream, urls...) + pick(&m.stream, "", "/v2/a", "/v2", "/a/v2/b'c", "/v2/a\"b", "/v2/ä", "/v2/a\\b"), "http://10.0.0.4"})
		}
		if len(r) == 0 || m.one(2) {
			r.set("caFile", m.local(fmt.Sprintf("ca-%d.pem", i), pick(&m.stream, "", "subject=a\n", "\ufeff# ä\n")+authority))
		}
		o.set(host, r)
	}
	return o
}

func (m *maker) patches() object {
	m.files["patches/kube-apiserver0+merge.yaml"] = pick(&m.stream, "spec:\n  priority: 1\n", "---\nspec: {hostname: \"on\"}\n---\nmetadata: {labels: {a: 'no'}}\n", "{\"spec\": {\"priority\": 1}}")
	if m.one(2) {
		m.files["patches/etcd+json.json"] = "[{\"op\": \"add\", \"path\": \"/metadata/labels/a~1b\", \"value\": \"$HOME\"}]\n"
	}
	if m.one(2) {
		m.files["patches/kubeletconfiguration1+strategic.yaml"] = "maxPods: 99\r\n"
	}
	if m.one(2) {
		m.files["patches/kube-scheduler.yaml"] = "spec:\n  containers:\n  - name: kube-scheduler\n    env: [{name: A, value: \"ä %n 'x'\"}]\n"
	}
	if m.one(4) {
		m.files["patches/README"] = "none of kubeadm's"
	}
	return object{{"directory", pick(&m.stream, "patches", "./patches", "patches/")}}
}

// authority is the certificate of a CA.
const authority = `-----BEGIN CERTIFICATE-----
MIIBhDCCASmgAwIBAgIQXu8g6wABFgiqWjK+K6G7ajAKBggqhkjOPQQDAjAVMRMw
EQYDVQQDEwprdWJlcm5ldGVzMCAXDTI1MTIzMTAwMDAwMFoYDzIxMjUxMjA4MDAw
MDAwWjAVMRMwEQYDVQQDEwprdWJlcm5ldGVzMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEVNPVbgB/Ytg6gVk21HiIxrxM/vxZmDPzkXsbutrpAxR+zERqsoEcAKNe
0E1MAF+xyPYoV3HMZov57ie5JkO8+qNZMFcwDgYDVR0PAQH/BAQDAgKkMA8GA1Ud
EwEB/wQFMAMBAf8wHQYDVR0OBBYEFC4ORE3uM9i0ryrS+wISEZzKKvUWMBUGA1Ud
EQQOMAyCCmt1YmVybmV0ZXMwCgYIKoZIzj0EAwIDSQAwRgIhAI3rafGX7lwSgK5b
kNqXrGDZzmdGF9d46t46xjk0UzWYAiEAsrH061fxAr+zLj0xBfzeo/IFI0RR6bjt
+JZ15w93n8o=
-----END CERTIFICATE-----
`
