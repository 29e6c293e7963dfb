package pki

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CheckPermissions lists the directories and secret files of a PKI directory that others than their owner may read or
// change, each with the command that ends it. Links are followed. The error is that of a file that cannot be looked at.
func CheckPermissions(dir string) ([]string, error) {
	nodes, err := nodeNames(dir)
	if err != nil {
		return nil, err
	}
	private := []string{"", "etcd", nodesDir,
		caName + ".key", frontProxyCAName + ".key", etcdCAName + ".key", saKeyFile, tokenFile, adminName + ".key", superAdminName + ".key"}
	for _, name := range nodes {
		node := filepath.Join(nodesDir, name)
		private = append(private, node, filepath.Join(node, "etcd"))
		for _, kind := range leafKinds {
			private = append(private, filepath.Join(node, kind)+".key")
		}
	}
	var found []string
	for _, name := range private {
		path := filepath.Join(dir, filepath.FromSlash(name))
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			found = append(found, fmt.Sprintf("%s: mode %04o lets others in; chmod go= %s", path, mode, path))
		}
	}
	return found, nil
}
