package build

import (
	"os"
	"path/filepath"
)

// CacheDir is where everything that takes long to make is kept, outside of any checkout.
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
