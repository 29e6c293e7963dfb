package rig

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"

	"kindling/e2e/internal/build"
)

// ServeRegistry serves an image of the program that pods' sandboxes run, as repository:1, over TLS: by the parts of the OCI
// distribution specification that a client needs to pull it.
func (r *Rig) ServeRegistry(at netip.Prefix, certificate tls.Certificate, repository string) {
	r.t.Helper()
	pause := build.Pause()
	file, err := pause.Path()
	orFail(r.t, err)
	layer, err := programLayer(map[string]string{pause.Name: file})
	orFail(r.t, err)
	config, err := json.Marshal(image{entrypoint: []string{pause.Name}, layers: [][]byte{layer}}.config())
	orFail(r.t, err)
	descriptor := func(kind string, blob []byte) string {
		return fmt.Sprintf(`{"mediaType":"application/vnd.oci.image.%s","digest":"%s","size":%d}`, kind, reference(blob), len(blob))
	}
	const manifestType = "application/vnd.oci.image.manifest.v1+json"
	manifest := fmt.Appendf(nil, `{"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}`, manifestType, descriptor("config.v1+json", config), descriptor("layer.v1.tar", layer))
	mux := http.NewServeMux()
	serve := func(path, kind string, content []byte) {
		mux.HandleFunc("/v2/"+repository+path, func(w http.ResponseWriter, request *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			w.Header().Set("Docker-Content-Digest", reference(content))
			if request.Method == http.MethodGet {
				w.Write(content)
			}
		})
	}
	serve("/manifests/1", manifestType, manifest)
	serve("/manifests/"+reference(manifest), manifestType, manifest)
	serve("/blobs/"+reference(config), "application/octet-stream", config)
	serve("/blobs/"+reference(layer), "application/octet-stream", layer)
	r.serveHTTP(tls.NewListener(r.listen(at, 443), &tls.Config{Certificates: []tls.Certificate{certificate}}), mux)
}

// reference is how a registry names content.
func reference(content []byte) string { return "sha256:" + digest(content) }
