package machines

import (
	"os"
	"slices"
	"testing"
	"time"

	"kindling/e2e/internal/progress"
)

// TestFaultRebootInEachStep cuts the power in the middle of every step of a control plane and of a worker, while the other
// machines boot and lose power too. All machines are wiped in between.
func TestFaultRebootInEachStep(t *testing.T) {
	c := newCluster(t, generate(t, "stacked.yaml"), nil)
	machines := c.names("")
	c.Boot(machines...)
	c.checkCluster()
	left := append(c.cuts("control-plane"), c.cuts("worker")...)
	all := len(left)

	for round := 1; len(left) > 0; round++ {
		if round > all {
			t.Fatalf("after %d boots, these steps were never cut: %v", all, left)
		}
		c.wipe(machines...)
		c.Boot(machines...)
		left = c.cut(left)
		c.checkCluster()
	}
	t.Logf("cut in all %d steps; the cluster was the same each time", all)
}

// A cut is a step of a role, and how long after its start the power is cut.
type cut struct {
	role, step string
	after      time.Duration
}

// cuts returns a cut in the middle of each step of a role, by the stamps that the first machine with the role has left.
func (c *cluster) cuts(role string) []cut {
	c.t.Helper()
	name := c.names(role)[0]
	status, err := statusOf(c.Rig, name)
	if err != nil {
		c.t.Fatal(err)
	}
	var cuts []cut
	var began time.Time
	for _, step := range status.Steps {
		stamp, err := os.Stat(c.stamp(name, step.Name, "done"))
		if err != nil {
			c.t.Fatal(err)
		}
		if began.IsZero() { // only the end of the first step is known; that step takes next to no time
			began = stamp.ModTime()
		}
		cuts = append(cuts, cut{role, step.Name, stamp.ModTime().Sub(began) / 2})
		began = stamp.ModTime()
	}
	return cuts
}

// cut gives each booting machine one of the cuts that are left for its role, and boots it again at once. It returns the cuts
// that are still left: a step that was done too early is cut sooner the next time.
func (c *cluster) cut(left []cut) []cut {
	c.t.Helper()
	type result struct {
		name string
		cut  cut
		done bool
	}
	results, pending := make(chan result), 0
	for _, name := range c.names("") {
		i := slices.IndexFunc(left, func(next cut) bool { return next.role == c.node(name).Role })
		if i < 0 {
			continue
		}
		next := left[i]
		left = slices.Delete(left, i, i+1)
		pending++
		go func() {
			done, err := c.killDuring(name, next)
			if err != nil {
				c.t.Errorf("cut %s in step %s: %v", name, next.step, err)
			}
			results <- result{name, next, done}
		}()
	}
	for range pending {
		result := <-results
		c.Reboot(result.name)
		if result.done {
			c.t.Logf("%s was done with %s within %s", result.name, result.cut.step, result.cut.after)
			result.cut.after /= 2
			left = append(left, result.cut)
			continue
		}
		c.t.Logf("cut %s in %s after %s", result.name, result.cut.step, result.cut.after)
	}
	return left
}

// killDuring reports whether the step was done before the power was cut.
func (c *cluster) killDuring(name string, cut cut) (done bool, err error) {
	log := c.stamp(name, cut.step, "log")
	begun := func() (string, bool) { return "it has not started", exists(log) }
	if err := progress.Wait(time.Millisecond, begun, c.Consoles); err != nil {
		return false, err
	}
	time.Sleep(cut.after)
	err = c.Kill(name)
	return exists(c.stamp(name, cut.step, "done")), err
}

func (c *cluster) stamp(name, step, kind string) string {
	return c.Path(name, "/var/lib/kindling/"+step+"."+kind)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
