package deliver

import (
	"context"
	"sync"
	"testing"
	"time"

	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// The changes of one object go one after the other, and do not wait for the
// next look at the journal.
func TestOneObjectWithManyChanges(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{Latency: time.Millisecond}
		for range 100 {
			h.put("lms", "a")
		}
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		h.settle()
		if h.after() > 200*time.Millisecond {
			t.Errorf("took %s", h.after())
		}
		if err := onceEach(lms.Effects(), 100); err != nil {
			t.Error(err)
		}
		h.end()
	})
}

// noting is a store that notes until when changes are on lease.
type noting struct {
	journal.Store
	mu    sync.Mutex
	until map[int64]time.Time // by fence
}

func (n *noting) Lease(ctx context.Context, target string, limit int, now, until time.Time) ([]journal.Delivery, error) {
	d, err := n.Store.Lease(ctx, target, limit, now, until)
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range d {
		n.until[d[i].Fence] = until
	}
	return d, err
}

// What waited too long behind slow attempts is given back, not tried under a
// lease that ends before the attempt must.
func TestNoAttemptOutlastsItsLease(t *testing.T) {
	inHouse(t, func(h *house) {
		store := &noting{Store: h.store, until: map[int64]time.Time{}}
		n := 0
		lms := &memory.Adapter{Hang: func(c lis.Change) bool {
			store.mu.Lock()
			defer store.mu.Unlock()
			if left := time.Until(store.until[c.Fence]); left < 30*time.Second {
				t.Errorf("an attempt of 30s with %s left of the lease", left)
			}
			n++
			return n < 30 && n%3 == 0
		}}
		h.put("lms", numbered(50)...)
		h.start(store, Target{Name: "lms", Adapter: lms, Workers: 1})
		time.Sleep(20 * time.Minute)
		h.balance("lms", 50, 0, 0)
		if err := onceEach(lms.Effects(), 50); err != nil {
			t.Error(err)
		}
		h.end()
	})
}

// A lane asks for one change only as a probe: the first of a lease is always
// a new one, and what failed before has to have its turn too.
func TestOnlyAProbeIsLeasedAlone(t *testing.T) {
	l := newLane(&Engine{now: time.Now}, Target{Adapter: &memory.Adapter{}, Workers: 1}.withDefaults(), nil)
	l.pace.Store(int64(time.Minute))
	for _, want := range []int{2, 0, 0} {
		if n, probe := l.room(); n != want || probe {
			t.Errorf("with %d of %d in the queue: room for %d, probe %t, want %d", len(l.queue.items), l.size(), n, probe, want)
		}
		l.queue.put(item{})
	}
	l.breaker.busy(time.Now().Add(-time.Second))
	if n, probe := l.room(); n != 1 || !probe {
		t.Errorf("after a pause: room for %d, probe %t", n, probe)
	}
}

// The queue is long where attempts are quick, and short where they are slow.
func TestSizeOfTheQueue(t *testing.T) {
	for pace, want := range map[time.Duration]int{0: 16, time.Millisecond: mostQueue, 100 * time.Millisecond: 20, 30 * time.Second: 8} {
		l := newLane(nil, Target{Adapter: &memory.Adapter{}}.withDefaults(), nil)
		l.pace.Store(int64(pace))
		if got := l.size(); got != want {
			t.Errorf("at %s: %d, want %d", pace, got, want)
		}
	}
	l := newLane(nil, Target{Adapter: &memory.Adapter{}, Workers: 1000}.withDefaults(), nil)
	l.pace.Store(int64(time.Millisecond))
	if got := l.size(); got < 1000 {
		t.Errorf("for 1000 workers %d", got)
	}
}
