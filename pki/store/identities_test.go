package store

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"io"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"golang.org/x/crypto/ssh"
)

// sshKey is an SSH key pair in OpenSSH's form, with a passphrase unless that is empty.
func sshKey(t *testing.T, key crypto.Signer, passphrase string) (public, private string) {
	t.Helper()
	block, err := ssh.MarshalPrivateKey(key, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	sshPublic, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return string(ssh.MarshalAuthorizedKey(sshPublic)), string(pem.EncodeToMemory(block))
}

// behindPassphrase encrypts an identity with a passphrase, as `age -p` does.
func behindPassphrase(t *testing.T, identity, passphrase string, armored bool) string {
	t.Helper()
	key, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	key.SetWorkFactor(10)
	var out bytes.Buffer
	var to io.Writer = &out
	closing := func() error { return nil }
	if armored {
		text := armor.NewWriter(&out)
		to, closing = text, text.Close
	}
	w, err := age.Encrypt(to, key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(w, identity)
	if err := errors.Join(err, w.Close(), closing()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestIdentities(t *testing.T) {
	native, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	quantum, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	edPublic, edPrivate := sshKey(t, edKey, "")
	_, edLocked := sshKey(t, edKey, "open sesame")
	rsaPublic, rsaPrivate := sshKey(t, rsaKey, "")
	text, comment := native.String(), "# created: today\n# public key: age1…\n\n"
	const wrong = "is sealed, and cannot be opened: id is encrypted, and not with this passphrase; use another one with --identity"
	for name, test := range map[string]struct {
		recipient, identity string
		passphrase          string
		want                string // error
	}{
		"age's":                       {native.Recipient().String(), comment + text, "", ""},
		"age's with CRLF":             {native.Recipient().String() + "\r\n", comment + text + "\r\n", "", ""},
		"two in a file":               {quantum.Recipient().String(), text + "\n" + quantum.String(), "", ""},
		"SSH's Ed25519":               {edPublic, edPrivate, "", ""},
		"SSH's RSA":                   {rsaPublic, rsaPrivate, "", ""},
		"SSH's with a passphrase":     {edPublic, edLocked, "open sesame", ""},
		"age's with a passphrase":     {native.Recipient().String(), behindPassphrase(t, text, "open sesame", false), "open sesame", ""},
		"the same as text":            {native.Recipient().String(), behindPassphrase(t, text, "open sesame", true), "open sesame", ""},
		"SSH's, a wrong passphrase":   {edPublic, edLocked, "sesame", wrong},
		"age's, a wrong passphrase":   {native.Recipient().String(), behindPassphrase(t, text, "open sesame", true), "sesame", wrong},
		"age's, an empty passphrase":  {native.Recipient().String(), behindPassphrase(t, text, "open sesame", true), "", wrong},
		"encrypted, but not with one": {native.Recipient().String(), "age-encryption.org/v1\n-> X25519 x\n", "open sesame", wrong},
	} {
		t.Run(name, func(t *testing.T) {
			to, err := ParseRecipients("test", []byte(test.recipient))
			if err != nil {
				t.Fatal(err)
			}
			sealed, err := to.seal(map[string][]byte{"a.key": []byte("secret")})
			if err != nil {
				t.Fatal(err)
			}
			asked := 0
			with := identities(test.identity)
			with.Passphrase = func(name string) ([]byte, error) { asked++; return []byte(test.passphrase), nil }
			for range 2 { // of which the second asks nothing
				data, fault := with.open(sealed["a.key.age"])
				switch {
				case test.want == "" && (fault != nil || string(data) != "secret"):
					t.Errorf("%q, %v", data, fault)
				case test.want != "" && (fault == nil || fault.Fault+"; "+fault.Remedy != test.want):
					t.Errorf("%q, %v, want %s", data, fault, test.want)
				}
			}
			if want := map[bool]int{true: 1}[test.passphrase != "" || test.want != ""]; asked != want {
				t.Errorf("asked %d times, want %d", asked, want)
			}
		})
	}
}

// Nothing is read before a sealed file has to be opened, and a PKI in the clear needs no identity.
func TestIdentitiesAreLazy(t *testing.T) {
	with := &Identities{Sources: []Source{{"id", func() ([]byte, error) { t.Error("was read"); return nil, nil }}}}
	p := holdPKI(t, Open(t.TempDir(), with))
	if err := p.Add(sample("first")); err != nil {
		t.Fatal(err)
	}
	opened(t, p, sample(""))
}

func TestParseRecipients(t *testing.T) {
	alice := newPerson(t).recipients[0].line
	const none = "is no recipient: neither age1…, ssh-ed25519 … nor ssh-rsa …"
	for name, test := range map[string]struct{ text, want string }{
		"comments":        {"# alice\n\n" + alice + "\n", ""},
		"nothing":         {"# nobody\n", "team.txt: holds no recipient"},
		"a typing error":  {alice + "\n" + alice[:20] + "b" + alice[21:], "team.txt:2: " + none},
		"an identity":     {"AGE-SECRET-KEY-1SECRET", "team.txt:1: is an identity, which is secret; its recipient is what age-keygen -y prints"},
		"a private key":   {"-----BEGIN OPENSSH PRIVATE KEY-----\n", "team.txt:1: is an identity, which is secret; its recipient is what age-keygen -y prints"},
		"another SSH key": {"ssh-dss AAAA", "team.txt:1: " + none},
		"two of them":     {"github:alice\n\nage1", "team.txt:1: " + none + "\nteam.txt:3: " + none},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseRecipients("team.txt", []byte(test.text))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
