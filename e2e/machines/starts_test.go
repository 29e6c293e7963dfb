package machines

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kindling/e2e/internal/flags"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/rig"
)

// programStart is how a program starts without a cluster: it gets as far as an address at which nobody listens.
type programStart struct {
	field string
	line  []string
	// refused are flags with which it does not start, each alone; taken are flags with which it does, all together.
	refused, taken []string
}

// TestFlagStarts holds what validate says of flags' values against the real programs.
func TestFlagStarts(t *testing.T) {
	keys := t.TempDir()
	if err := tryArgs(t, keys, rig.Current, "scheduler", ""); err != nil {
		t.Fatal(err)
	}
	nobody := filepath.Join(keys, "nobody.conf")
	kubeconfig := "{apiVersion: v1, kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}], users: [{name: a, user: {token: a}}], clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1', insecure-skip-tls-verify: true}}]}"
	if err := os.WriteFile(nobody, []byte(kubeconfig), 0o600); err != nil {
		t.Fatal(err)
	}
	for program, start := range map[string]programStart{
		"kube-apiserver": {
			"apiServer",
			[]string{
				"--client-ca-file=" + keys + "/pki/ca.crt", "--service-account-signing-key-file=" + keys + "/pki/sa.key", "--service-account-key-file=" + keys + "/pki/sa.pub",
				"--service-account-issuer=https://kubernetes.default.svc", "--etcd-servers=http://127.0.0.1:1", "--service-cluster-ip-range=10.96.0.0/12", "--cert-dir=" + keys,
			},
			[]string{
				"audit-log-format=xml audit-log-path=-", "audit-log-mode=fast audit-log-path=-", "authorization-mode=Node,RBAC,Roles", "authorization-mode=Node,RBAC,ABAC",
				"authorization-mode=Node,RBAC,Webhook", "cors-allowed-origins=*", "disable-admission-plugins=PodSecurityPolicy", "enable-admission-plugins=NodeRestriction,PodSecurityPolicy",
				"encryption-provider-config-automatic-reload=true", "goaway-chance=0.5", "max-requests-inflight=-1", "min-request-timeout=-1", "oidc-client-id=kubernetes",
				"oidc-issuer-url=https://dex.example.com", "oidc-issuer-url=http://dex.example.com oidc-client-id=kubernetes",
				"oidc-issuer-url=https://dex.example.com oidc-client-id=kubernetes oidc-required-claim=group", "oidc-issuer-url=https://dex.example.com oidc-client-id=kubernetes oidc-username-claim=",
				"oidc-issuer-url=https://dex.example.com oidc-client-id=kubernetes oidc-signing-algs=HS256", "request-timeout=-1s", "runtime-config=api/alpha", "runtime-config=api/gamma=true", "runtime-config=batch=true",
				"service-account-max-token-expiration=10m", "service-node-port-range=30000:32767", "service-node-port-range=30000-29999", "service-node-port-range=30000-70000",
				"storage-media-type=application/xml", "strict-transport-security-directives=max-age", "watch-cache-sizes=pods", "watch-cache-sizes=pods#-1",
				"coordinated-leadership-lease-duration=5s", "emulated-version=1.20", "emulated-version=1.38", "show-hidden-metrics-for-version=1.20", "allow-metric-labels=metric",
				"logging-format=yaml", "log-flush-frequency=0s", "v=0x4", "vmodule=auth", "tls-sni-cert-key=/etc/kubernetes/pki/apiserver.crt",
			},
			[]string{
				"audit-log-format=json", "audit-log-mode=batch", "audit-log-path=-", "authorization-mode=RBAC,Node", "cors-allowed-origins=//example.com$", "disable-admission-plugins=PodSecurity",
				"enable-admission-plugins=NodeRestriction,AlwaysPullImages", "goaway-chance=0.02", "max-requests-inflight=0", "min-request-timeout=0",
				"oidc-issuer-url=https://dex.example.com", "oidc-client-id=kubernetes", "oidc-required-claim=group=a", "oidc-username-claim=email", "oidc-signing-algs=RS256,ES512",
				"request-timeout=0s", "runtime-config=api/beta=true,resource.k8s.io/v1beta1=false", "service-account-max-token-expiration=24h", "service-node-port-range=30000+100",
				"storage-media-type=application/json", "strict-transport-security-directives=max-age=100,preload", "watch-cache-sizes=pods#0,nodes#10", "coordinated-leadership-lease-duration=15s",
				"show-hidden-metrics-for-version=", "allow-metric-labels=metric,label=value", "logging-format=text", "log-flush-frequency=1s", "v=07", "vmodule=auth*=2,a=1",
			},
		},
		"kube-controller-manager": {
			"controllerManager",
			[]string{"--kubeconfig=" + nobody, "--secure-port=0", "--cert-dir=" + keys},
			[]string{
				"attach-detach-reconcile-sync-period=0s", "cidr-allocator-type=CloudAllocator", "concurrent-job-syncs=0", "controllers=*,deployments", "controllers=*,-deployments", "kube-api-burst=-1",
				"leader-elect-lease-duration=10s", "leader-elect-renew-deadline=2s", "leader-elect-retry-period=10s", "leader-elect-retry-period=0s", "leader-elect-resource-lock=endpoints",
				"max-endpoints-per-slice=1001", "mirroring-max-endpoints-per-subset=0", "emulated-version=1.20", "logging-format=yaml", "vmodule=auth", "tls-sni-cert-key=/etc/kubernetes/pki/apiserver.crt",
			},
			[]string{
				"attach-detach-reconcile-sync-period=1s", "cidr-allocator-type=RangeAllocator", "concurrent-job-syncs=1", "controllers=*,-deployment-controller,tokencleaner,bootstrap-signer-controller", "kube-api-burst=1",
				"leader-elect-lease-duration=20s", "leader-elect-renew-deadline=15s", "leader-elect-retry-period=12s", "leader-elect-resource-lock=leases", "max-endpoints-per-slice=1000",
				"mirroring-max-endpoints-per-subset=1", "logging-format=json",
			},
		},
		"kube-scheduler": {
			"scheduler",
			[]string{"--kubeconfig=" + nobody, "--secure-port=0", "--cert-dir=" + keys},
			[]string{"leader-elect-resource-lock=configmaps", "logging-format=yaml", "log-flush-frequency=0s", "v=-1", "vmodule=auth", "logging-format=json vmodule=auth*=2"},
			[]string{"leader-elect-resource-lock=leases", "logging-format=json", "log-flush-frequency=1s", "v=2"},
		},
	} {
		path, err := flags.Program(t.Context(), program, string(rig.Current))
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(start.taken, " ")
		for _, args := range append(start.refused, all) {
			takes := args == all
			t.Run(program+" "+args, func(t *testing.T) {
				t.Parallel()
				if err := tryArgs(t, t.TempDir(), rig.Current, start.field, args); (err == nil) != takes {
					t.Errorf("kindling: %v", err)
				}
				if started, out := startProgram(t, path, start.line, args, findsNobody()); started != takes {
					t.Errorf("%s has started: %t\n%s", program, started, out)
				}
			})
		}
	}
}

// tryArgs makes the keys and documents of a cluster with these flags of a component.
func tryArgs(t *testing.T, dir string, release rig.Release, component, args string) error {
	t.Helper()
	text := "apiVersion: kindling/v1alpha1\nkind: Cluster\nname: demo\nkubernetesVersion: " + string(release) + "\ncontrolPlaneEndpoint: api.demo.test:6443\nos: ubuntu\n" +
		"install: {method: preinstalled}\ncni: {manifest: none}\nnodes: [{name: cp0, role: control-plane, address: 10.0.0.7}]\nextraArgs:\n  " + component + ":\n"
	for arg := range strings.FieldsSeq(args) {
		name, value, _ := strings.Cut(arg, "=")
		text += fmt.Sprintf("  - {name: %s, value: %q}\n", name, value)
	}
	spec := filepath.Join(dir, "cluster.yaml")
	if err := os.WriteFile(spec, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := kindling.GenerateIn(dir, spec)
	return err
}

var channel = regexp.MustCompile(`Channel #[0-9]+`)

// findsNobody says that a program has found nobody three times over one channel: it has more to read while it tries.
func findsNobody() func(line string) bool {
	times := map[string]int{}
	return func(line string) bool {
		if !strings.Contains(line, "127.0.0.1:1") || !strings.Contains(line, "refused") {
			return false
		}
		over := channel.FindString(line)
		times[over]++
		return times[over] == 3
	}
}

// startProgram starts a program with these flags after those of line, and ends it once it says that it has started, or has ended itself.
func startProgram(t *testing.T, program string, line []string, args string, says func(line string) bool) (started bool, out string) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	defer end()
	line = slices.Clone(line)
	for arg := range strings.FieldsSeq(args) {
		line = append(line, "--"+arg)
	}
	cmd := exec.CommandContext(ctx, program, line...)
	pipe, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = cmd.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(pipe); !started && lines.Scan(); {
		out += lines.Text() + "\n"
		started = says(lines.Text())
	}
	end()
	_ = cmd.Wait() // it was killed, or has ended with an error
	return started, out
}
