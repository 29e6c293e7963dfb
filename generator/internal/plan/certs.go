package plan

import (
	"fmt"

	"kindling/generator/internal/kubeadm"
	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/templates/step"
)

// certs is what kubeadm signs with. It signs again when a third of its certificates' time is over.
func certs(m machine, own pki.ControlPlane) part.Part {
	p := part.Part{
		Steps: []step.Step{step.Certs}, Shell: []string{"boot/preflight.sh", "boot/certs.sh", "boot/renew.sh", "boot/tend.sh", "etcd/api.sh"}, Programs: []string{"curl"},
		Env: renewAfter(m),
		Files: []node.File{
			node.Issued(part.PKI+"/ca.crt", own.CA.Cert),
			node.Key(part.PKI+"/ca.key", own.CA.Key),
			node.Issued(part.PKI+"/front-proxy-ca.crt", own.FrontProxyCA.Cert),
			node.Key(part.PKI+"/front-proxy-ca.key", own.FrontProxyCA.Key),
			node.Issued(part.PKI+"/sa.pub", own.SAPub),
			node.Key(part.PKI+"/sa.key", own.SAKey),
		},
	}
	if own.SigningCert != nil {
		p.Files = append(p.Files, node.Issued(signingCert, own.SigningCert))
	}
	return p
}

// signingCert has the CA's certificate alone while the machines trust two.
const signingCert = part.PKI + "/ca-signing.crt"

// signsWithOne lets kube-controller-manager, which does not start with two certificates to sign with, read a file with one.
func signsWithOne(k *kubeadm.Cluster) {
	k.ControllerManagerArgs = append(k.ControllerManagerArgs, kubeadm.Arg{Name: "cluster-signing-cert-file", Value: signingCert})
}

// expiry warns early of certificates that only a new document can replace.
func expiry(m machine) part.Part {
	p := part.Part{Shell: []string{"boot/tend.sh", "boot/warn.sh"}, Env: renewAfter(m)}
	if m.Role == spec.ControlPlane {
		p.Shell = append(p.Shell, "boot/warn-cluster.sh")
	}
	return p
}

// renewAfter is a third of the time that certificates last, in seconds.
func renewAfter(m machine) map[string]string {
	third := m.cluster.PKI.CertificateValidityPeriod.Std() / 3
	return map[string]string{"RENEW_AFTER": fmt.Sprintf("%.0f", third.Seconds())}
}
