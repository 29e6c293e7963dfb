package machines

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kindling/e2e/internal/build"
)

// An admin is the operator of a cluster: someone with kubectl and the PKI directory, and nothing else.
type admin struct {
	c          *cluster
	program    string
	kubeconfig string
	client     *http.Client
}

func newAdmin(c *cluster) admin {
	c.t.Helper()
	program, err := build.Kubernetes("kubectl", c.spec.KubernetesVersion).Path()
	if err != nil {
		c.t.Fatal(err)
	}
	kubeconfig := filepath.Join(c.t.TempDir(), "kubeconfig")
	if err := os.WriteFile(kubeconfig, c.documents.Kubeconfig(c.t), 0o600); err != nil {
		c.t.Fatal(err)
	}
	certificate, err := tls.LoadX509KeyPair(filepath.Join(c.documents.PKI(), "admin.crt"), filepath.Join(c.documents.PKI(), "admin.key"))
	if err != nil {
		c.t.Fatal(err)
	}
	return admin{c: c, program: program, kubeconfig: kubeconfig, client: &http.Client{
		Timeout: 5 * time.Second,
		Transport: &http.Transport{
			DialContext:     c.DialContext,
			TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, InsecureSkipVerify: true},
		},
	}}
}

// kubectl runs kubectl with what `kindling kubeconfig` prints, through the load balancer.
func (a admin) kubectl(args ...string) (string, error) {
	return a.c.Operate(append([]string{a.program, "--kubeconfig", a.kubeconfig, "--request-timeout=60s"}, args...)...)
}

// mustKubectl fails the test if kubectl fails.
func (a admin) mustKubectl(args ...string) string {
	a.c.t.Helper()
	out, err := a.kubectl(args...)
	if err != nil {
		a.c.t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// get reads an object from an API server. It saves the start of kubectl for questions that are asked often.
func (a admin) get(ctx context.Context, server, path string, object any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+server+path, nil)
	if err != nil {
		return err
	}
	response, err := a.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(object)
}

// readyNodes returns which Nodes are Ready, as the API servers behind the load balancer report.
func (a admin) readyNodes(ctx context.Context) (map[string]bool, error) {
	var list struct {
		Items []struct {
			Metadata struct{ Name string }
			Status   struct {
				Conditions []struct{ Type, Status string }
			}
		}
	}
	if err := a.get(ctx, a.c.endpoint, "/api/v1/nodes", &list); err != nil {
		return nil, err
	}
	ready := map[string]bool{}
	for _, item := range list.Items {
		for _, condition := range item.Status.Conditions {
			if condition.Type == "Ready" {
				ready[item.Metadata.Name] = condition.Status == "True"
			}
		}
	}
	return ready, nil
}

// ask asks a machine, NAME:PORT/PATH, with a certificate, if there is one, and headers. It returns the status of the answer. The certificate
// is shown whatever authorities the server names.
func (c *cluster) ask(where string, certificate *tls.Certificate, headers ...string) (int, error) {
	c.t.Helper()
	config := &tls.Config{InsecureSkipVerify: true}
	if certificate != nil {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return certificate, nil }
	}
	name, rest, _ := strings.Cut(where, ":")
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, "https://"+c.node(name).Address+":"+rest, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{DialContext: c.DialContext, DisableKeepAlives: true, TLSClientConfig: config}}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
