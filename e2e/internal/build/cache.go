package build

import (
	"os"
	"path/filepath"
)

// CacheDir returns the directory for everything that takes a long time to make, outside any checkout.
func CacheDir() (string, error) {
	if dir := os.Getenv("KINDLING_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "kindling"), nil
}
