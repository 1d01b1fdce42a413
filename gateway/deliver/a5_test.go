package deliver

import (
	"context"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/lis"
)

// mostHeap is what A5 of the reliability tests allows.
const mostHeap = 300 << 20

// A target that is down for an hour with 100,000 changes waiting is probed no
// more than every thirty seconds once the pauses have grown, and drains at a
// thousand a second when it is back, in order (reliability A5). The journal and
// the target are in the same heap, and a collector lets it grow to twice of
// what lives: the limit is held to all of it while the target is down, and to
// what lives while it drains. TestMemoryWithTheJournalOnDisk holds it to all.
// Without LISGATE_LONG there are 20,000.
func TestDownForAnHour(t *testing.T) {
	const changes = 4
	each := 5000
	if os.Getenv("LISGATE_LONG") != "" && !racing {
		each = 25000
	}
	inHouse(t, func(h *house) {
		tried := &attempts{}
		lms := &memory.Adapter{Latency: time.Millisecond, Fail: func(c lis.Change) error {
			if h.after() < time.Hour {
				tried.note(c)
				return class(adapters.Unavailable)
			}
			return nil
		}}
		for range changes {
			h.put("lms", numbered(each)...)
		}
		runtime.GC()
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		down := heapOver(60, time.Minute)
		tried.mu.Lock()
		for i, at := range tried.at[1:] {
			if gap := at.Sub(tried.at[i]); at.Sub(h.began) > 2*time.Minute && gap < 30*time.Second {
				t.Errorf("a probe after %s", gap)
			}
		}
		tried.mu.Unlock()
		for len(lms.Effects()) == 0 {
			time.Sleep(time.Second)
		}
		drain, live := uint64(0), uint64(0)
		for range 10 {
			drain = max(drain, heapOver(each*changes/10000, time.Second))
			runtime.GC()
			live = max(live, heap())
		}
		h.balance("lms", int64(each*changes), 0, 0)
		if err := onceEach(lms.Effects(), each*changes); err != nil {
			t.Error(err)
		}
		t.Logf("%d changes; MiB of heap: %d while down, %d in the drain, of which %d live", each*changes, down>>20, drain>>20, live>>20)
		if max(down, live) > mostHeap && !racing {
			t.Errorf("more than %d MiB", mostHeap>>20)
		}
		h.end()
	})
}

// heap is how many bytes of the heap are in use, what is to be collected included.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// heapOver is the most that the heap is in a number of looks, one at each pause.
func heapOver(looks int, pause time.Duration) (peak uint64) {
	for range looks {
		time.Sleep(pause)
		peak = max(peak, heap())
	}
	return peak
}

// With the journal on disk, as it is in a gateway, all of the heap stays under
// the limit of A5, the target's own part included: 100,000 changes that wait
// while the target is down for five minutes, and then go out at a thousand a
// second at least. Without LISGATE_LONG it is a fiftieth, for half a second, and
// no rate is asked of it.
func TestMemoryWithTheJournalOnDisk(t *testing.T) {
	each, down, pause := 2000, 500*time.Millisecond, 100*time.Millisecond
	long := os.Getenv("LISGATE_LONG") != ""
	if long {
		each, down, pause = 100000, 5*time.Minute, 30*time.Second
	}
	store := openSQLite(t, t.TempDir())
	defer store.Close()
	h := &house{T: t, store: store}
	h.put("lms", numbered(each)...)
	runtime.GC()
	began := time.Now()
	var probes atomic.Int64
	lms := &memory.Adapter{Latency: time.Millisecond, Fail: func(lis.Change) error {
		if time.Since(began) < down {
			probes.Add(1)
			return class(adapters.Unavailable)
		}
		return nil
	}}
	stop := run(New(store, zap.NewNop(), time.Now, nil), []Target{{Name: "lms", Adapter: lms, FirstDelay: min(pause, time.Second), MaxDelay: pause}})
	peak := heapOver(int(down/(50*time.Millisecond)), 50*time.Millisecond)
	for len(lms.Effects()) == 0 {
		peak = max(peak, heapOver(1, 50*time.Millisecond))
	}
	drained := time.Now()
	for waits := true; waits; {
		peak = max(peak, heapOver(1, 50*time.Millisecond))
		var err error
		if _, waits, err = store.Oldest(context.Background(), "lms"); err != nil {
			t.Fatal(err)
		}
	}
	took := time.Since(drained)
	if err := stop(); err != nil {
		t.Error(err)
	}
	h.balance("lms", int64(each), 0, 0)
	if err := onceEach(lms.Effects(), each); err != nil {
		t.Error(err)
	}
	rate := float64(each) / took.Seconds()
	t.Logf("%d changes: %d MiB of heap at the peak, %d probes in %s, then %.0f changes a second", each, peak>>20, probes.Load(), down, rate)
	if peak > mostHeap && !racing || long && rate < 1000 {
		t.Errorf("want less than %d MiB and a thousand a second", mostHeap>>20)
	}
}
