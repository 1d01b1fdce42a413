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

func TestOfTwoProbesTheUntriedOneGoesFirst(t *testing.T) {
	two := func(a, b int) []journal.Delivery {
		return []journal.Delivery{{Attempts: a}, {Attempts: b}}
	}
	for _, c := range []struct {
		name         string
		of           []journal.Delivery
		first, spare int
	}{
		{"tried and untried", two(3, 0), 0, 3},
		{"untried and tried", two(0, 3), 0, 3},
		{"both tried", two(3, 1), 3, 1},
	} {
		got := items(c.of, time.Time{}, true)
		if len(got) != 1 || got[0].Attempts != c.first || got[0].spare.Attempts != c.spare || !got[0].probe || !got[0].spare.probe {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if got := items(two(3, 0), time.Time{}, false); len(got) != 2 || got[0].Attempts != 3 || got[0].probe || got[0].spare != nil {
		t.Errorf("no probes: %+v", got)
	}
	if got := items(two(3, 0)[:1], time.Time{}, true); len(got) != 1 || got[0].spare != nil {
		t.Errorf("one probe: %+v", got)
	}
}

// The queue is long where attempts are quick, and short where they are slow.
func TestSizeOfTheQueue(t *testing.T) {
	for pace, want := range map[time.Duration]int{0: 16, time.Millisecond: mostQueue, 100 * time.Millisecond: 20, 30 * time.Second: 8} {
		l := newLane(nil, Target{}.withDefaults(), nil)
		l.pace.Store(int64(pace))
		if got := l.size(); got != want {
			t.Errorf("at %s: %d, want %d", pace, got, want)
		}
	}
	l := newLane(nil, Target{Workers: 1000}.withDefaults(), nil)
	l.pace.Store(int64(time.Millisecond))
	if got := l.size(); got < 1000 || got > cap(l.queue) {
		t.Errorf("for 1000 workers %d of %d", got, cap(l.queue))
	}
	l.pace.Store(0)
	if got := l.size(); got > cap(l.queue) {
		t.Errorf("for 1000 new workers %d of %d", got, cap(l.queue))
	}
}
