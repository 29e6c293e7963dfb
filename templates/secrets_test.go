package templates

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"maps"
	"testing"
)

// archive is a secret part as the generator makes it.
func archive(t *testing.T, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	packed := gzip.NewWriter(&out)
	w := tar.NewWriter(packed)
	for i := 0; i < len(files); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: files[i], Mode: 0o640, Size: int64(len(files[i+1])), Format: tar.FormatPAX}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	packed.Close()
	return out.String()
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	const (
		key, odd = "/etc/kubernetes/pki/ca.key", "/etc/a b/c\\d"
		ask      = "curl -fsSL --proto =https --connect-timeout 10 --max-time 60 -o /run/kindling/secrets.tar.gz https://s.lab/cp0?signature=1"
		give     = "cp /run/part /run/kindling/secrets.tar.gz"
	)
	part := archive(t, key[1:], "the key", odd[1:], "odd")
	other := archive(t, key[1:], "another's key")
	sum := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	stands := fmt.Sprintf("# %s\n%s  %s\n\\%s  /etc/a b/c\\\\d\n", sum(part), sum("the key"), key, sum("odd"))
	placed := map[string]string{key: "the key", odd: "odd", "/var/lib/kindling/secrets": fmt.Sprintf("# %s\n\\%s  /etc/a b/c\\\\d\n%s  %s\n", sum(part), sum("odd"), sum("the key"), key),
		"/run/kindling/secrets.tar.gz": "-", "/run/kindling/secrets": "-"}
	from := "secrets: waiting: the part at https://s.lab/cp0 has the SHA-256 %s, and this document's has " + sum(part) + ": another machine's, another set's, or changed"
	boots := map[string]boot{
		"the first time": {stubs: map[string]string{"curl": give}, want: outcome{calls: []string{ask}, files: placed}},
		"all stands":     {files: map[string]string{key: "the key", odd: "odd", "/var/lib/kindling/secrets": stands}, want: outcome{}},
		"a file is gone": {files: map[string]string{key: "the key", "/var/lib/kindling/secrets": stands}, stubs: map[string]string{"curl": give}, want: outcome{calls: []string{ask}, files: placed}},
		"a file is empty after a power cut": {
			files: map[string]string{key: "", odd: "odd", "/var/lib/kindling/secrets": stands}, stubs: map[string]string{"curl": give}, want: outcome{calls: []string{ask}, files: placed},
		},
		"a new document": {
			files: map[string]string{key: "old", "/var/lib/kindling/secrets": "# " + sum(other) + "\n" + sum("old") + "  " + key + "\n"}, stubs: map[string]string{"curl": give},
			want: outcome{calls: []string{ask}, files: placed},
		},
		"the server comes late": {
			stubs: map[string]string{"curl": `[ $n -gt 2 ] || { echo "curl: (60) SSL certificate problem: self-signed certificate"; echo "More details here: https://curl.se"; exit 60; } >&2` + "\n" + give},
			want: outcome{console: []string{"secrets: waiting: no secret part from https://s.lab/cp0: (60) SSL certificate problem: self-signed certificate"},
				calls: []string{ask, ask, ask}, files: placed},
		},
		"another's part, then the right one": {
			files: map[string]string{"/run/other": other, key: "as it was"}, stubs: map[string]string{"curl": "[ $n -gt 1 ] || { cp /run/other /run/kindling/secrets.tar.gz; cat " + key + " >/run/before; exit; }\n" + give},
			want: outcome{console: []string{fmt.Sprintf(from, sum(other))}, calls: []string{ask, ask}, files: with(placed, "/run/before", "as it was")},
		},
		"a part cut short": {
			files: map[string]string{"/run/other": part[:len(part)-1]}, stubs: map[string]string{"curl": "[ $n -gt 1 ] || { cp /run/other /run/kindling/secrets.tar.gz; exit; }\n" + give},
			want: outcome{console: []string{fmt.Sprintf(from, sum(part[:len(part)-1]))}, calls: []string{ask, ask}, files: placed},
		},
		"a CA of its own, through a proxy": {
			env: map[string]string{"SECRETS_CA": "/etc/kindling/secrets-ca.crt", "PROXY": "http://p:1"}, stubs: map[string]string{"curl": give},
			want: outcome{calls: []string{"curl -x http://p:1 --cacert /etc/kindling/secrets-ca.crt" + ask[len("curl"):]}, files: placed},
		},
		"an image without curl": {
			script: `command() { [ "$2" != curl ] && builtin command "$@"; }`,
			want:   outcome{code: 1, err: "this image lacks curl, which fetches the secret part", calls: []string{}},
		},
	}
	for name, b := range boots {
		b.try = "secrets"
		b.env = merged(map[string]string{"SECRETS_URL": "https://s.lab/cp0?signature=1", "SECRETS_SHA256": sum(part), "SECRETS_CA": ""}, b.env)
		b.files = merged(map[string]string{"/run/part": part}, b.files)
		b.stubs = merged(map[string]string{"systemctl": "echo inactive; exit 3"}, b.stubs)
		if b.want.calls != nil {
			b.want.calls = append([]string{"systemctl is-active systemd-timesyncd chronyd chrony"}, b.want.calls...)
		}
		boots[name] = b
	}
	runAll(t, boots)
}

// with is a copy of a map with one value more.
func with(values map[string]string, key, value string) map[string]string {
	more := maps.Clone(values)
	more[key] = value
	return more
}
