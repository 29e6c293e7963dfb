// Package serve hands the machines their documents over HTTP.
//
// A machine asks for the iPXE script of its MAC address. The script that it gets has a token in its URLs, made for this boot. With the
// token it gets its own files, each with secrets once; from then on its script boots the disk, and its documents are refused until the
// operator arms it again. A [Ledger] remembers that on the disk.
//
//	GET /ipxe/boot.ipxe                     finds the script
//	GET /ipxe/52-54-00-00-00-07.ipxe        the script, and a token
//	GET /boot/TOKEN/nodes/cp0/user-data     a file of the node's
//	GET /secret/cp0                         the secret part of a node whose document is public, over HTTPS and from its own address
//	GET /images/…, /boot/TOKEN/images/…     kernels and file systems
package serve

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"
)

// Server answers the machines. It is an [http.Handler].
type Server struct {
	// Documents is the set, a directory that `kindling generate` may replace at any time.
	Documents *Documents
	Ledger    *Ledger
	// Allow are the networks that may ask. Nobody else gets an answer with a content.
	Allow []netip.Prefix
	// Images has the files below images/, or is nil.
	Images fs.FS
	// Log gets each request once it has been answered.
	Log func(Entry)
	Now func() time.Time
}

// Entry is a request and its answer.
type Entry struct {
	Time   time.Time
	From   netip.Addr
	Node   string // empty if the request does not name one
	Path   string // without a token
	Status int
	Bytes  int64
	// Reason is why it was refused.
	Reason string
}

// refusal is an answer without a content. Its text may be read by anybody.
type refusal struct {
	status int
	reason string
}

func (r refusal) Error() string { return r.reason }

func refuse(status int, format string, args ...any) error {
	return refusal{status, fmt.Sprintf(format, args...)}
}

var errUnknown = refusal{http.StatusNotFound, "there is no such file here"}

// slow is how long a machine may take for a document, and slowImage for an image.
const (
	slow      = time.Minute
	slowImage = time.Hour
)

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out := &response{ResponseWriter: w}
	entry := Entry{Time: s.Now(), From: client(r), Path: r.URL.Path}
	err := s.answer(out, r, &entry)
	var refused refusal
	switch {
	case errors.As(err, &refused):
		out.until(slow)
		http.Error(out, refused.reason, refused.status)
		entry.Reason = refused.reason
	case err != nil && out.status == 0:
		http.Error(out, "the server cannot read its files", http.StatusInternalServerError)
		entry.Reason = err.Error()
	case err != nil:
		entry.Reason = err.Error()
	}
	entry.Status, entry.Bytes = out.status, out.bytes
	s.Log(entry)
}

func (s *Server) answer(w *response, r *http.Request, entry *Entry) error {
	if !allowed(s.Allow, entry.From) {
		return refuse(http.StatusForbidden, "%s is in no network that may ask", entry.From)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return refuse(http.StatusMethodNotAllowed, "only GET and HEAD")
	}
	set, err := s.Documents.current()
	if err != nil {
		return err
	}
	name, ok := strings.CutPrefix(r.URL.Path, set.base+"/")
	if !ok || name != path.Clean(name) {
		return errUnknown
	}
	entry.Path = name
	token, file, _ := strings.Cut(strings.TrimPrefix(name, "boot/"), "/")
	if strings.HasPrefix(name, "boot/") {
		entry.Path = file
	} else {
		token, file = "", name
	}
	switch {
	case strings.HasPrefix(file, "images/"):
		return s.image(w, r, file)
	case file == bootScript && token == "":
		return s.bootScript(w, set)
	case strings.HasPrefix(file, "ipxe/") && token == "":
		return s.script(w, r, set, file, entry)
	case strings.HasPrefix(file, "secret/") && token == "":
		return s.part(w, r, set, file, entry)
	case token != "":
		return s.document(w, r, set, file, token, entry)
	case strings.HasPrefix(file, "nodes/"):
		return refuse(http.StatusForbidden, "documents are given to machines that boot with their own script")
	}
	return errUnknown
}

func (s *Server) bootScript(w *response, set *set) error {
	text, err := set.read(bootScript)
	if err != nil {
		return err
	}
	return w.send(text)
}

// script gives a machine the script of its MAC address: with a token, or one that boots the disk.
func (s *Server) script(w *response, r *http.Request, set *set, file string, entry *Entry) error {
	node, ok := set.owner(file)
	if !ok {
		return refuse(http.StatusNotFound, "no machine has this MAC address")
	}
	if err := set.ask(node, entry); err != nil {
		return err
	}
	text, err := set.read(file)
	if err != nil {
		return err
	}
	if r.Method == http.MethodHead {
		return w.send(nil)
	}
	token, err := s.Ledger.mint(node)
	if errors.Is(err, errDelivered) {
		return w.send([]byte("#!ipxe\necho " + node + " has had its documents, and boots from its disk. For new ones, arm it again.\nexit\n"))
	} else if err != nil {
		return err
	}
	return w.send(withToken(text, token))
}

// withToken puts the token into all URLs of the kernel's arguments.
func withToken(script []byte, token string) []byte {
	before, after, _ := strings.Cut(string(script), "\nkernel ")
	return []byte(before + "\nset base-url ${base-url}/boot/" + token + "\nkernel " + after)
}

// document gives a machine one of its files.
func (s *Server) document(w *response, r *http.Request, set *set, file, token string, entry *Entry) error {
	node, _, _ := strings.Cut(strings.TrimPrefix(file, "nodes/"), "/")
	described, ok := set.file(node, file)
	if !ok || !strings.HasPrefix(file, "nodes/") {
		return errUnknown
	}
	if err := set.ask(node, entry); err != nil {
		return err
	}
	data, err := set.read(file)
	if err != nil {
		return err
	}
	once := described.Secret && r.Method == http.MethodGet
	if err := s.Ledger.claim(node, file, token, entry.From, entry.Time, once); err != nil {
		return err
	}
	return s.deliver(w, r, node, file, data, once)
}

// part gives a machine its secret part. The machine has no token, but asks from its own address. The machines of a pool share theirs.
func (s *Server) part(w *response, r *http.Request, set *set, file string, entry *Entry) error {
	node, ok := set.owner(file)
	if !ok {
		return errUnknown
	}
	if err := set.ask(node, entry); err != nil {
		return err
	}
	described := set.index.Nodes[node]
	pool := described.Count != ""
	switch {
	case r.TLS == nil:
		return refuse(http.StatusForbidden, "secret parts are given over HTTPS alone; kindling serve needs --tls-cert and --tls-key")
	case !pool && !slices.Contains(strings.Split(described.Address, ","), entry.From.String()):
		return refuse(http.StatusForbidden, "%s is not the address of %s", entry.From, node)
	}
	data, err := set.read(file)
	if err != nil {
		return err
	}
	once := !pool && r.Method == http.MethodGet
	if once {
		if err := s.Ledger.claimOnce(node, file, entry.From, entry.Time); err != nil {
			return err
		}
	}
	return s.deliver(w, r, node, file, data, once)
}

// deliver sends a file. What is given once and does not arrive has not been given.
func (s *Server) deliver(w *response, r *http.Request, node, file string, data []byte, once bool) error {
	if r.Method == http.MethodHead {
		data = nil
	}
	if err := w.send(data); err != nil && once {
		return errors.Join(fmt.Errorf("broke off: %w", err), s.Ledger.unclaim(node, file))
	}
	return nil
}

func (s *Server) image(w *response, r *http.Request, file string) error {
	name := strings.TrimPrefix(file, "images/")
	if s.Images == nil {
		return errUnknown
	}
	if info, err := fs.Stat(s.Images, name); err != nil || !info.Mode().IsRegular() {
		return errUnknown
	}
	w.until(slowImage)
	http.ServeFileFS(w, r, s.Images, name)
	return nil
}

func client(r *http.Request) netip.Addr {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return from.Addr().Unmap().WithZone("")
}

func allowed(networks []netip.Prefix, from netip.Addr) bool {
	for _, network := range networks {
		if network.Contains(from) {
			return true
		}
	}
	return false
}

// response remembers what was sent.
type response struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// until gives the machine so long to take what comes.
func (r *response) until(limit time.Duration) {
	http.NewResponseController(r.ResponseWriter).SetWriteDeadline(time.Now().Add(limit))
}

// send is an answer that nobody may keep.
func (r *response) send(data []byte) error {
	r.until(slow)
	r.Header().Set("Content-Type", "text/plain; charset=utf-8")
	r.Header().Set("Cache-Control", "no-store")
	_, err := r.Write(data)
	return errors.Join(err, http.NewResponseController(r.ResponseWriter).Flush())
}

// WriteHeader is [http.ResponseWriter]'s.
func (r *response) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Write is [http.ResponseWriter]'s.
func (r *response) Write(data []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(data)
	r.bytes += int64(n)
	return n, err
}
