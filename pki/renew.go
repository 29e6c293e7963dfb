package pki

import (
	"slices"
	"time"
)

// Ending is a leaf and its end.
type Ending struct {
	Leaf
	NotAfter time.Time
}

// Ending lists the leaves that end before this time, those that have expired included.
func (b *Bundle) Ending(before time.Time) []Ending {
	var list []Ending
	for _, l := range b.request.Leaves {
		if cert := b.pairs[l.Name].cert; cert != nil && cert.NotAfter.Before(before) {
			list = append(list, Ending{l, cert.NotAfter})
		}
	}
	return list
}

// Renew makes the leaves that end before this time or have expired anew, with a new key each, and hands them to replace by
// the names of the files, batch after batch, a pair always together. It returns those that were replaced, even when it
// fails half way. Leaves that are missing stay so, and one that ends with its authority, which would gain nothing, stays as
// it is. Where anything but age is wrong with what is there, the error is [Problems] and nothing is renewed.
func (b *Bundle) Renew(now, before time.Time, replace func(files map[string][]byte) error) ([]Leaf, error) {
	if err := b.request.validate(); err != nil {
		return nil, err
	}
	if err := b.beyondRenewal(now).err(); err != nil {
		return nil, err
	}
	var jobs []job
	for _, e := range b.Ending(before) {
		if ca := b.authority(e.CA); e.NotAfter.Before(ca.cert.NotAfter) {
			jobs = append(jobs, job{leaf: e.Leaf, ca: ca})
		}
	}
	err := b.issue(jobs, now, replace)
	return saved(jobs), err
}

// saved are the leaves of the jobs that were done.
func saved(jobs []job) []Leaf {
	var leaves []Leaf
	for _, j := range jobs {
		if j.saved {
			leaves = append(leaves, j.leaf)
		}
	}
	return leaves
}

// beyondRenewal is what Renew cannot put right in what it needs: leaves that are there, and authorities that sign leaves.
func (b *Bundle) beyondRenewal(now time.Time) Problems {
	needed, signers := *b, map[string]bool{}
	needed.request = Request{}
	for _, l := range b.request.Leaves {
		if b.pairs[l.Name].Cert != nil {
			needed.request.Leaves = append(needed.request.Leaves, l)
			signers[l.CA] = true
		}
	}
	for _, a := range b.request.Authorities {
		if signers[a.Name] {
			needed.request.Authorities = append(needed.request.Authorities, a)
		}
	}
	return slices.DeleteFunc(needed.check(now).problems, func(p Problem) bool { return p.Remedy == runRenew })
}

// EndingAuthorities warns of the authorities that end before this time: nothing that kindling does renews them.
func (b *Bundle) EndingAuthorities(before time.Time) Problems {
	var problems Problems
	for _, a := range b.request.Authorities {
		if cert := b.pairs[a.Name].cert; cert != nil && cert.NotAfter.Before(before) {
			problems.add(a.Name+".crt", inStages, "this authority expires on %s, and with it all that it has signed", cert.NotAfter.UTC().Format(time.RFC3339))
		}
	}
	return problems
}
