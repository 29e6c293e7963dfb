package spec

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kindling/generator/internal/flags"
	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"
)

// insteadOf names the field to use instead of a flag of the kubelet.
var insteadOf = map[string]string{
	"node-labels":          "the node's labels",
	"register-with-taints": "the node's taints",
}

var flagName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)

func (c *checker) checkExtraArgs() {
	c.checkArgs(at("extraArgs", "apiServer"), kubeAPIServer, c.ExtraArgs.APIServer)
	c.checkArgs(at("extraArgs", "controllerManager"), kubeControllerManager, c.ExtraArgs.ControllerManager)
	c.checkArgs(at("extraArgs", "scheduler"), kubeScheduler, c.ExtraArgs.Scheduler)
	c.checkArgs(at("extraArgs", "kubelet"), kubelet, c.ExtraArgs.Kubelet)
	c.checkArgs(at("extraArgs", "etcd"), etcd, c.ExtraArgs.Etcd)
	c.checkEtcdArgs()
	c.checkNodeMasks()
	for i, n := range c.Nodes {
		c.checkArgs(at("nodes", i, "extraArgs", "kubelet"), kubelet, n.ExtraArgs.Kubelet)
	}
}

func (c *checker) checkArgs(list yamlfile.Path, of *component, args []Arg) {
	for i, arg := range args {
		p := list.With(i)
		if c.checkArgName(p.With("name"), of, arg.Name, args[:i]) {
			c.checkArgValue(p.With("value"), of, arg, args)
		}
		if strings.ContainsAny(arg.Value, "\n\r") {
			c.Errorf(p.With("value"), "has several lines; write the value in one line")
		} else if strings.ContainsFunc(arg.Value, func(r rune) bool { return isControl(r) && r != '\t' }) {
			c.Errorf(p.With("value"), "has a control character; remove it")
		}
	}
}

func (c *checker) checkArgName(p yamlfile.Path, of *component, name string, before []Arg) bool {
	switch bare := strings.TrimLeft(name, "-"); {
	case bare != name:
		c.Errorf(p, "%s begins with a dash; leave the dashes out (did you mean %s?)", yamlfile.Quote(name), yamlfile.Quote(bare))
	case !flagName.MatchString(name):
		c.Errorf(p, "%s is not the name of a flag; an example is audit-log-path", yamlfile.Quote(name))
	case slices.Contains(of.own, name):
		c.Errorf(p, "kindling sets %s itself or depends on its value; remove it", name)
	case slices.ContainsFunc(before, func(a Arg) bool { return a.Name == name }) && c.Sound("kubernetesVersion") && !c.Version().HasV1beta4():
		c.Errorf(p, "before Kubernetes %s, kubeadm accepts %s only once; remove the others", kubernetes.SinceV1beta4, name)
	case of == kubelet && insteadOf[name] != "":
		c.Errorf(p, "use %s instead of the flag %s", insteadOf[name], name)
	default:
		return c.checkFlagExists(p, of, name)
	}
	return false
}

func (c *checker) checkArgValue(p yamlfile.Path, of *component, arg Arg, args []Arg) {
	rule := of.rules[arg.Name]
	switch {
	case rule.keeps != nil && !rule.keeps(c, arg.Value):
		c.Errorf(p, "%s", rule.otherwise)
	case of == kubelet && strings.ContainsAny(arg.Value, " \t\"'\\"):
		// kubeadm writes all flags into one line of a file, and systemd cuts it.
		c.Errorf(p, "has a blank, a quote or a backslash, where systemd would cut the kubelet's flags; write it without")
	case arg.Name == "feature-gates":
		if of != etcd { // which has its own
			c.eachGate(p, arg.Value, func(name string, value bool) { c.checkGate(p, of, name, value) })
		}
	case of == kubelet && kubeletFlagFault(arg) != "":
		c.Errorf(p, "%s", kubeletFlagFault(arg))
	case strings.ContainsFunc(arg.Value, isControl) || strings.HasPrefix(arg.Name, "node-cidr-mask-size"):
		// They have reports of their own.
	case c.startFault(of, arg, args) != "":
		c.Errorf(p, "%s", c.startFault(of, arg, args))
	case valueFault(of.program, arg) != "":
		c.Errorf(p, "%s must be %s", yamlfile.Quote(arg.Value), valueFault(of.program, arg))
	case of.mounts != nil:
		c.checkSeen(p, of, arg)
	}
}

// eachGate calls do for each feature gate of a list.
func (c *checker) eachGate(p yamlfile.Path, list string, do func(name string, value bool)) {
	for _, item := range commaList(list) {
		name, value, _ := strings.Cut(item, "=")
		on, err := strconv.ParseBool(strings.TrimSpace(value))
		switch {
		case item == "":
		case err != nil:
			c.Errorf(p, "%s must be a feature gate and its value, such as NodeSwap=true", yamlfile.Quote(item))
		default:
			do(strings.TrimSpace(name), on)
		}
	}
}

// valueFault is what a flag's value must be and is not, by the rules of the program, which would not start.
func valueFault(program string, arg Arg) string {
	var err error
	var what string
	switch word := flags.ValueType(program, arg.Name); word {
	case "bool":
		_, err = strconv.ParseBool(arg.Value)
		what = "true or false"
	case "duration":
		var duration time.Duration
		if duration, err = time.ParseDuration(arg.Value); duration < 0 {
			return "a duration of at least 0s"
		}
		what = "a duration, such as 1m30s"
	case "int32", "int64":
		bits, _ := strconv.Atoi(word[len("int"):])
		_, err = strconv.ParseInt(arg.Value, 0, bits)
		what = "a whole number"
	case "uint64":
		_, err = strconv.ParseUint(arg.Value, 0, 64)
		what = "a whole number from 0 on"
	case "float64":
		_, err = strconv.ParseFloat(arg.Value, 64)
		what = "a number"
	}
	if err == nil {
		return ""
	}
	return what
}

// lacks says that a component's program, in the cluster's release, has no such flag. Nobody knows where nobody has asked the program.
func (c *checker) lacks(of *component, name string) bool {
	if !c.Sound("kubernetesVersion") {
		return false
	}
	known := flags.Of(of.program, c.Version().Minor)
	return known != nil && !slices.Contains(known, name)
}

// checkFlagExists holds a flag against those of the component's own program.
func (c *checker) checkFlagExists(p yamlfile.Path, of *component, name string) bool {
	if !c.lacks(of, name) {
		return true
	}
	minor := c.Version().Minor
	switch minors := flags.Minors(of.program, name); {
	case len(minors) == 0:
		c.Errorf(p, "%s of Kubernetes %s has no flag %s%s", of.program, minor, yamlfile.Quote(name), yamlfile.DidYouMean(name, flags.Of(of.program, minor)))
	case minors[0] > minor:
		c.Errorf(p, "%s of Kubernetes %s has no flag %s yet, %s has; remove it", of.program, minor, name, minors[0])
	default:
		c.Errorf(p, "%s of Kubernetes %s no longer has the flag %s, which %s had; remove it", of.program, minor, name, minors[len(minors)-1])
	}
	return false
}

// noPaths are flags whose values begin with a slash and are no files.
var noPaths = []string{"authorization-always-allow-paths", "cors-allowed-origins", "etcd-prefix"}

// checkSeen finds files that a static pod cannot see.
func (c *checker) checkSeen(p yamlfile.Path, of *component, arg Arg) {
	if !strings.HasPrefix(arg.Value, "/") || slices.Contains(noPaths, arg.Name) {
		return
	}
	for _, mount := range of.mounts(c) {
		if below(arg.Value, mount) {
			return
		}
	}
	if c.Patches.Directory != "" && c.local.Files == nil || slices.ContainsFunc(c.Patches.files, func(f LocalFile) bool { return strings.HasPrefix(f.Name, of.program) }) {
		return // a patch may mount more
	}
	hint := "add it to extraVolumes." + of.field
	if of.field == "etcd" {
		hint = "put it into /etc/kubernetes/pki/etcd or mount it with a patch"
	}
	c.Errorf(p, "%s runs in a pod that does not see %s; %s", of.program, yamlfile.Quote(arg.Value), hint)
}
