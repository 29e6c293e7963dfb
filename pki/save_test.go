package pki

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestMain lets tests run this binary as another process: `kindling pki init` of the directory in the environment, with
// files limited to some bytes if asked.
func TestMain(m *testing.M) {
	syscall.Umask(0o022)
	dir := os.Getenv("KINDLING_TEST_INIT")
	if dir == "" {
		os.Exit(m.Run())
	}
	if os.Getenv("KINDLING_TEST_FULL") != "" {
		limit := syscall.Rlimit{Cur: 100, Max: 100} // a write beyond it fails as on a full disk, half-way
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			panic(err)
		}
	}
	if _, err := Init(dir, request("w0", "w1"), now); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func initProcess(dir string, env ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(env, "KINDLING_TEST_INIT="+dir)...)
	return cmd
}

// tree maps every path below dir to its mode, and for files to their content and time.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		found[path] = info.Mode().String()
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found[path] += info.ModTime().String() + string(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestInitModes(t *testing.T) {
	dir := initDir(t, request("w0"))
	got := map[string]string{}
	for path, description := range tree(t, dir) {
		name, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		got[name] = description[:10]
	}
	const folder, secret, public = "drwx------", "-rw-------", "-rw-r--r--"
	want := map[string]string{
		".": folder, ".gitignore": public, ".lock": secret,
		"ca.key": secret, "ca.crt": public, "front-proxy-ca.key": secret, "front-proxy-ca.crt": public,
		"etcd": folder, "etcd/ca.key": secret, "etcd/ca.crt": public,
		"sa.key": secret, "sa.pub": public, "bootstrap-token": secret, "admin.key": secret, "admin.crt": public,
		"nodes": folder, "nodes/w0": folder, "nodes/w0/kubelet-client.key": secret, "nodes/w0/kubelet-client.crt": public,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ignore, err := os.ReadFile(filepath.Join(dir, ".gitignore"))
	if err != nil || string(ignore) != "*\n" {
		t.Errorf(".gitignore: %q, %v", ignore, err)
	}
}

func TestInitChangesNothingThatIsThere(t *testing.T) {
	dir := initDir(t, request("w0"))
	write(t, dir, ".gitignore", "# mine\n")
	write(t, dir, "apiserver.crt", "not ours")
	if err := os.Chmod(filepath.Join(dir, "ca.key"), 0o400); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	if written, err := Init(dir, request("w0"), now.Add(day)); err != nil || len(written) > 0 {
		t.Fatalf("wrote %q, %v", written, err)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Error("the directory has changed")
	}

	written, err := Init(dir, request("w0", "w1"), now.Add(day))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"nodes/w1/kubelet-client.key", "nodes/w1/kubelet-client.crt"}
	if diff := cmp.Diff(want, written); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	after := tree(t, dir)
	for path, was := range before {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && after[path] != was {
			t.Errorf("%s has changed", path)
		}
	}
}

func TestSaveDirRefusesOtherContent(t *testing.T) {
	dir := initDir(t, request())
	remove(t, dir, "ca.key", "admin.key")
	before := tree(t, dir)
	other := complete(t, request())
	other.Admin, other.FrontProxyCA, other.EtcdCA, other.SAKey, other.SAPub, other.BootstrapToken = Pair{}, Pair{}, Pair{}, nil, nil, ""
	_, err := SaveDir(dir, other)
	want := []string{filepath.Join(dir, "ca.crt") + ": is there with other content; move it away, then run kindling pki init"}
	if diff := cmp.Diff(want, found(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Error("the directory has changed")
	}
}

func TestSaveDirWritesThroughNoLink(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(t.TempDir(), "target")
	if err := os.Symlink(target, filepath.Join(dir, "ca.key")); err != nil {
		t.Fatal(err)
	}
	written, err := SaveDir(dir, complete(t, request()))
	if err == nil || err.Error() != filepath.Join(dir, "ca.key")+": file exists" || len(written) > 0 {
		t.Errorf("wrote %q, %v", written, err)
	}
	if _, err := os.Lstat(target); err == nil {
		t.Error("the link's target was made")
	}
	if _, err := Init(dir, request(), now); err == nil || !strings.Contains(err.Error(), "is a symbolic link to nothing") {
		t.Errorf("Init: %v", err)
	}
}

// A full disk leaves no half file and no temporary one, and the next run finishes the work.
func TestInitOnFullDisk(t *testing.T) {
	dir := t.TempDir()
	output, err := initProcess(dir, "KINDLING_TEST_FULL=1").Output()
	if want := filepath.Join(dir, "ca.key") + ": file too large\n"; err == nil || string(output) != want {
		t.Errorf("%v: %q, want %q", err, output, want)
	}
	names := slices.Sorted(maps.Keys(tree(t, dir)))
	if diff := cmp.Diff([]string{dir, filepath.Join(dir, ".gitignore"), filepath.Join(dir, ".lock")}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := Init(dir, request(), now); err != nil {
		t.Error(err)
	}
}

// Whatever file was the last one that a killed run wrote, the next run finishes the work and leaves nothing temporary.
func TestInitAfterKilledRun(t *testing.T) {
	r := request("w0")
	whole := complete(t, r).files()
	for n := range whole {
		dir := t.TempDir()
		for _, f := range whole[:n] {
			write(t, dir, f.name, string(f.data))
		}
		next := filepath.Join(dir, whole[n].name)
		write(t, dir, whole[n].name, "")
		if err := os.Rename(next, tempName(next)); err != nil {
			t.Fatal(err)
		}
		if n > 0 { // killed between link and unlink
			last := filepath.Join(dir, whole[n-1].name)
			if err := os.Link(last, tempName(last)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Init(dir, r, now); err != nil {
			t.Errorf("killed at %s: %v", whole[n].name, err)
		}
		for path := range tree(t, dir) {
			if strings.HasSuffix(path, ".new") {
				t.Errorf("killed at %s: left %s", whole[n].name, path)
			}
		}
	}
}

func TestInitConcurrently(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pki")
	r := request("w0", "w1")
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if _, err := Init(dir, r, now); err != nil {
				t.Error(err)
			}
		})
		wait.Go(func() {
			if output, err := initProcess(dir).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, output)
			}
		})
	}
	wait.Wait()
	if err := loadDir(t, dir).Check(r, now); err != nil {
		t.Error(err)
	}
}

// Runs killed at any moment never leave what the next cannot finish.
func TestInitKilledAtRandom(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pki")
	for delay := range 40 {
		cmd := initProcess(dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(delay) * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
	}
	r := request("w0", "w1")
	if _, err := Init(dir, r, now); err != nil {
		t.Error(err)
	}
}

func TestCheckPermissions(t *testing.T) {
	dir := initDir(t, request("w0"))
	if got, err := CheckPermissions(dir); err != nil || len(got) > 0 {
		t.Errorf("of a new directory: %q, %v", got, err)
	}
	for name, mode := range map[string]fs.FileMode{"": 0o755, "ca.key": 0o644, "nodes/w0/kubelet-client.key": 0o620, "ca.crt": 0o666} {
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	got, err := CheckPermissions(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		fmt.Sprintf("%s: mode 0755 lets others in; chmod go= %[1]s", dir),
		fmt.Sprintf("%s: mode 0644 lets others in; chmod go= %[1]s", filepath.Join(dir, "ca.key")),
		fmt.Sprintf("%s: mode 0620 lets others in; chmod go= %[1]s", filepath.Join(dir, "nodes/w0/kubelet-client.key")),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
