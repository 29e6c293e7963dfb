package pki

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// LoadDir reads a PKI directory. What is not there stays empty, the directory itself included. Every file that cannot be
// read or is not what its name says is a [Problem]; all are reported at once. Whether what was read fits a cluster is
// left to [Bundle.Check].
func LoadDir(dir string) (*Bundle, error) {
	l := loader{problems{dir: dir}}
	b := &Bundle{
		Dir:            dir,
		CA:             l.pair(caName),
		FrontProxyCA:   l.pair(frontProxyCAName),
		EtcdCA:         l.pair(etcdCAName),
		SAKey:          load(&l, saKeyFile, parseKey),
		SAPub:          load(&l, saPubFile, parsePublicKeys),
		BootstrapToken: strings.TrimSpace(string(load(&l, tokenFile, parseToken))),
		Admin:          l.pair(adminName),
		SuperAdmin:     l.pair(superAdminName),
		Nodes:          map[string]Pair{},
	}
	for _, node := range l.nodes() {
		for _, kind := range leafKinds {
			name := node + "/" + kind
			if p := l.pair(path.Join(nodesDir, name)); len(p.Cert)+len(p.Key) > 0 {
				b.Nodes[name] = p
			}
		}
	}
	if len(l.list) > 0 {
		return nil, errors.Join(l.list...)
	}
	return b, nil
}

type loader struct{ problems }

func (l *loader) pair(name string) Pair {
	return Pair{
		Cert: load(l, name+".crt", parseCertificate),
		Key:  load(l, name+".key", parseKey),
	}
}

// nodes names the directories below nodes/.
func (l *loader) nodes() []string {
	names, err := nodeNames(l.dir)
	if err != nil {
		l.add(nodesDir, "make it readable", "cannot be read: %v", cause(err))
	}
	return names
}

// load reads a file and makes sure that it parses. A missing file is nil; a link to nothing is not missing: a key may be
// on a medium that is not there just now, and making another one instead would be wrong.
func load[T any](l *loader, name string, parse func([]byte) (T, error)) []byte {
	path := filepath.Join(l.dir, filepath.FromSlash(name))
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(path); err == nil {
			l.add(name, "mount or restore what it points to, or remove the link", "is a symbolic link to nothing")
		}
		return nil
	}
	if err != nil {
		l.add(name, "make it a readable file", "cannot be read: %v", cause(err))
		return nil
	}
	if _, err := parse(data); err != nil {
		l.add(name, remedyFor(err), "%v", err)
		return nil
	}
	return data
}

// remedyFor says what to do about a file that does not parse.
func remedyFor(err error) string {
	switch {
	case errors.Is(err, errKeyInPublicFile):
		return "move the private key out of it"
	case errors.Is(err, errEncryptedKey):
		return "decrypt it with openssl pkey"
	}
	return "restore it, or " + moveAway
}

// nodeNames lists the directories below dir/nodes.
func nodeNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, nodesDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, entry := range entries {
		if info, err := os.Stat(filepath.Join(dir, nodesDir, entry.Name())); err == nil && info.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, err
}

// cause is a file error without the paths, for messages that name the file already.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	var linkError *os.LinkError
	if errors.As(err, &linkError) {
		return linkError.Err
	}
	return err
}
