package pki

import (
	"crypto"
	"slices"
	"time"
)

// Complete makes what the request needs and what is missing, and hands it to save by the names of the files, batch after
// batch: authorities pair by pair, then leaves as they are finished. Nothing that is there is changed. Afterwards
// [Bundle.Check] passes, but for leaves that have expired. Where it could not, the error is [Problems] and nothing is made.
func (b *Bundle) Complete(now time.Time, save func(files map[string][]byte) error) error {
	if err := b.request.validate(); err != nil {
		return err
	}
	if err := b.beyondCompletion(now).err(); err != nil {
		return err
	}
	if err := b.completeShared(now, save); err != nil {
		return err
	}
	var jobs []job
	for _, l := range b.request.Leaves {
		if p := b.pairs[l.Name]; p.Cert == nil {
			jobs = append(jobs, job{leaf: l, ca: b.authority(l.CA), pair: p})
		}
	}
	return b.issue(jobs, now, save)
}

// beyondCompletion is what Complete cannot put right.
func (b *Bundle) beyondCompletion(now time.Time) Problems {
	c := b.check(now)
	for _, l := range b.request.Leaves {
		if _, known := c.authorities[l.CA]; !known && b.pairs[l.Name].Cert != nil {
			c.problems.add(l.Name+".crt", moveAway, "is not signed by %s.crt", l.CA) // which is gone
		}
	}
	return slices.DeleteFunc(c.problems, func(p Problem) bool { return p.Remedy == runInit || p.Remedy == runRenew })
}

// completeShared makes what all nodes share, in the order of [Request.Files], on which makeable relies.
func (b *Bundle) completeShared(now time.Time, save func(map[string][]byte) error) error {
	for _, a := range b.request.Authorities {
		p := b.pairs[a.Name]
		if p.Cert != nil {
			continue
		}
		made, err := certify(p, b.request.Algorithm, func(key crypto.Signer) ([]byte, error) {
			return newAuthority(key, a.CommonName, now, b.request.CAValidity)
		})
		if err != nil {
			return err
		}
		if err := save(added(a.Name, p, made)); err != nil {
			return err
		}
		b.pairs[a.Name] = made
	}
	if b.request.ServiceAccount && b.saPub == nil {
		if err := b.completeServiceAccount(save); err != nil {
			return err
		}
	}
	if b.request.BootstrapToken && b.tokenFile == nil {
		b.token = NewToken()
		b.tokenFile = []byte(b.token + "\n")
		return save(map[string][]byte{tokenFile: b.tokenFile})
	}
	return nil
}

func (b *Bundle) completeServiceAccount(save func(map[string][]byte) error) (err error) {
	files := map[string][]byte{}
	if b.saKey == nil {
		if b.saPrivate, b.saKey, err = newKey(b.request.Algorithm); err != nil {
			return err
		}
		files[saKeyFile] = b.saKey
	}
	b.saPublic = []crypto.PublicKey{b.saPrivate.Public()}
	b.saPub = publicPEM(b.saPrivate.Public())
	files[saPubFile] = b.saPub
	return save(files)
}

// certify gives a pair without certificate one, for the key that is there or for a new one.
func certify(p Pair, algorithm string, sign func(crypto.Signer) ([]byte, error)) (Pair, error) {
	var err error
	if p.key == nil {
		if p.key, p.Key, err = newKey(algorithm); err != nil {
			return Pair{}, err
		}
	}
	if p.Cert, err = sign(p.key); err != nil {
		return Pair{}, err
	}
	p.cert, err = parseCertificate(p.Cert)
	return p, err
}

// added are the files that a pair has and had not before.
func added(name string, before, after Pair) map[string][]byte {
	files := map[string][]byte{name + ".crt": after.Cert}
	if before.Key == nil {
		files[name+".key"] = after.Key
	}
	return files
}
