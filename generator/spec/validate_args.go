package spec

import (
	"regexp"
	"slices"
	"strings"

	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"
)

// The flags that follow from other fields, or on which kindling's own steps rely.
var ownFlags = map[string][]string{
	"apiServer": {
		"advertise-address", "client-ca-file", "etcd-cafile", "etcd-certfile", "etcd-keyfile", "etcd-servers",
		"kubelet-client-certificate", "kubelet-client-key", "proxy-client-cert-file", "proxy-client-key-file",
		"requestheader-client-ca-file", "secure-port", "service-account-key-file", "service-account-signing-key-file",
		"service-cluster-ip-range", "tls-cert-file", "tls-private-key-file",
	},
	"controllerManager": {"cluster-cidr", "cluster-name", "kubeconfig", "root-ca-file", "service-account-private-key-file", "service-cluster-ip-range"},
	"scheduler":         {"kubeconfig"},
	"kubelet":           {"bootstrap-kubeconfig", "config", "hostname-override", "kubeconfig", "node-ip"},
	"etcd": {
		"advertise-client-urls", "cert-file", "client-cert-auth", "data-dir", "enable-grpc-gateway", "force-new-cluster",
		"initial-advertise-peer-urls", "initial-cluster", "initial-cluster-state", "initial-cluster-token", "key-file",
		"listen-client-http-urls", "listen-client-urls", "listen-peer-urls", "name", "peer-cert-file", "peer-client-cert-auth",
		"peer-key-file", "peer-trusted-ca-file", "trusted-ca-file", "wal-dir",
	},
}

// The fields to use instead of a flag.
var insteadOf = map[string]string{
	"node-labels":          "the node's labels",
	"register-with-taints": "the node's taints",
}

var flagName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)

func (c *checker) checkExtraArgs() {
	c.checkArgs("apiServer", c.ExtraArgs.APIServer)
	c.checkArgs("controllerManager", c.ExtraArgs.ControllerManager)
	c.checkArgs("scheduler", c.ExtraArgs.Scheduler)
	c.checkArgs("kubelet", c.ExtraArgs.Kubelet)
	c.checkArgs("etcd", c.ExtraArgs.Etcd)
}

func (c *checker) checkArgs(component string, args []Arg) {
	for i, arg := range args {
		p := at("extraArgs", component, i)
		switch bare := strings.TrimLeft(arg.Name, "-"); {
		case bare != arg.Name:
			c.Errorf(p.With("name"), "%s begins with a dash; write the name without (did you mean %s?)", yamlfile.Quote(arg.Name), yamlfile.Quote(bare))
		case !flagName.MatchString(arg.Name):
			c.Errorf(p.With("name"), "%s is not the name of a flag, such as v", yamlfile.Quote(arg.Name))
		case slices.Contains(ownFlags[component], arg.Name):
			c.Errorf(p.With("name"), "kindling sets %s itself, or relies on what it is; remove it", arg.Name)
		case slices.ContainsFunc(args[:i], func(before Arg) bool { return before.Name == arg.Name }) && c.Sound("kubernetesVersion") && !c.Version().HasV1beta4():
			c.Errorf(p.With("name"), "before Kubernetes %s kubeadm takes %s no more than once; write it once", kubernetes.SinceV1beta4, arg.Name)
		case component == "kubelet" && insteadOf[arg.Name] != "":
			c.Errorf(p.With("name"), "use %s instead of the flag %s", insteadOf[arg.Name], arg.Name)
		}
		if strings.ContainsAny(arg.Value, "\n\r") {
			c.Errorf(p.With("value"), "has more than one line; a flag's value is one line")
		}
	}
}
