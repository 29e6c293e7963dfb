package pki

import (
	"fmt"
	"testing"
)

// fleet is the request of a cluster with a thousand workers.
func fleet() Request {
	r := request()
	for i := range 1000 {
		r.Leaves = append(r.Leaves, worker(fmt.Sprintf("w%d", i)))
	}
	return r
}

// BenchmarkComplete makes the authorities, the service account key and the admin pair: the promise is less than 50 ms. With
// a thousand workers it uses every core.
func BenchmarkComplete(b *testing.B) {
	for name, r := range map[string]Request{"workers=0": request(), "workers=1000": fleet()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				complete(b, r)
			}
		})
	}
}

// BenchmarkLoad reads and checks the PKI of a thousand workers, and what the document of one of them needs of it.
func BenchmarkLoad(b *testing.B) {
	all := fleet()
	f := complete(b, all)
	one := Request{Authorities: []Authority{{Name: CA, CertOnly: true}}, Leaves: all.Leaves[500:501]}
	for name, r := range map[string]Request{"all": all, "one": one} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				loaded(b, f, r, now)
			}
		})
	}
}

// BenchmarkWorker is what a worker's document costs here: no certificate is parsed again.
func BenchmarkWorker(b *testing.B) {
	r := fleet()
	bundle := loaded(b, complete(b, r), r, now)
	for b.Loop() {
		bundle.Worker("w500", false)
	}
}
