package pki

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
)

// Kubeconfig is the access of one user to one cluster. Certificates and keys are either carried inside or, where the file
// fields are set instead, read from the machine that uses it. The user may have a token, a client certificate, or neither.
type Kubeconfig struct {
	Cluster, Server, User string
	CACert                []byte
	Client                Pair
	Token                 string

	CAFile, ClientCertFile, ClientKeyFile string // absolute paths on the machine
}

// Format redacts the kubeconfig under every verb.
func (Kubeconfig) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.Kubeconfig{redacted}") }

// YAML returns the document: the same bytes for the same values. The context is USER@CLUSTER, as kubeadm names it.
func (k Kubeconfig) YAML() []byte {
	var b bytes.Buffer
	field := func(indent int, name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%*s%s: %s\n", indent, "", name, quote(value))
		}
	}
	data := func(name string, value []byte) { field(4, name, base64.StdEncoding.EncodeToString(value)) }

	b.WriteString("apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n")
	data("certificate-authority-data", k.CACert)
	field(4, "certificate-authority", k.CAFile)
	field(4, "server", k.Server)
	field(2, "name", k.Cluster)
	b.WriteString("contexts:\n- context:\n")
	field(4, "cluster", k.Cluster)
	field(4, "user", k.User)
	context := k.User + "@" + k.Cluster
	field(2, "name", context)
	field(0, "current-context", context)
	b.WriteString("users:\n")
	fmt.Fprintf(&b, "- name: %s\n", quote(k.User))
	if len(k.Client.Cert)+len(k.Client.Key) == 0 && k.Token+k.ClientCertFile+k.ClientKeyFile == "" {
		b.WriteString("  user: {}\n")
		return b.Bytes()
	}
	b.WriteString("  user:\n")
	data("client-certificate-data", k.Client.Cert)
	data("client-key-data", k.Client.Key)
	field(4, "client-certificate", k.ClientCertFile)
	field(4, "client-key", k.ClientKeyFile)
	field(4, "token", k.Token)
	return b.Bytes()
}

// quote writes a YAML scalar that nothing can break out of: all that Go escapes, and how, YAML reads the same way.
func quote(s string) string { return strconv.QuoteToASCII(s) }
