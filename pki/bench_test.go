package pki

import (
	"fmt"
	"testing"
)

// BenchmarkNew makes the authorities, the service account key and the admin pair: the promise is less than 50 ms.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := new(Bundle).Complete(request(), now); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkThousandNodes loads and checks a bundle with a thousand node certificates.
func BenchmarkThousandNodes(b *testing.B) {
	r := request()
	for i := range 1000 {
		r.NodeCertificates = append(r.NodeCertificates, fmt.Sprintf("w%d", i))
	}
	dir := b.TempDir()
	if _, err := Init(dir, r, now); err != nil {
		b.Fatal(err)
	}
	b.Run("Load", func(b *testing.B) {
		for b.Loop() {
			if _, err := LoadDir(dir); err != nil {
				b.Fatal(err)
			}
		}
	})
	bundle, err := LoadDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("Check", func(b *testing.B) {
		for b.Loop() {
			if err := bundle.Check(r, now); err != nil {
				b.Fatal(err)
			}
		}
	})
}
