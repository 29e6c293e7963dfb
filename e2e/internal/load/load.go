package load

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// clients is how many work at the same time.
const clients = 4

// A pace is how fast a load goes.
type pace struct {
	pause    time.Duration // of a client between two operations
	rotation time.Duration // how long a key is used
	limit    time.Duration // of one operation
	readBack time.Duration // of the reads at the end, all together
}

// ordinary is about 30 operations a second. Two processors hardly notice it, and it misses no gap that a user would feel.
var ordinary = pace{pause: 120 * time.Millisecond, rotation: 5 * time.Second, limit: 3 * time.Second, readBack: time.Minute}

// A Load is a group of clients that work until it is stopped.
type Load struct {
	api    api
	pace   pace
	prefix string // of its keys
	began  time.Time
	ended  chan struct{}
	work   sync.WaitGroup

	numbers, values atomic.Int64

	mu         sync.Mutex
	operations []operation
}

// Start starts a load in a namespace of the API server at base, such as https://10.0.0.2:6443. It fails if the first key
// can't be created. After that, only [Load.Stop] ends the load. The client's own limits apply as well.
func Start(client *http.Client, base, namespace string) (*Load, error) {
	return start(client, base, namespace, ordinary)
}

func start(client *http.Client, base, namespace string, pace pace) (*Load, error) {
	began := time.Now()
	l := &Load{
		api:   api{client: client, base: base, namespace: namespace, limit: pace.limit},
		pace:  pace,
		began: began,
		ended: make(chan struct{}),
		// Keys of an earlier load may still be there, and must not be mistaken for this one's.
		prefix: "load-" + strconv.FormatInt(began.UnixNano(), 36),
	}
	first := l.newWorker()
	if o := first.do(create, l.key()); o.outcome != acknowledged {
		return nil, fmt.Errorf("create ConfigMap %s in namespace %s: %s", o.key, namespace, o.answer)
	}
	l.work.Go(first.run)
	for range clients - 1 {
		l.work.Go(l.newWorker().run)
	}
	return l, nil
}

// Stop waits for the operations that are under way, and reads every key once more. It must be called once.
func (l *Load) Stop() *History {
	h := &History{lasted: time.Since(l.began)}
	close(l.ended)
	l.work.Wait()
	h.unread = l.readBack()
	h.operations = l.operations
	return h
}

// readBack reads every key, each of them until there is an answer. It returns the keys without an answer within the limit.
func (l *Load) readBack() (unread []string) {
	var keys []string
	for _, o := range l.operations {
		keys = append(keys, o.key)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	reader := l.newWorker()
	for began := time.Now(); len(keys) > 0 && time.Since(began) < l.pace.readBack; {
		if reader.do(read, keys[0]).outcome == acknowledged {
			keys = keys[1:]
			continue
		}
		time.Sleep(l.pace.pause)
	}
	return keys
}

// key returns the key that all clients use now.
func (l *Load) key() string {
	return fmt.Sprintf("%s-%05d", l.prefix, time.Since(l.began)/l.pace.rotation)
}
