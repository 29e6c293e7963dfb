package pki

import (
	"crypto"
	"maps"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// job is a leaf to be made: for the pair's key, or if that is empty for a new one.
type job struct {
	leaf  Leaf
	ca    *authority
	pair  Pair
	saved bool // whether it has been made and saved
}

// result is what has become of a job.
type result struct {
	job  *job
	made Pair
	err  error
}

// issue makes leaves on all cores. While save is busy with a batch, the next one gathers: slow keys are saved one by one as
// they come, fast ones by the hundred.
func (b *Bundle) issue(jobs []job, now time.Time, save func(files map[string][]byte) error) error {
	var (
		workers sync.WaitGroup
		next    atomic.Int64
		stopped atomic.Bool
		results = make(chan result, len(jobs))
	)
	defer workers.Wait()
	defer stopped.Store(true)
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(jobs)) && !stopped.Load(); i = next.Add(1) - 1 {
				made, err := jobs[i].do(b.request.Algorithm, now, b.request.Validity)
				results <- result{&jobs[i], made, err}
			}
		})
	}
	for left := len(jobs); left > 0; {
		batch := []result{<-results}
		for len(results) > 0 {
			batch = append(batch, <-results)
		}
		if err := b.saveBatch(batch, save); err != nil {
			return err
		}
		left -= len(batch)
	}
	return nil
}

func (b *Bundle) saveBatch(batch []result, save func(files map[string][]byte) error) error {
	files := map[string][]byte{}
	for _, r := range batch {
		if r.err != nil {
			return r.err
		}
		maps.Copy(files, added(r.job.leaf.Name, r.job.pair, r.made))
	}
	if err := save(files); err != nil {
		return err
	}
	for _, r := range batch {
		b.pairs[r.job.leaf.Name], r.job.saved = r.made, true
	}
	return nil
}

func (j *job) do(algorithm string, now time.Time, validity time.Duration) (Pair, error) {
	return certify(j.pair, algorithm, func(key crypto.Signer) ([]byte, error) { return j.ca.newLeaf(key, j.leaf, now, validity) })
}
