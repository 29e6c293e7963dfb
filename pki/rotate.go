package pki

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

// ServiceAccount is what a [Request] and [Bundle.Rotate] call the key that signs service accounts' tokens.
const ServiceAccount = "sa"

// A Stage is how far a rotation is: what all machines have, once each of them has booted with a document of this stage.
type Stage string

const (
	Trust Stage = "trust" // machines trust the new one as well, and the old one signs
	Sign  Stage = "sign"  // the new one signs, and machines still trust the old one
	Drop  Stage = "drop"  // nobody trusts the old one: the rotation is over
)

// rotatable are the pairs that can be rotated, by the words for them.
var rotatable = map[string]string{"ca": CA, "etcd-ca": EtcdCA, "front-proxy-ca": FrontProxyCA, "service-account": ServiceAccount}

// Rotatable are the words for what can be rotated, sorted.
func Rotatable() []string { return slices.Sorted(maps.Keys(rotatable)) }

// Stages are all of them, in the order in which they come.
func Stages() []Stage { return []Stage{Trust, Sign, Drop} }

// Beside NAME.crt and NAME.key, a rotation has these: the new one in the stage trust, the old one in the stage sign. Of the service
// account there is only the key.
const (
	next     = ".next"
	previous = ".previous"
)

// firstEtcdCA is the certificate that the cluster's etcd began with. Its members know their cluster by a token that follows from it.
const firstEtcdCA = "etcd/ca.first.crt"

// loadRotation reads what a rotation has put beside an authority or the service account's key.
func (b *Bundle) loadRotation(name string, read func(string) ([]byte, error)) {
	if b.pairs[name].cert == nil && (name != ServiceAccount || b.saPrivate == nil) {
		return
	}
	for _, kind := range []string{next, previous} {
		var p Pair
		if name == ServiceAccount {
			p.Key, p.key = load(b, name+kind+".key", read, parseKey)
			if p.key != nil {
				p.Cert = publicPEM(p.key.Public())
			}
		} else {
			p.Cert, p.cert = load(b, name+kind+".crt", read, parseAuthority)
		}
		if p.Cert != nil {
			b.pairs[name+kind] = p
		}
	}
}

// stage is the last stage that a rotation has reached: Drop where there is none.
func (b *Bundle) stage(name string) Stage { return stageOf(name, b.has) }

func (b *Bundle) has(pair string) bool { return b.pairs[pair].Cert != nil }

// stageOf asks for the old one first: a run that was cut short may leave the new one behind after it has taken its place.
func stageOf(name string, has func(pair string) bool) Stage {
	switch {
	case has(name + previous):
		return Sign
	case has(name + next):
		return Trust
	}
	return Drop
}

// Rotations are the stages that rotations have reached which are not over yet, by the words of [Rotatable].
func (b *Bundle) Rotations() map[string]Stage { return rotations(b.has) }

// RotationsOf is [Bundle.Rotations] of a PKI with files of these names.
func RotationsOf(names []string) map[string]Stage {
	return rotations(func(pair string) bool { return slices.Contains(names, pair+".key") })
}

func rotations(has func(pair string) bool) map[string]Stage {
	stages := map[string]Stage{}
	for word, name := range rotatable {
		if stage := stageOf(name, has); stage != Drop {
			stages[word] = stage
		}
	}
	return stages
}

// Trusted is what machines trust in the place of an authority: its certificate, and in a rotation the other one after it, since
// kubeadm signs with the first.
func (b *Bundle) Trusted(name string) []byte { return b.withOther(name, b.pairs[name].Cert) }

func (b *Bundle) withOther(name string, own []byte) []byte {
	stage := b.stage(name)
	if stage == Drop {
		return own
	}
	return slices.Concat(bytes.TrimRight(own, "\n"), []byte("\n"), b.pairs[name+Besides(stage)].Cert)
}

// SigningCert is the cluster's CA certificate alone while machines trust two, since kube-controller-manager does not start with two to
// sign with; otherwise nil.
func (b *Bundle) SigningCert() []byte {
	if b.stage(CA) == Drop {
		return nil
	}
	return b.pairs[CA].Cert
}

// Besides is what the other one's files have in their names before the extension, such as .next in the stage trust.
func Besides(stage Stage) string { return map[Stage]string{Trust: next, Sign: previous}[stage] }

// Files is where the files of a rotation are kept, by the names that [Load] reads.
type Files interface {
	Read(name string) ([]byte, error)
	Add(files map[string][]byte) error     // replaces nothing
	Replace(files map[string][]byte) error // all of them or none
	Remove(names []string) error           // of files that may not exist
}

// Rotate brings the rotation of these words of [Rotatable] to a stage, the next one or the one in which it is. The bundle has been loaded
// from the same files. It returns the leaves that the new authorities have signed anew, even when it fails half way: then it can be done
// again. Where it can't be done, the error is [Problems] and nothing has changed.
func (b *Bundle) Rotate(words []string, stage Stage, now time.Time, files Files) ([]Leaf, error) {
	if err := b.request.validate(); err != nil {
		return nil, err
	}
	var names []string
	for _, word := range words {
		names = append(names, rotatable[word])
	}
	if err := b.beyondRotation(names, stage, now).err(); err != nil {
		return nil, err
	}
	for _, name := range names {
		var err error
		switch stage {
		case Trust:
			err = b.makeNext(name, now, files)
		case Sign:
			err = b.putInPlace(name, files)
		case Drop:
			err = files.Remove(slices.Concat(filesOf(name+previous), filesOf(name+next)))
		}
		if err != nil {
			return nil, err
		}
	}
	if stage != Sign {
		return nil, nil
	}
	return Load(b.request, files.Read).signAnew(names, now, files.Replace)
}

// beyondRotation is what keeps the rotation from this stage.
func (b *Bundle) beyondRotation(names []string, stage Stage, now time.Time) Problems {
	problems := slices.DeleteFunc(b.check(now).problems, func(p Problem) bool { return p.Remedy == runRenew || strings.HasPrefix(p.Remedy, signAgain) })
	for _, name := range names {
		before := map[Stage]Stage{Trust: Drop, Sign: Trust, Drop: Sign}[stage]
		switch at := b.stage(name); {
		case at == stage, at == before:
		case at == Drop:
			problems.add(fileOf(name), "begin with --stage trust", "is not being rotated")
		default:
			problems.add(fileOf(name), fmt.Sprintf("go on with --stage %s, once all machines have booted with documents of this one", Next(at)),
				"is in the stage %s of a rotation", at)
		}
	}
	return problems
}

// Next is the stage that comes after one.
func Next(stage Stage) Stage { return map[Stage]Stage{Trust: Sign, Sign: Drop, Drop: Trust}[stage] }

// makeNext makes the new one, and keeps what etcd's members know their cluster by.
func (b *Bundle) makeNext(name string, now time.Time, files Files) error {
	if b.stage(name) == Trust {
		return nil
	}
	key, keyPEM, err := newKey(b.request.Algorithm)
	if err != nil {
		return err
	}
	made := map[string][]byte{name + next + ".key": keyPEM}
	if name != ServiceAccount {
		if made[name+next+".crt"], err = newAuthority(key, b.pairs[name].cert.Subject.CommonName, now, b.request.CAValidity); err != nil {
			return err
		}
	}
	if _, err := files.Read(firstEtcdCA); name == EtcdCA && errors.Is(err, fs.ErrNotExist) {
		made[firstEtcdCA] = b.pairs[EtcdCA].Cert
	}
	return files.Add(made)
}

// putInPlace lets the new one take the old one's place, at one stroke.
func (b *Bundle) putInPlace(name string, files Files) error {
	kinds := []string{".key", ".crt"}
	if name == ServiceAccount {
		kinds = kinds[:1]
	}
	if b.stage(name) == Trust {
		moved := map[string][]byte{}
		for _, kind := range kinds {
			for from, to := range map[string]string{name: name + previous, name + next: name} {
				content, err := files.Read(from + kind)
				if err != nil {
					return err
				}
				moved[to+kind] = content
			}
		}
		if name == ServiceAccount {
			moved[saPubFile] = b.pairs[name+next].Cert
		}
		if err := files.Replace(moved); err != nil {
			return err
		}
	}
	return files.Remove(filesOf(name + next))
}

// signAnew makes the leaves of these authorities anew that the old ones have signed.
func (b *Bundle) signAnew(names []string, now time.Time, replace func(map[string][]byte) error) ([]Leaf, error) {
	var jobs []job
	for _, l := range b.request.Leaves {
		ca, cert := b.authority(l.CA), b.pairs[l.Name].cert
		if slices.Contains(names, l.CA) && cert != nil && cert.CheckSignatureFrom(ca.cert) != nil {
			jobs = append(jobs, job{leaf: l, ca: ca})
		}
	}
	err := b.issue(jobs, now, replace)
	return saved(jobs), err
}

// fileOf is the file that stands for what is rotated.
func fileOf(name string) string {
	if name == ServiceAccount {
		return saPubFile
	}
	return name + ".crt"
}

func filesOf(pair string) []string { return []string{pair + ".key", pair + ".crt"} }

func publicPEM(key crypto.PublicKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil // parseKey takes no other kinds
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}
