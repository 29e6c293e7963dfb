package load

import (
	"strconv"
	"time"
)

// A worker is one of the clients of a load: it does one thing after another.
type worker struct {
	load   *Load
	number int
	key    string // that it last used
	exists bool   // as far as it knows
}

func (l *Load) newWorker() *worker {
	return &worker{load: l, number: int(l.numbers.Add(1))}
}

// run writes and reads in turn until the load is stopped.
func (w *worker) run() {
	for writes := true; ; writes = !writes {
		select {
		case <-w.load.ended:
			return
		case <-time.After(w.load.pace.pause):
		}
		key := w.load.key()
		switch {
		case !writes:
			w.do(read, key)
		case w.exists && w.key == key:
			w.do(update, key)
		default:
			w.do(create, key)
		}
	}
}

// do carries out an operation and puts it into the history.
func (w *worker) do(kind kind, key string) operation {
	o := operation{client: w.number, kind: kind, key: key}
	if kind != read {
		o.value = strconv.FormatInt(w.load.values.Add(1), 10)
	}
	o.called = time.Since(w.load.began)
	w.load.api.do(&o)
	o.returned = time.Since(w.load.began)
	w.learn(o)

	w.load.mu.Lock()
	defer w.load.mu.Unlock()
	w.load.operations = append(w.load.operations, o)
	return o
}

// learn stores what an operation shows about its key.
func (w *worker) learn(o operation) {
	if o.key != w.key {
		w.key, w.exists = o.key, false
	}
	switch o.outcome {
	case acknowledged:
		w.exists = o.value != absent
	case rejected:
		w.exists = o.kind == create
	case unknown:
		w.number = int(w.load.numbers.Add(1))
	}
}
