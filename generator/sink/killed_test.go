package sink_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/generator/sink"
)

// generation is a set in which every file says which one it is.
func generation(i int) tree {
	files := tree{"README.md": readme + fmt.Sprint(i)}
	for node := range 5 + i%3 {
		files[fmt.Sprintf("nodes/w%d/user-data", node)] = fmt.Sprint(i)
	}
	return files
}

// whole fails unless the set in root is one generation, all of it.
func whole(t *testing.T, root string) {
	t.Helper()
	files := treeOf(t, root)
	var i int
	if _, err := fmt.Sscanf(strings.TrimPrefix(files["README.md"], readme), "%d", &i); err != nil {
		t.Fatalf("%v: %v", files, err)
	}
	want := generation(i)
	for name, content := range want {
		if files[name] != content {
			t.Fatalf("%s is %q in generation %d: %v", name, files[name], i, files)
		}
	}
	if len(files) != len(want)+1 { // .gitignore
		t.Fatalf("generation %d has %d files: %v", i, len(files), files)
	}
}

// TestMain is also the program that TestKilled kills.
func TestMain(m *testing.M) {
	root := os.Getenv("KINDLING_TEST_GENERATE")
	if root == "" {
		os.Exit(m.Run())
	}
	if os.Getenv("KINDLING_TEST_RENAMES") != "" {
		sink.WithoutExchange(nil)
	}
	for i := 1; ; i++ {
		if _, err := generate(root, true, generation(i)); err != nil {
			panic(err)
		}
		fmt.Println(i)
	}
}

// TestKilled kills a program that writes one set after the other, at random moments. The next run finds a whole set, in its
// place or aside, and clears the rest even if it fails itself.
func TestKilled(t *testing.T) {
	for name, env := range map[string]string{"exchange": "", "two renames": "KINDLING_TEST_RENAMES=1"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			root := filepath.Join(dir, "out")
			if _, err := generate(root, true, generation(0)); err != nil {
				t.Fatal(err)
			}
			for range 25 {
				program := exec.Command(os.Args[0])
				program.Env = append(os.Environ(), "KINDLING_TEST_GENERATE="+root, env)
				program.Stderr = os.Stderr
				stdout, err := program.StdoutPipe()
				if err == nil {
					err = program.Start()
				}
				if err != nil {
					t.Fatal(err)
				}
				stdout.Read(make([]byte, 1)) // the first set is there
				time.Sleep(time.Duration(rand.Int64N(int64(20 * time.Millisecond))))
				program.Process.Kill()
				program.Wait()
				if env == "" {
					whole(t, root)
				}
				s, err := sink.Directory(root, false)
				if err != nil {
					t.Fatal(err)
				}
				s.Abort()
				whole(t, root)
				if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
					t.Fatalf("left: %v %v", entries, err)
				}
			}
		})
	}
}
