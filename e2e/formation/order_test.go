package formation

import (
	"strings"
	"testing"
	"time"
)

func TestFaultOrders(t *testing.T) {
	for _, order := range []string{"cp0 cp1 cp2", "cp0 cp2 cp1", "cp1 cp0 cp2", "cp1 cp2 cp0", "cp2 cp0 cp1", "cp2 cp1 cp0"} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			m := newMachines(t, sample("stacked"))
			for _, name := range strings.Fields(order) {
				m.Boot(name)
				time.Sleep(2 * time.Second)
			}
			m.WaitDone(m.names...)
			m.checkFormed()
		})
	}
}

// With bootstrapExpect 2 two machines do not wait for the third, which joins later.
func TestBootstrapExpect(t *testing.T) {
	t.Parallel()
	m := newMachines(t, changed(t, "stacked", "topology: stacked", "bootstrapExpect: 2"))
	m.Boot("cp0", "cp1")
	m.WaitDone("cp0", "cp1")
	m.write()
	m.Boot("cp2")
	m.WaitDone("cp2")
	m.checkFormed()
	m.checkWritten("cp2")
}
