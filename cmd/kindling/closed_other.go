//go:build !unix

package main

import "os"

// closed reports whether the caller closed the file.
func closed(f *os.File) bool {
	_, err := f.Stat()
	return err != nil
}
