package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	butane "github.com/coreos/butane/config"
	"github.com/coreos/butane/config/common"
)

// fleet writes a cluster of three control planes and many workers, with its keys, and returns the built program.
func fleet(b *testing.B, system string, workers int) (program, dir string) {
	b.Helper()
	dir = built(b)
	program = filepath.Join(dir, "kindling")
	var spec strings.Builder
	fmt.Fprintf(&spec, `apiVersion: kindling/v1alpha1
kind: Cluster
name: fleet
kubernetesVersion: v1.37.2
controlPlaneEndpoint: api.fleet.test:6443
networking: {podSubnet: 172.16.0.0/12, serviceSubnet: 10.96.0.0/12}
os: %s
install: {method: preinstalled}
cni: {manifest: none}
nodes:
`, system)
	for i := range 3 {
		fmt.Fprintf(&spec, "- {name: cp%d, role: control-plane, address: 10.0.0.%d}\n", i, i+1)
	}
	for i := range workers {
		fmt.Fprintf(&spec, "- {name: worker-%d, role: worker, address: 10.1.%d.%d}\n", i, i/250, i%250+1)
	}
	if err := os.WriteFile(filepath.Join(dir, "cluster.yaml"), []byte(spec.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	start(b, dir, program, "pki", "init")
	return program, dir
}

// usage is what a finished program took.
type usage struct {
	wall, cpu time.Duration
	rss       int64 // KiB
}

func start(b *testing.B, dir string, program string, args ...string) usage {
	b.Helper()
	c := exec.Command(program, args...)
	c.Dir = dir
	began := time.Now()
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return usage{time.Since(began), c.ProcessState.UserTime() + c.ProcessState.SystemTime(), c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss}
}

// BenchmarkGenerate runs the real program on an existing PKI and, after each run, copies the written tree with cp.
func BenchmarkGenerate(b *testing.B) {
	for _, workers := range []int{1_000, 10_000} {
		b.Run(fmt.Sprintf("cloud-init/workers=%d", workers), func(b *testing.B) {
			program, dir := fleet(b, "ubuntu", workers)
			var wall, cpu, copying, copyCPU time.Duration
			var rss int64
			for b.Loop() {
				remove(b, dir, "out", "copy")
				u := start(b, dir, program, "generate")
				wall, cpu, rss = wall+u.wall, cpu+u.cpu, max(rss, u.rss)
				c := start(b, dir, "cp", "-r", "out", "copy")
				copying, copyCPU = copying+c.wall, copyCPU+c.cpu
			}
			b.ReportMetric(cpu.Seconds()/float64(b.N), "cpu-s/op")
			// What the file system alone takes for as many files: on some, most of the above.
			b.ReportMetric(copyCPU.Seconds()/float64(b.N), "cp-cpu-s/op")
			b.ReportMetric(float64(rss)/1024, "peak-MB")
			b.ReportMetric(wall.Seconds()/copying.Seconds(), "wall/cp-r")
		})
	}
}

// BenchmarkInit runs the real program without any keys and, after each run, copies what it wrote with cp and syncs it.
func BenchmarkInit(b *testing.B) {
	program, dir := fleet(b, "ubuntu", 1_000)
	var wall, cpu, copying time.Duration
	for b.Loop() {
		remove(b, dir, "pki", "copy")
		u := start(b, dir, program, "pki", "init")
		wall, cpu = wall+u.wall, cpu+u.cpu
		copying += start(b, dir, "sh", "-c", "cp -r pki copy && sync -f copy").wall
	}
	b.ReportMetric(cpu.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(wall.Seconds()/copying.Seconds(), "wall/cp-r+sync")
}

// BenchmarkNode runs the real program for one worker of a small and of a large cluster.
func BenchmarkNode(b *testing.B) {
	for _, workers := range []int{2, 10_000} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			program, dir := fleet(b, "ubuntu", workers)
			var validate, node time.Duration
			for b.Loop() {
				validate += start(b, dir, program, "validate").cpu
				node += start(b, dir, program, "node", "worker-1").cpu
			}
			b.ReportMetric(node.Seconds()/float64(b.N), "cpu-s/op")
			// What is left when cluster.yaml has been read.
			b.ReportMetric((node-validate).Seconds()/float64(b.N), "cpu-s-without-spec/op")
		})
	}
}

// BenchmarkSealed sets `generate` and `node` with a sealed PKI against the same with a plain one.
func BenchmarkSealed(b *testing.B) {
	program, dir := fleet(b, "ubuntu", 1_000)
	start(b, dir, "cp", "-r", "pki", "sealed")
	identity, err := filepath.Abs("../../testdata/identities/alice")
	if err != nil {
		b.Fatal(err)
	}
	began := start(b, dir, program, "pki", "seal", "--pki", "sealed", "--recipient", identity+".pub")
	var plain, sealed, plainNode, sealedNode time.Duration
	for b.Loop() {
		remove(b, dir, "out", "out2")
		plain += start(b, dir, program, "generate").cpu
		sealed += start(b, dir, program, "generate", "-o", "out2", "--pki", "sealed", "--identity", identity).cpu
		plainNode += start(b, dir, program, "node", "worker-1").cpu
		sealedNode += start(b, dir, program, "node", "worker-1", "--pki", "sealed", "--identity", identity).cpu
	}
	b.ReportMetric(began.cpu.Seconds(), "cpu-s/seal")
	b.ReportMetric(sealed.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(sealed.Seconds()/plain.Seconds(), "sealed/plain")
	b.ReportMetric(sealedNode.Seconds()/plainNode.Seconds(), "sealed/plain-node")
}

// BenchmarkIgnition sets `generate` against butane alone, which translates the same documents in this process.
func BenchmarkIgnition(b *testing.B) {
	const workers = 1_000
	program, dir := fleet(b, "flatcar", workers)
	start(b, dir, program, "generate")
	sources, err := filepath.Glob(filepath.Join(dir, "out/nodes/*/config.bu"))
	if err != nil || len(sources) != workers+3 {
		b.Fatalf("%d documents, %v", len(sources), err)
	}
	var cpu, raw time.Duration
	for b.Loop() {
		remove(b, dir, "out2")
		cpu += start(b, dir, program, "generate", "-o", "out2").cpu
		before := cpuTime(b)
		for _, source := range sources {
			data, err := os.ReadFile(source)
			if err != nil {
				b.Fatal(err)
			}
			if _, _, err := butane.TranslateBytes(data, common.TranslateBytesOptions{}); err != nil {
				b.Fatal(err)
			}
		}
		raw += cpuTime(b) - before
	}
	b.ReportMetric(cpu.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(cpu.Seconds()/raw.Seconds(), "cpu/butane")
}

func remove(b *testing.B, dir string, names ...string) {
	b.Helper()
	b.StopTimer()
	defer b.StartTimer()
	for _, name := range names {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			b.Fatal(err)
		}
	}
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
