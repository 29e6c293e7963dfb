package pki

import (
	"bytes"
	"crypto"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (f files) Read(name string) ([]byte, error)     { return f.read(name) }
func (f files) Add(more map[string][]byte) error     { return f.add(more) }
func (f files) Replace(more map[string][]byte) error { return f.replace(more) }
func (f files) Remove(names []string) error          { f.remove(names...); return nil }
func rotateAll(f files, r Request, s Stage) ([]Leaf, error) {
	return Load(r, f.read).Rotate(Rotatable(), s, now.Add(day), f)
}

// inStage is a complete PKI whose rotation has reached a stage.
func inStage(t *testing.T, r Request, stage Stage) files {
	t.Helper()
	f := complete(t, r)
	for _, s := range Stages()[:slices.Index(Stages(), stage)+1] {
		if _, err := rotateAll(f, r, s); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// TestRotate walks through the stages of all rotations, and looks at what machines of each stage trust and sign with.
func TestRotate(t *testing.T) {
	r := external("10.0.0.7")
	r.Leaves = append(r.Leaves, worker("w0"))
	f := complete(t, r)
	old := maps.Clone(f)
	token := loaded(t, f, r, now).etcdToken()
	var fresh map[string][]byte // the new authorities, once they are there
	for _, step := range []struct {
		stage  Stage
		signer func() map[string][]byte
		trusts func(name string) [][]byte
		signed []string
		stages map[string]Stage
	}{
		{
			stage:  Trust,
			signer: func() map[string][]byte { return old },
			trusts: func(name string) [][]byte { return [][]byte{old[name], fresh[name]} },
			stages: map[string]Stage{"ca": Trust, "etcd-ca": Trust, "front-proxy-ca": Trust, "service-account": Trust},
		},
		{
			stage:  Sign,
			signer: func() map[string][]byte { return fresh },
			trusts: func(name string) [][]byte { return [][]byte{fresh[name], old[name]} },
			signed: []string{"admin", "nodes/cp0/apiserver-etcd-client", "nodes/etcd0/etcd/peer", "nodes/etcd0/etcd/server", "nodes/w0/kubelet-client"},
			stages: map[string]Stage{"ca": Sign, "etcd-ca": Sign, "front-proxy-ca": Sign, "service-account": Sign},
		},
		{
			stage:  Drop,
			signer: func() map[string][]byte { return fresh },
			trusts: func(name string) [][]byte { return [][]byte{fresh[name]} },
			stages: map[string]Stage{},
		},
	} {
		for range 2 { // the second time it has nothing to do
			leaves, err := rotateAll(f, r, step.stage)
			if err != nil {
				t.Fatal(err)
			}
			var signed []string
			for _, l := range leaves {
				signed = append(signed, l.Name)
			}
			slices.Sort(signed)
			if diff := cmp.Diff(step.signed, signed); diff != "" {
				t.Errorf("%s: signed anew (-want +got):\n%s", step.stage, diff)
			}
			step.signed = nil
		}
		if fresh == nil {
			fresh = map[string][]byte{}
			for _, name := range []string{"ca", "front-proxy-ca", "etcd/ca"} {
				fresh[name+".crt"], fresh[name+".key"] = f[name+".next.crt"], f[name+".next.key"]
			}
			fresh["sa.key"] = f["sa.next.key"]
			key, err := parseKey(fresh["sa.key"])
			if err != nil {
				t.Fatal(err)
			}
			fresh["sa.pub"] = publicPEM(key.Public())
		}
		b := loaded(t, f, r, now.Add(day))
		if diff := cmp.Diff(step.stages, b.Rotations()); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", step.stage, diff)
		}
		if diff := cmp.Diff(step.stages, RotationsOf(slices.Sorted(maps.Keys(f)))); diff != "" {
			t.Errorf("%s, by the names of the files: (-want +got):\n%s", step.stage, diff)
		}
		own := b.ControlPlane("cp0", false)
		got := map[string][]byte{
			"ca.crt": own.CA.Cert, "ca.key": own.CA.Key, "front-proxy-ca.crt": own.FrontProxyCA.Cert, "front-proxy-ca.key": own.FrontProxyCA.Key,
			"etcd/ca.crt": own.EtcdCA.Cert, "etcd/ca.key": own.EtcdCA.Key, "sa.key": own.SAKey, "sa.pub": own.SAPub,
		}
		want := map[string][]byte{}
		for name := range got {
			want[name] = bytes.Join(step.trusts(name), nil)
			if strings.HasSuffix(name, ".key") {
				want[name] = step.signer()[name]
			}
		}
		for name := range want {
			if !bytes.Equal(want[name], got[name]) {
				t.Errorf("%s: a control plane has another %s", step.stage, name)
			}
		}
		for what, cert := range map[string][]byte{
			"worker": b.Worker("w0", false).CACert, "pool": b.Worker("", true).CACert, "load balancer": b.LoadBalancer().CACert, "issued": b.Issued("cp0").CACert,
		} {
			if !bytes.Equal(cert, want["ca.crt"]) {
				t.Errorf("%s: a %s trusts something else", step.stage, what)
			}
		}
		if !bytes.Equal(b.EtcdMember("etcd0").CACert, want["etcd/ca.crt"]) {
			t.Errorf("%s: an etcd machine trusts something else", step.stage)
		}
		if signing := step.signer()["ca.crt"]; (step.stage != Drop) != bytes.Equal(own.SigningCert, signing) || step.stage == Drop && own.SigningCert != nil {
			t.Errorf("%s: kube-controller-manager signs with %q", step.stage, own.SigningCert)
		}
		if b.etcdToken() != token {
			t.Errorf("%s: etcd's members know their cluster by another token", step.stage)
		}
		if _, err := parsePublicKeys(own.SAPub); err != nil {
			t.Errorf("%s: %v", step.stage, err)
		}
	}
	for name, content := range f {
		for _, before := range []string{"ca.key", "front-proxy-ca.key", "etcd/ca.key", "sa.key"} {
			if bytes.Equal(content, old[before]) {
				t.Errorf("%s is the old %s", name, before)
			}
		}
	}
}

// TestRotateAgain rotates etcd's authority a second time: its members still know their cluster by the first one.
func TestRotateAgain(t *testing.T) {
	r := external("10.0.0.7")
	f := complete(t, r)
	token := loaded(t, f, r, now).etcdToken()
	for _, stage := range slices.Concat(Stages(), Stages()) {
		if _, err := rotateAll(f, r, stage); err != nil {
			t.Fatal(err)
		}
	}
	if got := loaded(t, f, r, now.Add(day)).etcdToken(); got != token {
		t.Errorf("the token is %s, and was %s", got, token)
	}
}

// TestRotateOne leaves all others as they are.
func TestRotateOne(t *testing.T) {
	r := external("10.0.0.7")
	for _, word := range Rotatable() {
		f := complete(t, r)
		before := maps.Clone(f)
		for _, stage := range Stages() {
			if _, err := Load(r, f.read).Rotate([]string{word}, stage, now.Add(day), f); err != nil {
				t.Fatal(err)
			}
			loaded(t, f, r, now.Add(day))
		}
		for _, other := range []string{"ca.key", "front-proxy-ca.key", "etcd/ca.key", "sa.key"} {
			if changed := !bytes.Equal(before[other], f[other]); changed != (other == rotatable[word]+".key") {
				t.Errorf("%s: %s has changed: %t", word, other, changed)
			}
		}
	}
}

func TestRotateRefuses(t *testing.T) {
	r := external("10.0.0.7")
	for _, test := range []struct {
		name  string
		at    Stage
		spoil func(files)
		to    Stage
		want  []string
	}{
		{name: "sign before trust", at: Drop, to: Sign, want: []string{"ca.crt: is not being rotated; begin with --stage trust"}},
		{name: "drop before sign", at: Trust, to: Drop, want: []string{
			"ca.crt: is in the stage trust of a rotation; go on with --stage sign, once all machines have booted with documents of this one"}},
		{name: "trust before drop", at: Sign, to: Trust, want: []string{
			"ca.crt: is in the stage sign of a rotation; go on with --stage drop, once all machines have booted with documents of this one"}},
		{name: "a key is missing", at: Drop, spoil: func(f files) { f.remove("ca.key") }, to: Trust, want: []string{
			"ca.key: is missing, although ca.crt is there (an external authority is not supported); put it there, or for a new cluster move ca.crt away and run kindling pki init"}},
		{name: "the new one is damaged", at: Trust, spoil: func(f files) { f["ca.next.crt"] = []byte("nothing") }, to: Sign, want: []string{
			"ca.next.crt: holds no PEM certificate; " + original}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := inStage(t, r, test.at)
			if test.spoil != nil {
				test.spoil(f)
			}
			before := maps.Clone(f)
			_, err := Load(r, f.read).Rotate([]string{"ca"}, test.to, now.Add(day), f)
			if diff := cmp.Diff(test.want, found(t, err)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, f); diff != "" {
				t.Errorf("files have changed:\n%s", diff)
			}
		})
	}
}

// failing breaks off after some operations.
type failing struct {
	files
	left *int
}

var errCut = errors.New("cut short")

func (f failing) once(do func() error) error {
	if *f.left--; *f.left < 0 {
		return errCut
	}
	return do()
}

func (f failing) Add(more map[string][]byte) error {
	return f.once(func() error { return f.files.Add(more) })
}

func (f failing) Replace(more map[string][]byte) error {
	return f.once(func() error { return f.files.Replace(more) })
}

func (f failing) Remove(names []string) error {
	if len(names) > 0 {
		f.files.Remove(names[:1]) // a removal is not at one stroke
	}
	return f.once(func() error { return f.files.Remove(names) })
}

// TestRotateCutShort breaks each stage off after each of its operations, and does it again. No key that machines may rely on is lost on the
// way, and in between the PKI is usable or says what to do.
func TestRotateCutShort(t *testing.T) {
	r := external("10.0.0.7")
	for _, stage := range Stages() {
		operations := 0
		for cut := 0; ; cut++ {
			f := inStage(t, r, Drop)
			for _, s := range Stages()[:slices.Index(Stages(), stage)] {
				if _, err := rotateAll(f, r, s); err != nil {
					t.Fatal(err)
				}
			}
			keys := f["ca.key"]
			left := cut
			_, err := Load(r, f.read).Rotate(Rotatable(), stage, now.Add(day), failing{f, &left})
			if err == nil {
				operations = cut
				break
			} else if !errors.Is(err, errCut) {
				t.Fatal(err)
			}
			if kept := slices.ContainsFunc(slices.Collect(maps.Values(f)), func(content []byte) bool { return bytes.Equal(content, keys) }); !kept {
				t.Errorf("%s, cut after %d operations: the key is lost", stage, cut)
			}
			for _, problem := range found(t, Load(r, f.read).Check(now.Add(day))) {
				if !strings.Contains(problem, "run kindling pki rotate --stage sign again for ") {
					t.Errorf("%s, cut after %d operations: %s", stage, cut, problem)
				}
			}
			if _, err := rotateAll(f, r, stage); err != nil {
				t.Errorf("%s, cut after %d operations and done again: %v", stage, cut, err)
			}
			b := loaded(t, f, r, now.Add(day))
			for _, word := range Rotatable() {
				if got := b.Rotations()[word]; got != stage && !(stage == Drop && got == "") {
					t.Errorf("%s, cut after %d operations and done again: %s is in the stage %q", stage, cut, word, got)
				}
			}
		}
		if operations < len(Rotatable()) {
			t.Errorf("%s has %d operations", stage, operations)
		}
	}
}

// TestServiceAccountTokens checks that public keys outlive the private one by a stage.
func TestServiceAccountTokens(t *testing.T) {
	r := request()
	f := complete(t, r)
	old := loaded(t, f, r, now).saPrivate.Public()
	for _, stage := range Stages() {
		if _, err := rotateAll(f, r, stage); err != nil {
			t.Fatal(err)
		}
		keys, err := parsePublicKeys(loaded(t, f, r, now.Add(day)).ControlPlane("", false).SAPub)
		if err != nil {
			t.Fatal(err)
		}
		if knows := slices.ContainsFunc(keys, func(key crypto.PublicKey) bool { return equal(key, old) }); knows != (stage != Drop) {
			t.Errorf("%s: tokens from before are known: %t", stage, knows)
		}
	}
}

// TestEndingAuthorityIsRotated checks that a new authority lasts for its whole time.
func TestEndingAuthorityIsRotated(t *testing.T) {
	r := request("w0")
	f, at := complete(t, r), now.Add(10*year-30*day)
	if _, err := Load(r, f.read).Renew(at, at, f.replace); err != nil {
		t.Fatal(err)
	}
	for _, stage := range Stages() {
		if _, err := Load(r, f.read).Rotate([]string{"ca"}, stage, at, f); err != nil {
			t.Fatal(err)
		}
	}
	if end := loaded(t, f, r, at).pairs[CA].cert.NotAfter; end != at.Add(10*year) {
		t.Errorf("the new one ends on %s", end.Format(time.RFC3339))
	}
}
