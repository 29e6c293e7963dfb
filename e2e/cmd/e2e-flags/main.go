// Command e2e-flags asks the real programs of each minor for their flags, and writes what generator/internal/flags knows: a file for each
// component, with a line for each flag and the minors that have it. It builds four programs a minor, which takes ten minutes each; those
// that are in the cache it only asks.
//
//	e2e-flags VERSION...     asks these releases, such as v1.36.3, and keeps what is known of other minors; the last has the types of the
//	                         fields of KubeletConfiguration and of the flags' values, so that it should be the newest
package main

import (
	"context"
	"errors"
	"log"
	"os"
	"time"

	"kindling/e2e/internal/flags"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 {
		log.Fatal("e2e-flags VERSION...")
	}
	for _, version := range os.Args[1:] {
		for _, component := range flags.Components {
			began := time.Now()
			if err := flags.Update(context.Background(), component, version); err != nil {
				log.Fatal(err)
			}
			log.Printf("%s %s: %.0f s", component, version, time.Since(began).Seconds())
		}
	}
	newest := os.Args[len(os.Args)-1]
	if err := errors.Join(flags.UpdateTypes(newest), flags.UpdateValues(context.Background(), newest)); err != nil {
		log.Fatal(err)
	}
}
