package plan

import (
	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/pki"
	"kindling/templates/step"
)

// certs is what kubeadm signs with, and where it has its own certificates from.
func certs(own pki.ControlPlane) part.Part {
	return part.Part{
		Steps: []step.Step{step.Certs}, Shell: []string{"boot/certs.sh"},
		Files: []node.File{
			node.Public(part.PKI+"/ca.crt", own.CA.Cert),
			node.Key(part.PKI+"/ca.key", own.CA.Key),
			node.Public(part.PKI+"/front-proxy-ca.crt", own.FrontProxyCA.Cert),
			node.Key(part.PKI+"/front-proxy-ca.key", own.FrontProxyCA.Key),
			node.Public(part.PKI+"/sa.pub", own.SAPub),
			node.Key(part.PKI+"/sa.key", own.SAKey),
		},
	}
}
