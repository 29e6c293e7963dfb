//go:build !linux

package store

import "errors"

func syncFileSystems([]string) error { return errors.ErrUnsupported }
