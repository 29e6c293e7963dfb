package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
)

// imitatePublishers returns the environment in which `kindling lock` finds stand-ins for all publishers at their own URLs: behind a
// proxy, with a certificate for their hosts. Each has its sums in its own form. mirror.example.com has the files of all, and a
// certificate from a CA that only the file $MIRROR_CA has.
func imitatePublishers(t *testing.T) (environment []string) {
	t.Helper()
	certificate, trusted := ownCertificate(t, "dl.k8s.io", "github.com", "pkgs.k8s.io")
	ofMirror, mirrorCA := ownCertificate(t, "mirror.example.com")
	web := httptest.NewUnstartedServer(publishers(t))
	web.TLS = &tls.Config{Certificates: []tls.Certificate{certificate, ofMirror}}
	web.StartTLS()
	t.Cleanup(web.Close)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { tunnel(w, r, web.Listener.Addr()) }))
	t.Cleanup(proxy.Close)
	return []string{"HTTPS_PROXY=" + proxy.URL, "SSL_CERT_FILE=" + trusted, "MIRROR_CA=" + mirrorCA}
}

// ownCertificate makes a certificate for these hosts and the file that has its CA's.
func ownCertificate(t *testing.T, hosts ...string) (own tls.Certificate, authority string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "publishers"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: hosts, IsCA: true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	authority = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), 0o644); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}, authority
}

// tunnel answers CONNECT with a connection to one server, whatever host is asked for.
func tunnel(w http.ResponseWriter, r *http.Request, to net.Addr) {
	if r.Method != http.MethodConnect {
		http.Error(w, "only CONNECT", http.StatusMethodNotAllowed)
		return
	}
	server, err := net.Dial(to.Network(), to.String())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	client, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		server.Close()
		return
	}
	fmt.Fprint(client, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		io.Copy(server, client)
		server.Close()
	}()
	io.Copy(client, server)
	client.Close()
}

var (
	ofSum   = regexp.MustCompile(`^(.*)\.sha256(sum)?$`)
	ofMinor = regexp.MustCompile(`^pkgs\.k8s\.io/core:/stable:/v(1\.[0-9]+)/(deb/Packages|deb/Release\.key|rpm/repodata/.*)$`)
)

// publishers has every file that anyone may ask for; its content is its URL at the publisher without the scheme.
func publishers(t *testing.T) http.Handler {
	key := signingKey(t)
	sum := func(content string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(content))) }
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file := strings.TrimPrefix(r.Host+r.URL.Path, "mirror.example.com/")
		answer := file
		if m := ofMinor.FindStringSubmatch(file); m != nil {
			answer = repositoryOf(m[1], m[2], key)
		} else if m := ofSum.FindStringSubmatch(file); m != nil {
			switch base := path.Base(m[1]); {
			case base == "runc":
				answer = ""
				for _, arch := range []string{"amd64", "arm64"} {
					answer += sum(m[1]+"."+arch) + " *runc." + arch + "\n"
				}
			case strings.HasPrefix(file, "dl.k8s.io/"), strings.HasPrefix(base, "crictl"):
				answer = sum(m[1])
			default:
				answer = sum(m[1]) + "  " + base + "\n"
			}
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(answer)))
		if r.Method == http.MethodGet {
			io.WriteString(w, answer)
		}
	})
}

// repositoryOf is a file of a minor's repository.
func repositoryOf(minor, file, key string) string {
	versions := map[string][]string{"kubernetes-cni": {"1.9.1"}, "cri-tools": {minor + ".0"}}
	for patch := range 20 {
		for _, name := range []string{"kubeadm", "kubectl", "kubelet"} {
			versions[name] = append(versions[name], fmt.Sprintf("%s.%d", minor, patch))
		}
	}
	var packages, primary strings.Builder
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		for _, version := range versions[name] {
			fmt.Fprintf(&packages, "Package: %s\nVersion: %s-1.1\n\n", name, version)
			fmt.Fprintf(&primary, "<package><name>%s</name><version epoch=\"0\" ver=\"%s\" rel=\"150500.1.1\"/></package>\n", name, version)
		}
	}
	switch file {
	case "deb/Packages":
		return packages.String()
	case "rpm/repodata/repomd.xml":
		return `<repomd><data type="primary"><location href="repodata/primary.xml"/></data></repomd>`
	case "rpm/repodata/primary.xml":
		return "<metadata>\n" + primary.String() + "</metadata>\n"
	}
	return key
}

func signingKey(t *testing.T) string {
	t.Helper()
	entity, err := openpgp.NewEntity("test", "", "test@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	out, err := armor.Encode(&text, openpgp.PublicKeyType, nil)
	if err := errors.Join(err, entity.Serialize(out), out.Close()); err != nil {
		t.Fatal(err)
	}
	return text.String()
}
