package plan

import (
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/pki"
	"kindling/templates/step"
)

// issuedCerts is all that kubeadm would sign on the machine, from the document, since no authority's key is on any. kubeadm finds in its
// own places what it uses itself; the step makes kubeconfigs of the rest.
func issuedCerts(own pki.Issued) part.Part {
	p := part.Part{
		Steps: []step.Step{step.Certs}, Shell: []string{"boot/endpoint.sh", "boot/preflight.sh", "boot/ca-offline.sh", "boot/kubeconfig.sh"}, Programs: []string{"base64"},
		Files: []node.File{
			node.Issued(part.PKI+"/ca.crt", own.CACert),
			node.Issued(part.PKI+"/front-proxy-ca.crt", own.FrontProxyCACert),
			node.Issued(part.PKI+"/sa.pub", own.SAPub),
			node.Key(part.PKI+"/sa.key", own.SAKey),
		},
	}
	place := func(path, kind string) {
		if pair, has := own.Leaves[kind]; has {
			p.Files = append(p.Files, node.Issued(path+".crt", pair.Cert), node.Key(path+".key", pair.Key))
		}
	}
	for file, kind := range kubeadmFiles {
		place(part.PKI+"/"+file, kind)
	}
	if _, stacked := own.Leaves[pki.EtcdServer]; stacked {
		place(part.PKI+"/etcd/healthcheck-client", pki.EtcdClient)
	}
	for _, kind := range pki.KubeconfigKinds {
		place(part.Etc+"/pki/"+kind, kind)
	}
	place(strings.TrimSuffix(workerKey, ".key"), pki.Kubelet)
	return p
}

// kubeadmFiles are the pairs in kubeadm's certificatesDir, and whose certificate each of them is.
var kubeadmFiles = map[string]string{
	"apiserver":                pki.APIServer,
	"apiserver-etcd-client":    pki.EtcdClient,
	"apiserver-kubelet-client": pki.APIServerKubeletClient,
	"front-proxy-client":       pki.FrontProxyClient,
	"etcd/peer":                pki.EtcdServer,
	"etcd/server":              pki.EtcdServer,
}
