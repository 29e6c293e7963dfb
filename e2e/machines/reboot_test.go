package machines

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// TestRebootInEachStep cuts the power in the middle of every step: of a control plane's, while the others boot, and of a
// worker's. All machines are wiped in between.
func TestRebootInEachStep(t *testing.T) {
	c := newCluster(t, "stacked.yaml", sharedPKI, nil)
	machines := c.names("")
	c.Boot(machines...)
	c.checkCluster()
	halves := map[string][]half{}
	for _, name := range machines {
		halves[name] = c.halves(name)
	}

	covered := map[string]bool{}
	for round := 0; ; round++ {
		cuts := c.cutsOf(round, halves)
		if c.allCovered(covered, cuts) {
			break
		}
		c.powerOff(machines...)
		for _, name := range machines {
			c.Wipe(name)
		}
		c.Boot(machines...)
		c.cut(cuts)
		c.checkCluster()
		for name, cut := range cuts {
			covered[c.node(name).Role+" "+cut.step] = true
		}
	}
	t.Logf("%d of %[1]d: %v", len(covered), covered)
}

// A half is a step and half the time that it takes.
type half struct {
	step  string
	after time.Duration
}

// halves are those of all steps of a machine, in their order, by the stamps that they left.
func (c *cluster) halves(name string) []half {
	c.t.Helper()
	status, err := statusOf(c.Rig, name)
	if err != nil {
		c.t.Fatal(err)
	}
	var halves []half
	var began time.Time
	for _, step := range status.Steps {
		stamp, err := os.Stat(c.stamp(name, step.Name, "done"))
		if err != nil {
			c.t.Fatal(err)
		}
		if began.IsZero() { // of the first step only the end is known; it takes no time that matters
			began = stamp.ModTime()
		}
		halves = append(halves, half{step.Name, stamp.ModTime().Sub(began) / 2})
		began = stamp.ModTime()
	}
	return halves
}

// cutsOf is what happens to whom in a round: each machine is cut in another of its role's steps, and the next ones in the next
// round.
func (c *cluster) cutsOf(round int, halves map[string][]half) map[string]half {
	cuts := map[string]half{}
	for _, role := range []string{"control-plane", "worker"} {
		names := c.names(role)
		for i, name := range names {
			steps := halves[name]
			cuts[name] = steps[(round*len(names)+i)%len(steps)]
		}
	}
	return cuts
}

// allCovered reports whether a round of cuts would bring nothing new.
func (c *cluster) allCovered(covered map[string]bool, cuts map[string]half) bool {
	for name, cut := range cuts {
		if !covered[c.node(name).Role+" "+cut.step] {
			return false
		}
	}
	return true
}

// cut cuts each machine's power in the middle of its step, and boots it again at once.
func (c *cluster) cut(cuts map[string]half) {
	c.t.Helper()
	killed := make(chan string)
	for name, cut := range cuts {
		go func() {
			if err := c.killDuring(name, cut); err != nil {
				c.t.Errorf("cut %s in step %s: %v", name, cut.step, err)
			}
			killed <- name
		}()
	}
	for range cuts {
		c.Reboot(<-killed)
	}
}

func (c *cluster) killDuring(name string, cut half) error {
	log, done := c.stamp(name, cut.step, "log"), c.stamp(name, cut.step, "done")
	for began := time.Now(); !exists(log); time.Sleep(time.Millisecond) {
		if time.Since(began) > bootLimit {
			return fmt.Errorf("not begun within %s", bootLimit)
		}
	}
	time.Sleep(cut.after)
	if err := c.Kill(name); err != nil {
		return err
	}
	if exists(done) {
		return fmt.Errorf("it was done within %s", cut.after)
	}
	return nil
}

func (c *cluster) stamp(name, step, kind string) string {
	return c.Path(name, "/var/lib/kindling/"+step+"."+kind)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
