package spec

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kindling/generator/internal/flags"
	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"
)

// The rules of a component's starts are its program's own: with other values it does not start, or does nothing. These are of all of
// Kubernetes' programs.
var ofEveryProgram = map[string]rule{
	"allow-metric-labels": {onePair, "must be METRIC,LABEL=VALUES"},
	"emulated-version":    {isEmulated, "must be the cluster's own minor version or one of the three before it"},
	"log-flush-frequency": {lasts(1), "must be more than 0s"},
	"logging-format":      {oneOf("text", "json"), "must be text or json"},
	"show-hidden-metrics-for-version": {func(c *checker, value string) bool {
		return value == "" || !c.Sound("kubernetesVersion") || value == (c.Version().Minor-1).String()
	}, "must be the minor version before the cluster's own"},
	"tls-sni-cert-key": {func(_ *checker, value string) bool { return strings.Contains(value, ",") }, "must be the files of a certificate and of its key, with a comma between"},
	"v":                {isLevel, "must be a whole number from 0 on, in decimal digits"},
	"vmodule": {each(func(_ *checker, item string) bool {
		pattern, level, _ := strings.Cut(item, "=")
		return pattern != "" && isLevel(nil, level)
	}), "must be a list of PATTERN=LEVEL"},
}

var ofAPIServer = map[string]rule{
	"audit-log-format":     {oneOf("json", "legacy"), "must be json or legacy"},
	"audit-log-mode":       {oneOf("batch", "blocking", "blocking-strict"), "must be batch, blocking or blocking-strict"},
	"audit-webhook-mode":   {oneOf("batch", "blocking", "blocking-strict"), "must be batch, blocking or blocking-strict"},
	"authorization-mode":   {areModes, "has a mode that does not exist, or ABAC without authorization-policy-file, or Webhook without authorization-webhook-config-file"},
	"cors-allowed-origins": {each(isExpression), "must be a list of regular expressions, such as //example\\.com$"},
	"encryption-provider-config-automatic-reload": {func(c *checker, value string) bool {
		return isNot(true)(c, value) || argOf(c.ExtraArgs.APIServer, "encryption-provider-config", "") != ""
	}, "needs encryption-provider-config as well"},
	"goaway-chance": {func(_ *checker, value string) bool {
		chance, err := strconv.ParseFloat(value, 64)
		return err != nil || chance >= 0 && chance <= 0.02
	}, "must be from 0 to 0.02"},
	"max-mutating-requests-inflight": atLeastZero,
	"max-requests-inflight":          atLeastZero,
	"min-request-timeout":            atLeastZero,
	"oidc-client-id":                 {withArg("oidc-issuer-url"), "needs oidc-issuer-url as well"},
	"oidc-issuer-url": {func(c *checker, value string) bool {
		u, err := url.Parse(value)
		return err == nil && u.Scheme == "https" && withArg("oidc-client-id")(c, value)
	}, "must be a URL with https, and needs oidc-client-id as well"},
	"oidc-required-claim": {onePair, "must be CLAIM=VALUE"},
	"oidc-signing-algs": {each(oneOf("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512")),
		"must be a list of RS256, RS384, RS512, ES256, ES384, ES512, PS256, PS384 and PS512"},
	"oidc-username-claim":                   {func(_ *checker, value string) bool { return value != "" }, "must name a claim, such as sub"},
	"runtime-config":                        {each(isSwitch), "must be a list of GROUP/VERSION=true or false, or api/all, api/ga, api/beta and api/alpha"},
	"service-account-max-token-expiration":  {isExpiration, "must be from 1h to 1193046h, or 0s, which is none"},
	"service-node-port-range":               {isPortRange, "must be ports from 0 to 65535, such as 30000-32767"},
	"storage-media-type":                    {oneOf("application/json", "application/vnd.kubernetes.protobuf", "application/yaml"), "must be application/json, application/vnd.kubernetes.protobuf or application/yaml"},
	"strict-transport-security-directives":  {each(isDirective), "must be a list of max-age=SECONDS, includeSubDomains and preload"},
	"watch-cache-sizes":                     {each(isCacheSize), "must be a list of RESOURCE#SIZE"},
	"coordinated-leadership-lease-duration": {inOrder, "must be more than coordinated-leadership-renew-deadline"},
}

var ofControllerManager = map[string]rule{
	"attach-detach-reconcile-sync-period": {lasts(time.Second), "must be at least 1s"},
	"cidr-allocator-type":                 {oneOf("RangeAllocator"), "must be RangeAllocator: Kubernetes has no cloud providers of its own any more"},
	"kube-api-burst": {func(c *checker, value string) bool {
		return within(1, 1<<31-1)(c, value) || strings.HasPrefix(argOf(c.ExtraArgs.ControllerManager, "kube-api-qps", ""), "-")
	}, "must be at least 1"},
	"leader-elect-lease-duration":        managerElects,
	"leader-elect-renew-deadline":        managerElects,
	"leader-elect-retry-period":          managerElects,
	"leader-elect-resource-lock":         {oneOf("leases"), "must be leases"},
	"max-endpoints-per-slice":            {within(1, 1000), "must be from 1 to 1000"},
	"mirroring-max-endpoints-per-subset": {within(1, 1000), "must be from 1 to 1000"},
	"node-monitor-grace-period":          {lasts(15 * time.Second), "must be at least 15s: a kubelet renews its lease every 10s, and Nodes would be lost again and again"},
}

var ofScheduler = map[string]rule{
	"leader-elect-lease-duration": schedulerElects,
	"leader-elect-renew-deadline": schedulerElects,
	"leader-elect-retry-period":   schedulerElects,
	"leader-elect-resource-lock":  {oneOf("leases"), "must be leases"},
}

// startFault is what the value of one of these flags must be and is not.
func (c *checker) startFault(of *component, arg Arg, args []Arg) string {
	if arg.Name == "vmodule" && arg.Value != "" && argOf(args, "logging-format", "text") != "text" {
		return "goes with logging-format text alone"
	}
	if strings.HasPrefix(arg.Name, "concurrent-") && !within(1, 1<<31-1)(c, arg.Value) {
		return "must be at least 1: with none, the controller does nothing"
	}
	for _, rules := range []map[string]rule{of.starts, ofEveryProgram} {
		if rule, ok := rules[arg.Name]; ok && !rule.keeps(c, arg.Value) {
			return rule.otherwise
		}
	}
	return c.nameFault(of.program, arg)
}

var atLeastZero = rule{within(0, 1<<31-1), "must be at least 0"}

// each takes a list of items that keep a rule; empty ones count for nothing.
func each(keeps func(*checker, string) bool) func(*checker, string) bool {
	return func(c *checker, value string) bool {
		return !slices.ContainsFunc(commaList(value), func(item string) bool { return item != "" && !keeps(c, item) })
	}
}

// named are the flags whose values are names of a list of [flags.Of].
var named = map[string]struct{ list, what string }{
	"enable-admission-plugins":  {"AdmissionPlugins", "admission plugin"},
	"disable-admission-plugins": {"AdmissionPlugins", "admission plugin"},
	"controllers":               {"Controllers", "controller"}, // * is all of them, and a dash takes one out
}

func (c *checker) nameFault(program string, arg Arg) string {
	of, ok := named[arg.Name]
	if !ok || !c.Sound("kubernetesVersion") {
		return ""
	}
	minor := c.Version().Minor
	known := flags.Of(of.list, minor)
	for _, name := range commaList(arg.Value) {
		if arg.Name == "controllers" {
			name = strings.TrimPrefix(strings.TrimPrefix(name, "*"), "-")
		}
		if known != nil && name != "" && !slices.Contains(known, name) {
			return fmt.Sprintf("%s of Kubernetes %s has no %s %s%s", program, minor, of.what, yamlfile.Quote(name), yamlfile.DidYouMean(name, known))
		}
	}
	return ""
}

// argOf is the value that a flag has in the end.
func argOf(args []Arg, name, otherwise string) string {
	for _, arg := range args {
		if arg.Name == name {
			otherwise = arg.Value
		}
	}
	return otherwise
}

func withArg(name string) func(*checker, string) bool {
	return func(c *checker, _ string) bool { return argOf(c.ExtraArgs.APIServer, name, "") != "" }
}

func onePair(_ *checker, value string) bool { return strings.Contains(value, "=") }

func isLevel(_ *checker, value string) bool {
	_, err := strconv.ParseUint(value, 10, 31)
	return err == nil
}

func isExpression(_ *checker, value string) bool {
	_, err := regexp.Compile(value)
	return err == nil
}

func areModes(c *checker, value string) bool {
	for _, mode := range commaList(value) {
		switch mode {
		case "ABAC":
			if !withArg("authorization-policy-file")(c, "") {
				return false
			}
		case "Webhook":
			if !withArg("authorization-webhook-config-file")(c, "") {
				return false
			}
		case "AlwaysAllow", "AlwaysDeny", "Node", "RBAC":
		default:
			return false
		}
	}
	return true
}

func isEmulated(c *checker, value string) bool {
	version := strings.TrimPrefix(strings.TrimPrefix(value, "kube="), "v")
	minor, err := strconv.Atoi(strings.TrimPrefix(version, "1."))
	if !c.Sound("kubernetesVersion") {
		return true
	}
	own := c.Version().Minor
	return err == nil && kubernetes.Minor(minor) <= own && kubernetes.Minor(minor) >= own-3
}

func isSwitch(_ *checker, item string) bool {
	api, state, _ := strings.Cut(item, "=")
	_, err := strconv.ParseBool(state)
	if group, kind, ok := strings.Cut(api, "/"); ok && group == "api" {
		return err == nil && slices.Contains([]string{"all", "ga", "beta", "alpha", "legacy"}, kind)
	}
	return err == nil && (api == "v1" || strings.Contains(api, "/"))
}

func isExpiration(_ *checker, value string) bool {
	duration, err := time.ParseDuration(value)
	return err != nil || duration == 0 || duration >= time.Hour && duration <= 1<<32*time.Second
}

// isPortRange reads A, A-B and A+N (apimachinery: pkg/util/net, ParsePortRange).
func isPortRange(_ *checker, value string) bool {
	first, last := value, value
	if a, b, ok := strings.Cut(value, "-"); ok {
		first, last = a, b
	} else if a, n, ok := strings.Cut(value, "+"); ok {
		first, last = a, n
	}
	low, err := strconv.ParseUint(strings.TrimSpace(first), 10, 16)
	high, err2 := strconv.ParseUint(strings.TrimSpace(last), 10, 16)
	return err == nil && err2 == nil && (low <= high || strings.Contains(value, "+"))
}

func isDirective(_ *checker, item string) bool {
	seconds, ok := strings.CutPrefix(item, "max-age=")
	return item == "includeSubDomains" || item == "preload" || ok && isLevel(nil, seconds)
}

func isCacheSize(_ *checker, item string) bool {
	_, size, _ := strings.Cut(item, "#")
	return isLevel(nil, size)
}

func inOrder(c *checker, value string) bool {
	lease, err := time.ParseDuration(value)
	renew, err2 := time.ParseDuration(argOf(c.ExtraArgs.APIServer, "coordinated-leadership-renew-deadline", "10s"))
	return err != nil || err2 != nil || lease > renew
}

var (
	managerElects   = elects(func(c *checker) []Arg { return c.ExtraArgs.ControllerManager })
	schedulerElects = elects(func(c *checker) []Arg { return c.ExtraArgs.Scheduler })
)

// elects is the rule of client-go's leader election (client-go: tools/leaderelection, NewLeaderElector).
func elects(of func(*checker) []Arg) rule {
	return rule{func(c *checker, _ string) bool {
		lease, err := time.ParseDuration(argOf(of(c), "leader-elect-lease-duration", "15s"))
		renew, err2 := time.ParseDuration(argOf(of(c), "leader-elect-renew-deadline", "10s"))
		retry, err3 := time.ParseDuration(argOf(of(c), "leader-elect-retry-period", "2s"))
		return err != nil || err2 != nil || err3 != nil || retry > 0 && lease > renew && float64(renew) > 1.2*float64(retry)
	}, "leader-elect-lease-duration (15s) must be more than leader-elect-renew-deadline (10s), and that more than 1.2 times leader-elect-retry-period (2s)"}
}
