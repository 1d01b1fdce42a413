package deliver

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/lis"
)

func openSQLite(t testing.TB, dir string) journal.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// The store on disk, opened again after the engine died: what was on lease
// goes on at once, and each change has its effect once.
func TestResumeAfterACrashOnDisk(t *testing.T) {
	dir, lms := t.TempDir(), &memory.Adapter{Latency: time.Millisecond}
	const changes = 600
	for round, settlements := range []int64{30, 100, 200, 1 << 40} {
		store := openSQLite(t, dir)
		if round == 0 {
			fillStore(t, store, changes/3)
		}
		broken := &crashing{Store: store}
		broken.left.Store(settlements)
		e := New(broken, zap.NewNop(), time.Now, nil)
		stop := run(e, []Target{{Name: "lms", Adapter: lms, Workers: 8}})
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		if round < 3 {
			crashed(ctx, broken)
		} else if err := e.Idle(ctx); err != nil {
			t.Error(err)
		}
		cancel()
		if err := stop(); err != nil && !errors.Is(err, journal.ErrClosed) {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := onceEach(lms.Effects(), changes); err != nil {
		t.Error(err)
	}
	store := openSQLite(t, dir)
	defer store.Close()
	if b, err := balanceOf(store, "lms"); err != nil || b.Applied != changes || b.Waiting != 0 {
		t.Errorf("balance %+v, %v", b, err)
	}
}

// Records that always fail must not keep a new one from being the probe.
func TestPoisonOnDiskDoesNotKeepTheBreakerOpen(t *testing.T) {
	store := openSQLite(t, t.TempDir())
	defer store.Close()
	lms := &memory.Adapter{Fail: func(c lis.Change) error {
		if c.Key != "good" {
			return class(adapters.Unavailable)
		}
		return nil
	}}
	if err := write(store, "lms", lis.KindPerson, lis.Put, numbered(4)...); err != nil {
		t.Fatal(err)
	}
	e := New(store, zap.NewNop(), time.Now, nil)
	stop := run(e, []Target{{Name: "lms", Adapter: lms, FirstDelay: 5 * time.Millisecond, MaxDelay: 20 * time.Millisecond}})
	time.Sleep(200 * time.Millisecond)
	if err := write(store, "lms", lis.KindPerson, lis.Put, "good"); err != nil {
		t.Fatal(err)
	}
	for range 400 {
		if len(lms.Effects()) == 0 {
			time.Sleep(5 * time.Millisecond)
		}
	}
	if err := stop(); err != nil || len(lms.Effects()) != 1 {
		t.Errorf("%d effects, %v", len(lms.Effects()), err)
	}
}

// A target that was away for a while gets all that waits at once when it is
// back: no probe has kept a change on lease.
func TestAllGoesOutWhenTheTargetIsBackOnDisk(t *testing.T) {
	store := openSQLite(t, t.TempDir())
	defer store.Close()
	var up atomic.Bool
	lms := &memory.Adapter{Fail: func(lis.Change) error {
		if !up.Load() {
			return class(adapters.Unavailable)
		}
		return nil
	}}
	if err := write(store, "lms", lis.KindPerson, lis.Put, numbered(12)...); err != nil {
		t.Fatal(err)
	}
	e := New(store, zap.NewNop(), time.Now, nil)
	stop := run(e, []Target{{Name: "lms", Adapter: lms, FirstDelay: 5 * time.Millisecond, MaxDelay: 20 * time.Millisecond}})
	time.Sleep(300 * time.Millisecond)
	up.Store(true)
	for range 400 {
		if len(lms.Effects()) < 12 {
			time.Sleep(5 * time.Millisecond)
		}
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if err := onceEach(lms.Effects(), 12); err != nil {
		t.Error(err)
	}
}

// fillStore writes three changes of each of n persons.
func fillStore(t testing.TB, store journal.Store, n int) {
	t.Helper()
	for range 3 {
		if err := write(store, "lms", lis.KindPerson, lis.Put, numbered(n)...); err != nil {
			t.Fatal(err)
		}
	}
}

func crashed(ctx context.Context, c *crashing) {
	for c.left.Load() > 0 && sleep(ctx, time.Millisecond) {
	}
}

// BenchmarkSQLite measures how many changes a second go out of the store on
// disk to a target that takes a millisecond for each.
func BenchmarkSQLite(b *testing.B) {
	store := openSQLite(b, b.TempDir())
	defer store.Close()
	for i := 0; i < b.N; i += 1000 {
		ids := numbered(b.N)[i:min(i+1000, b.N)]
		if err := write(store, "lms", lis.KindPerson, lis.Put, ids...); err != nil {
			b.Fatal(err)
		}
	}
	e := New(store, zap.NewNop(), time.Now, nil)
	b.ResetTimer()
	stop := run(e, []Target{{Name: "lms", Adapter: &memory.Adapter{Latency: time.Millisecond}, Workers: 8}})
	if err := e.Idle(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changes/s")
	if err := stop(); err != nil {
		b.Fatal(err)
	}
}
