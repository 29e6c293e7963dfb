package serve

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Ledger remembers, in a directory, which machine has which token and has had which file: a JSON file for each node, which is on the disk
// before an answer leaves. Programs that share a ledger see each other's changes at once.
type Ledger struct{ dir string }

// OpenLedger makes the directory if there is none. It keeps itself out of git.
func OpenLedger(dir string) (*Ledger, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &Ledger{dir}, replace(filepath.Join(dir, ".gitignore"), []byte("*\n"))
}

// record is what is known of one node. A node without one is armed.
type record struct {
	Tokens    []token             `json:"tokens,omitempty"`
	Delivered map[string]delivery `json:"delivered,omitempty"`
}

// token is one boot's.
type token struct {
	SHA256 string     `json:"sha256"`
	Bound  netip.Addr `json:"bound,omitzero"` // the first address that used it
}

// delivery is of one file.
type delivery struct {
	To netip.Addr `json:"to"`
	At time.Time  `json:"at"`
}

// maxTokens is how many boots of a machine may be under way: it may reset before it asks for anything.
const maxTokens = 8

var errDelivered = errors.New("the machine has had its documents")

// mint makes a token for a node that is armed.
func (l *Ledger) mint(node string) (string, error) {
	secret := rand.Text()
	return secret, l.change(node, func(r *record) error {
		if len(r.Delivered) > 0 {
			return errDelivered
		}
		r.Tokens = append(r.Tokens, token{SHA256: digest(secret)})
		r.Tokens = r.Tokens[max(0, len(r.Tokens)-maxTokens):]
		return nil
	})
}

// claim lets an address have a file with a token. What is given once is given to the first that asks.
func (l *Ledger) claim(node, file, secret string, from netip.Addr, now time.Time, once bool) error {
	return l.change(node, func(r *record) error {
		i := slices.IndexFunc(r.Tokens, func(t token) bool { return t.SHA256 == digest(secret) })
		if i < 0 {
			return refuse(http.StatusForbidden, "this token is not %s's, or no longer", node)
		}
		if bound := r.Tokens[i].Bound; bound.IsValid() && bound != from {
			return refuse(http.StatusForbidden, "this token is another address's")
		}
		if err := r.notHad(node, file); err != nil {
			return err
		}
		r.Tokens[i].Bound = from
		if !once {
			return nil
		}
		// Other boots of the machine end here.
		r.Tokens = r.Tokens[i : i+1]
		r.deliver(file, from, now)
		return nil
	})
}

// claimOnce lets an address have a file without a token, if nobody has had it.
func (l *Ledger) claimOnce(node, file string, from netip.Addr, now time.Time) error {
	return l.change(node, func(r *record) error {
		if err := r.notHad(node, file); err != nil {
			return err
		}
		r.deliver(file, from, now)
		return nil
	})
}

// notHad is a refusal if the node has had a file.
func (r *record) notHad(node, file string) error {
	if had, ok := r.Delivered[file]; ok {
		return refuse(http.StatusForbidden, "%s has had this at %s; kindling serve --rearm %s lets it have it again", node, had.At.UTC().Format(time.RFC3339), node)
	}
	return nil
}

func (r *record) deliver(file string, to netip.Addr, now time.Time) {
	if r.Delivered == nil {
		r.Delivered = map[string]delivery{}
	}
	r.Delivered[file] = delivery{to, now}
}

// unclaim forgets a file that did not arrive.
func (l *Ledger) unclaim(node, file string) error {
	return l.change(node, func(r *record) error {
		delete(r.Delivered, file)
		return nil
	})
}

// Rearm lets a machine have its documents once more.
func (l *Ledger) Rearm(node string) error {
	return l.locked(node, func(name string) error {
		if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// change reads a node's record, changes it, and writes it if that went well.
func (l *Ledger) change(node string, with func(*record) error) error {
	return l.locked(node, func(name string) error {
		var r record
		text, err := os.ReadFile(name)
		if err == nil {
			if err := json.Unmarshal(text, &r); err != nil {
				return fmt.Errorf("%s is damaged; kindling serve --rearm %s removes it", name, node)
			}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := with(&r); err != nil {
			return err
		}
		if text, err = json.MarshalIndent(r, "", "  "); err != nil {
			return err
		}
		return replace(name, append(text, '\n'))
	})
}

func (l *Ledger) locked(node string, do func(name string) error) error {
	if node == "" || strings.ContainsAny(node, `/\`) || strings.HasPrefix(node, ".") {
		return errUnknown
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(l.dir, "."+node+".lock")).Lock()
	if err != nil {
		return err
	}
	defer unlock()
	return do(filepath.Join(l.dir, node+".json"))
}

// replace writes a file as a whole, and has it on the disk.
func replace(name string, data []byte) error {
	stage, err := os.CreateTemp(filepath.Dir(name), ".*.new")
	if err != nil {
		return err
	}
	_, err = stage.Write(data)
	err = errors.Join(err, stage.Sync(), stage.Close())
	if err == nil {
		err = os.Rename(stage.Name(), name)
	}
	if err != nil {
		os.Remove(stage.Name())
	}
	return err
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
