package rig

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/clearsign"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"kindling/e2e/internal/build"
)

// A SigningKey signs repositories of packages.
type SigningKey struct {
	entity *openpgp.Entity
	home   string // GnuPG's, of a key for RPMs
}

// NewSigningKey makes a key that is valid for a while from a moment on.
func NewSigningKey(t testing.TB, from time.Time, valid time.Duration) SigningKey {
	t.Helper()
	entity, err := openpgp.NewEntity("rig", "", "rig@example.com", &packet.Config{
		Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048, DefaultHash: crypto.SHA512,
		Time: func() time.Time { return from }, KeyLifetimeSecs: uint32(valid.Seconds()),
	})
	if err != nil {
		t.Fatal(err)
	}
	return SigningKey{entity: entity}
}

// Expires sets how long after it was made the key ends. It stays the same key.
func (k SigningKey) Expires(t testing.TB, after time.Duration) {
	t.Helper()
	seconds := uint32(after.Seconds())
	for name, identity := range k.entity.Identities {
		identity.SelfSignature.KeyLifetimeSecs = &seconds
		if err := identity.SelfSignature.SignUserId(name, k.entity.PrimaryKey, k.entity.PrivateKey, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// Fingerprint is the key's, in upper-case hexadecimal digits.
func (k SigningKey) Fingerprint() string { return fmt.Sprintf("%X", k.entity.PrimaryKey.Fingerprint) }

// Public is the public key, armored.
func (k SigningKey) Public(t testing.TB) []byte {
	t.Helper()
	if k.home != "" {
		return k.gpg(t, "gpg", "--armor", "--export")
	}
	var text bytes.Buffer
	armored, err := armor.Encode(&text, openpgp.PublicKeyType, nil)
	if err := errors.Join(err, k.entity.Serialize(armored), armored.Close()); err != nil {
		t.Fatal(err)
	}
	return append(text.Bytes(), '\n')
}

// Index makes a directory with Debian's packages a flat repository, as pkgs.k8s.io lays it out.
func (k SigningKey) Index(t testing.TB, dir string) {
	t.Helper()
	packages, err := filepath.Glob(filepath.Join(dir, "*.deb"))
	var list bytes.Buffer
	for _, file := range packages {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		control, err := exec.Command("dpkg-deb", "--field", file).Output()
		if err != nil {
			t.Fatalf("dpkg-deb --field %s: %v", file, err)
		}
		fmt.Fprintf(&list, "%sFilename: ./%s\nSize: %d\nSHA256: %x\n\n", control, filepath.Base(file), len(content), sha256.Sum256(content))
	}
	release := fmt.Sprintf("Date: %s\nSHA256:\n %x %d Packages\n", time.Now().UTC().Format(time.RFC1123), sha256.Sum256(list.Bytes()), list.Len())
	var signed bytes.Buffer
	writer, errSign := clearsign.Encode(&signed, k.entity.PrivateKey, &packet.Config{
		DefaultHash: crypto.SHA512, Time: func() time.Time { return k.entity.PrimaryKey.CreationTime.Add(time.Minute) },
	})
	if err := errors.Join(err, errSign); err != nil {
		t.Fatal(err)
	}
	_, err = writer.Write([]byte(release))
	err = errors.Join(err, writer.Close())
	for name, content := range map[string][]byte{"Packages": list.Bytes(), "Release": []byte(release), "InRelease": signed.Bytes(), "Release.key": k.Public(t)} {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, name), content, 0o644))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// PublishDebian fills a directory with Debian's own packages, as a flat repository.
func PublishDebian(t testing.TB, key SigningKey, dir string) {
	t.Helper()
	_, packages, err := build.StockRoot()
	if err := errors.Join(err, os.CopyFS(dir, os.DirFS(packages))); err != nil {
		t.Fatal(err)
	}
	key.Index(t, dir)
}
