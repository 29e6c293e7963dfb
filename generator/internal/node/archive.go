package node

import (
	"archive/tar"
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"kindling/generator/internal/gzip"
)

// Archive packs files into a tar (POSIX.1-2001) in gzip, with names relative to the root directory. The same files give the same bytes.
func Archive(files []File) []byte {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		header := &tar.Header{Name: strings.TrimPrefix(f.Path, "/"), Mode: int64(f.Mode), Size: int64(len(f.Content)), Format: tar.FormatPAX}
		user, group, _ := strings.Cut(f.Owner, ":")
		header.Uid, header.Uname = owner(user)
		header.Gid, header.Gname = owner(group)
		if err := w.WriteHeader(header); err != nil {
			panic(fmt.Sprintf("%s: %v", f.Path, err)) // a path with a NUL byte, which validate refuses
		}
		w.Write(f.Content) // into memory
	}
	w.Close()
	return gzip.Pack(out.Bytes())
}

// owner is a user or a group by its number, or by its name on the machine.
func owner(text string) (id int, name string) {
	if id, err := strconv.Atoi(text); err == nil || text == "" {
		return id, ""
	}
	return 0, text
}
