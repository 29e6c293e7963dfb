package machines

import (
	"os"
	"strings"
	"testing"

	"kindling/e2e/internal/flags"
	"kindling/e2e/internal/rig"
)

// TestEtcdArgs holds what validate says of etcd's flags against the real etcd: it does not start with the first flags, and starts with the
// second.
func TestEtcdArgs(t *testing.T) {
	for _, test := range []struct {
		release        rig.Release
		refused, taken string
	}{
		{rig.Current, "auth-token=jwt", "auth-token=simple"},
		{rig.Current, "auto-compaction-retention=1.5", "auto-compaction-retention=30m"},
		{rig.Current, "auto-compaction-retention=-1", "auto-compaction-retention=0"},
		{rig.Current, "compact-hash-check-time=0s", "compact-hash-check-time=1s"},
		{rig.Current, "corrupt-check-time=-1s", "corrupt-check-time=0s"},
		{rig.Current, "cors=https://console.example.com", "cors=https://console.example.com:443"},
		{rig.Current, "enable-distributed-tracing=true distributed-tracing-sampling-rate=1000001", "enable-distributed-tracing=true distributed-tracing-sampling-rate=1000000"},
		{rig.Current, "enable-log-rotation=true", "enable-log-rotation=false"},
		{rig.Current, "election-timeout=0", "election-timeout=500"},
		{rig.Current, "feature-gates=InitialCorruptChek=true", "feature-gates=InitialCorruptCheck=true,,FastLeaseKeepAlive=false"},
		{rig.Current, "feature-gates=LeaseCheckpointPersist=true", "feature-gates=LeaseCheckpointPersist=true,LeaseCheckpoint=true"},
		{rig.Current, "feature-gates=AllAlpha=true,LeaseCheckpoint=false", "feature-gates=AllAlpha=true"},
		{rig.Current, "heartbeat-interval=0", "heartbeat-interval=200"},
		{rig.Current, "listen-metrics-urls=http://127.0.0.1:2381,http://0.0.0.0:2381", "listen-metrics-urls=http://127.0.0.1:2381"},
		{rig.Current, "log-format=text", "log-format=console"},
		{rig.Current, "log-outputs=/missing/etcd.log", "log-outputs=stdout,stderr"},
		{rig.Current, "max-learners=-1", "max-learners=2"},
		{rig.Current, "tls-min-version=VersionTLS12", "tls-min-version=TLS1.2"},
		{rig.Current, "tls-min-version=TLS1.3 tls-max-version=TLS1.2", "tls-min-version=TLS1.2 tls-max-version=TLS1.3"},
		{rig.Current, "tls-min-version=TLS1.3 cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
		{rig.Current, "v2-deprecation=not-yet", "v2-deprecation=write-only"},
		{rig.Older, "feature-gates=FastLeaseKeepAlive=true", "feature-gates=CompactHashCheck=true"},
		{rig.Older, "feature-gates=CompactHashCheck=true experimental-compact-hash-check-enabled=true", "experimental-compact-hash-check-enabled=true"},
		{rig.Older, "corrupt-check-time=1h experimental-corrupt-check-time=1h", "experimental-corrupt-check-time=1h"},
		{rig.Older, "experimental-enable-lease-checkpoint-persist=true", "experimental-enable-lease-checkpoint-persist=true experimental-enable-lease-checkpoint=true"},
	} {
		etcd, err := flags.Program(t.Context(), "etcd", string(test.release))
		if err != nil {
			t.Fatal(err)
		}
		for _, args := range []string{test.refused, test.taken} {
			t.Run(string(test.release)+" "+args, func(t *testing.T) {
				if err := tryArgs(t, t.TempDir(), test.release, "etcd", args); (err != nil) != (args == test.refused) {
					t.Errorf("kindling: %v", err)
				}
				if ready, out := startEtcd(t, etcd, args); ready != (args == test.taken) {
					t.Errorf("etcd: ready is %t\n%s", ready, out)
				}
			})
		}
	}
}

// startEtcd starts an etcd with these flags that listens on sockets of its own.
func startEtcd(t *testing.T, etcd, args string) (ready bool, out string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "etcd") // t.TempDir's names are too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	nobody := "http://127.0.0.1:1" // it has no peers
	return startProgram(t, etcd, []string{
		"--data-dir", dir + "/data", "--listen-client-urls", "unix://" + dir + "/c", "--advertise-client-urls", nobody, "--listen-peer-urls", "unix://" + dir + "/p",
		"--initial-advertise-peer-urls", nobody, "--initial-cluster", "default=" + nobody,
	}, args, func(line string) bool { return strings.Contains(line, "ready to serve client requests") })
}
