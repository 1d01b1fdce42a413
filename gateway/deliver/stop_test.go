package deliver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func TestAStopLetsAttemptsFinish(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{Latency: 5 * time.Second}
		h.put("lms", numbered(100)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(time.Second)
		h.end()
		if h.after() != 5*time.Second {
			t.Errorf("stopped after %s, want 5s", h.after())
		}
		h.balance("lms", 4, 0, 96)
		h.waitFree(96)
	})
}

// waitFree demands that changes for lms are due now and on lease to nobody.
func (h *house) waitFree(want int) {
	h.Helper()
	d, err := h.store.Lease(context.Background(), "lms", 10000, time.Now(), time.Now().Add(time.Minute))
	if err != nil || len(d) != want {
		h.Errorf("%d changes can be leased (%v), want %d", len(d), err, want)
	}
}

func TestAStopCutsAttemptsThatHang(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{Hang: func(lis.Change) bool { return true }}
		h.put("lms", numbered(100)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(time.Second)
		h.end()
		if h.after() > 11*time.Second || h.after() < 1*time.Second+finishWithin {
			t.Errorf("stopped after %s", h.after()-time.Second)
		}
		h.balance("lms", 0, 0, 100)
		h.waitFree(100)
	})
}

// stubborn is an adapter that does not mind its context.
type stubborn struct {
	memory.Adapter
	let     chan struct{}
	calls   atomic.Int64
	returns atomic.Int64
}

func (s *stubborn) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	s.calls.Add(1)
	defer s.returns.Add(1)
	<-s.let
	return s.Adapter.Apply(context.WithoutCancel(ctx), c)
}

// What may still be going on is not handed to another: its lease runs out.
func TestAStopLeavesAttemptsThatDoNotReturn(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &stubborn{let: make(chan struct{})}
		h.put("lms", numbered(100)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(time.Second)
		h.end()
		if h.after() > 11*time.Second {
			t.Errorf("stopped after %s", h.after()-time.Second)
		}
		h.balance("lms", 0, 0, 100)
		h.waitFree(96)
		close(lms.let)
		synctest.Wait()
	})
}

// A stop is over in time even when nothing can be recorded.
func TestAStopWhileTheStoreFails(t *testing.T) {
	inHouse(t, func(h *house) {
		counted := &counting{Store: h.store}
		h.put("lms", numbered(5000)...)
		h.start(counted, Target{Name: "lms", Adapter: &memory.Adapter{Latency: time.Millisecond}})
		time.Sleep(20 * time.Millisecond)
		counted.fail.Store(&journal.ErrFull)
		time.Sleep(time.Second)
		h.end()
		if h.after() > 11*time.Second {
			t.Errorf("stopped after %s", h.after()-time.Second)
		}
	})
}

// A worker is not lost to an adapter that does not return.
func TestAnAdapterThatDoesNotReturn(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &stubborn{let: make(chan struct{})}
		h.put("lms", "a")
		h.start(h.store, Target{Name: "lms", Adapter: lms, Workers: 1})
		time.Sleep(40 * time.Second)
		if s := h.of("a")[0]; s.State != journal.Waiting || s.Reason != "unavailable: no answer within 30s: the adapter does not return" {
			t.Errorf("settled %+v", s)
		}
		close(lms.let)
		time.Sleep(time.Minute)
		h.balance("lms", 1, 0, 0)
		if err := onceEach(lms.Effects(), 1); err != nil {
			t.Error(err)
		}
		h.end()
		if lms.calls.Load() != lms.returns.Load() {
			t.Error("a call is still going on")
		}
	})
}

// crashing is a store whose process dies: after some settlements nothing
// reaches it any more.
type crashing struct {
	journal.Store
	left atomic.Int64
}

var errCrashed = fmt.Errorf("crashed: %w", journal.ErrClosed)

func (c *crashing) Lease(ctx context.Context, target string, n int, now, until time.Time) ([]journal.Delivery, error) {
	if c.left.Load() <= 0 {
		return nil, errCrashed
	}
	return c.Store.Lease(ctx, target, n, now, until)
}

func (c *crashing) Settle(ctx context.Context, s []journal.Settlement) error {
	if c.left.Add(-int64(len(s))) <= 0 {
		return errCrashed
	}
	return c.Store.Settle(ctx, s)
}

// An engine that is gone in the middle of its work leaves leases that run
// out and changes that were applied and not settled. The next one finishes,
// and each change has its effect once, in order.
func TestResumeAfterACrash(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{Latency: 3 * time.Millisecond}
		for range 5 {
			h.put("lms", numbered(100)...)
		}
		for _, settlements := range []int64{1, 10, 50, 200} {
			broken := &crashing{Store: h.store}
			broken.left.Store(settlements)
			h.start(broken, Target{Name: "lms", Adapter: lms, Workers: 16})
			time.Sleep(time.Second)
			if err := h.stop(); !errors.Is(err, journal.ErrClosed) {
				t.Errorf("the crash was none: %v", err)
			}
			time.Sleep(time.Minute) // the leases run out
		}
		before := len(lms.Effects())
		if b, _ := balanceOf(h.store, "lms"); int(b.Applied) >= before || before == 500 {
			t.Fatalf("the crashes were no test: %d applied of %d effects", b.Applied, before)
		}
		h.start(h.store, Target{Name: "lms", Adapter: lms, Workers: 16})
		time.Sleep(2 * time.Minute)
		h.end()
		h.balance("lms", 500, 0, 0)
		if err := onceEach(lms.Effects(), 500); err != nil {
			t.Error(err)
		}
	})
}

// A late attempt under an old lease does not undo what came after it.
func TestALateAttemptDoesNotOverwriteANewerOne(t *testing.T) {
	inHouse(t, func(h *house) {
		let, isFirst := make(chan struct{}), first()
		inner := &memory.Adapter{}
		var slept atomic.Bool
		lms := &wrapped{Adapter: inner, before: func(c lis.Change) {
			if isFirst(lis.Change{}) {
				slept.Store(true)
				<-let
			}
		}}
		h.put("lms", "a", "a", "a")
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(2 * time.Minute)
		h.balance("lms", 3, 0, 0)
		close(let) // the first attempt of the first change goes on only now
		synctest.Wait()
		effects := inner.Effects()
		if !slept.Load() || !slices.IsSortedFunc(effects, func(a, b memory.Effect) int { return int(a.Seq - b.Seq) }) || len(effects) != 3 {
			t.Errorf("effects %+v", effects)
		}
		h.end()
	})
}

// wrapped is an adapter with something before.
type wrapped struct {
	adapters.Adapter
	before func(lis.Change)
}

func (w *wrapped) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	w.before(c)
	return w.Adapter.Apply(context.WithoutCancel(ctx), c)
}
