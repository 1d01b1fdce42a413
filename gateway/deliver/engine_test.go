package deliver

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"pgregory.net/rapid"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func TestDeliversWithinASecondWithoutAWakeUpAndAtOnceWithOne(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{}
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(100 * time.Millisecond)
		h.put("lms", "a")
		for len(lms.Effects()) == 0 {
			time.Sleep(time.Millisecond)
		}
		if h.after() > 1200*time.Millisecond {
			t.Errorf("without a wake-up it took %s", h.after())
		}
		h.settle()
		h.put("lms", "b")
		h.Wake([]string{"lms", "nobody"})
		synctest.Wait()
		if n := len(lms.Effects()); n != 2 {
			t.Errorf("%d effects at once after a wake-up, want 2", n)
		}
		h.end()
		h.Wake([]string{"lms"}) // nobody is there any more
	})
}

// An adapter gets the record and the fencing number.
func TestTheChangeThatAnAdapterGets(t *testing.T) {
	inHouse(t, func(h *house) {
		var mu sync.Mutex
		got := map[lis.Act]lis.Change{}
		h.start(h.store, Target{Name: "lms", Adapter: &memory.Adapter{Fail: func(c lis.Change) error {
			mu.Lock()
			defer mu.Unlock()
			got[c.Act] = c
			return nil
		}}})
		h.put("lms", "a", "b")
		h.settle()
		h.write("lms", lis.KindPerson, lis.Rekey, "a")
		h.write("lms", lis.KindPerson, lis.Drop, "b")
		h.settle()
		for act, want := range map[lis.Act]lis.SourcedID{lis.Put: "b", lis.Rekey: "a-new", lis.Drop: "b"} {
			c := got[act]
			if c.Record == nil || c.Fence == 0 || c.ID == "" || act != lis.Put && c.Record.ID != want {
				t.Errorf("%s: %+v", act, c)
			} else if name := c.Record.Object.(*lis.Person).Formatted(); name != "Zażółć Gęślą" {
				t.Errorf("%s: name %q", act, name)
			}
		}
		h.end()
	})
}

// Order per object holds under sixteen workers and failures of every kind,
// and each change has its effect once.
func TestOrderUnderFailures(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		keys := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}), 1, 60).Draw(rt, "keys")
		seed := rapid.Uint64().Draw(rt, "seed")
		trouble := rapid.IntRange(0, 60).Draw(rt, "percent of trouble")
		var problem error
		synctest.Test(t, func(t *testing.T) { problem = orderUnderFailures(newStore(), keys, seed, trouble) })
		if problem != nil {
			rt.Fatal(problem)
		}
	})
}

func orderUnderFailures(store journal.Store, keys []string, seed uint64, trouble int) error {
	lms := troubled(seed, trouble)
	e := New(store, zap.NewNop(), time.Now, nil)
	stop := run(e, []Target{{Name: "lms", Adapter: lms, Workers: 16}})
	for _, key := range keys {
		if err := write(store, "lms", lis.KindPerson, lis.Put, key); err != nil {
			return err
		}
		e.Wake([]string{"lms"})
	}
	for range 100000 {
		b, err := balanceOf(store, "lms")
		if err != nil {
			return err
		}
		if b.Waiting == 0 {
			break
		}
		time.Sleep(time.Second)
	}
	if err := stop(); err != nil {
		return err
	}
	return errors.Join(onceEach(lms.Effects(), len(keys)), store.Close())
}

// troubled is a system that fails, hangs, is slow or loses answers by chance.
func troubled(seed uint64, percent int) *memory.Adapter {
	var mu sync.Mutex
	dice := rand.New(rand.NewPCG(seed, 1))
	bad := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return dice.IntN(300) < percent
	}
	classes := []error{
		class(adapters.Unavailable), class(adapters.Missing), errors.New("no class"),
		&adapters.Error{Class: adapters.Busy, After: 3 * time.Second, Err: errors.New("busy")},
	}
	fail := func(c lis.Change) error {
		if bad() {
			return classes[c.Seq%int64(len(classes))]
		}
		return nil
	}
	return &memory.Adapter{Latency: 7 * time.Millisecond, Fail: fail, Lose: fail, Hang: func(lis.Change) bool { return bad() }}
}

// When the answer is lost the change is tried again under its ID.
func TestALostAnswerDoesNoHarm(t *testing.T) {
	inHouse(t, func(h *house) {
		isFirst := first()
		lms := &memory.Adapter{Lose: func(c lis.Change) error {
			if isFirst(c) {
				return class(adapters.Unavailable)
			}
			return nil
		}}
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		h.put("lms", "a")
		time.Sleep(10 * time.Second)
		if err := onceEach(lms.Effects(), 1); err != nil {
			t.Error(err)
		}
		if s := h.of("a")[0]; s.State != journal.Applied || s.Effect != lis.Unchanged || s.Attempts != 2 {
			t.Errorf("settled %+v", s)
		}
		h.end()
	})
}

// Twelve thousand changes at a millisecond take twelve thousand milliseconds
// divided by the workers, and are settled in groups.
func TestThroughput(t *testing.T) {
	inHouse(t, func(h *house) {
		counted := &counting{Store: h.store}
		h.put("lms", numbered(12000)...)
		h.start(counted, Target{Name: "lms", Adapter: &memory.Adapter{Latency: time.Millisecond}, Workers: 8})
		for {
			if b, _ := balanceOf(h.store, "lms"); b.Waiting == 0 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if h.after() > 1700*time.Millisecond {
			t.Errorf("took %s, want about 1.5s", h.after())
		}
		if n := counted.leases.Load(); n > 500 {
			t.Errorf("%d leases", n)
		}
		h.end()
		h.balance("lms", 12000, 0, 0)
	})
}

// counting counts the calls of a store, and can be told to fail.
type counting struct {
	journal.Store
	leases, settles, largest atomic.Int64
	fail                     atomic.Pointer[error]
}

func (c *counting) Lease(ctx context.Context, target string, limit int, now, until time.Time) ([]journal.Delivery, error) {
	c.leases.Add(1)
	if err := c.fail.Load(); err != nil {
		return nil, *err
	}
	return c.Store.Lease(ctx, target, limit, now, until)
}

func (c *counting) Settle(ctx context.Context, s []journal.Settlement) error {
	c.settles.Add(1)
	c.largest.Store(max(c.largest.Load(), int64(len(s))))
	time.Sleep(5 * time.Millisecond) // as a sync takes
	if err := c.fail.Load(); err != nil {
		return *err
	}
	return c.Store.Settle(ctx, s)
}

func TestSettlementsAreWrittenInGroups(t *testing.T) {
	inHouse(t, func(h *house) {
		counted := &counting{Store: h.store}
		h.put("lms", numbered(1000)...)
		h.start(counted, Target{Name: "lms", Adapter: &memory.Adapter{Latency: time.Millisecond}, Workers: 10})
		h.settle()
		if n := counted.settles.Load(); n > 100 || counted.largest.Load() < 20 {
			t.Errorf("%d settle calls for 1000 changes, the largest of %d", n, counted.largest.Load())
		}
		h.end()
	})
}

// A disk that is full for a while costs time and nothing else.
func TestAStoreThatFailsForAWhile(t *testing.T) {
	inHouse(t, func(h *house) {
		counted := &counting{Store: h.store}
		counted.fail.Store(&journal.ErrFull)
		lms := &memory.Adapter{}
		h.put("lms", numbered(20)...)
		h.start(counted, Target{Name: "lms", Adapter: lms})
		time.Sleep(20 * time.Second)
		counted.fail.Store(nil)
		time.Sleep(2 * time.Second)
		counted.fail.Store(&journal.ErrFull)
		h.put("lms", numbered(20)...)
		time.Sleep(3 * time.Second)
		counted.fail.Store(nil)
		time.Sleep(10 * time.Second)
		h.settle()
		if err := onceEach(lms.Effects(), 40); err != nil {
			t.Error(err)
		}
		h.end()
		h.balance("lms", 40, 0, 0)
	})
}

// What was done and could not be recorded is recorded later, not done again.
func TestSettlingIsTriedAgain(t *testing.T) {
	inHouse(t, func(h *house) {
		tried := &attempts{}
		counted := &counting{Store: h.store}
		h.put("lms", numbered(8)...)
		h.start(counted, Target{Name: "lms", Adapter: &memory.Adapter{
			Latency: time.Second, Fail: func(c lis.Change) error { tried.note(c); return nil },
		}})
		time.Sleep(1500 * time.Millisecond)
		counted.fail.Store(&journal.ErrFull)
		time.Sleep(20 * time.Second)
		h.balance("lms", 4, 0, 4)
		counted.fail.Store(nil)
		time.Sleep(6 * time.Second)
		h.balance("lms", 8, 0, 0)
		h.end()
		if n := tried.count(); n != 8 {
			t.Errorf("%d attempts for 8 changes", n)
		}
	})
}

func TestRunRefuses(t *testing.T) {
	a := &memory.Adapter{}
	for name, targets := range map[string][]Target{
		"no name":    {{Adapter: a}},
		"no adapter": {{Name: "lms"}},
		"twice":      {{Name: "lms", Adapter: a}, {Name: "lms", Adapter: a}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := New(newStore(), zap.NewNop(), time.Now, nil).Run(ctx, targets); err == nil {
				t.Error("not refused")
			}
		})
	}
	inHouse(t, func(h *house) {
		h.start(h.store)
		synctest.Wait()
		if err := h.Engine.Run(context.Background(), nil); err == nil {
			t.Error("it runs twice")
		}
		h.end()
		again := run(h.Engine, nil) // but it may run again later
		synctest.Wait()
		if err := again(); err != nil {
			t.Error(err)
		}
	})
}

func TestRunEndsWhenTheJournalIsClosed(t *testing.T) {
	inHouse(t, func(h *house) {
		counted := &counting{Store: h.store}
		counted.fail.Store(&journal.ErrClosed)
		err := New(counted, zap.NewNop(), time.Now, nil).Run(context.Background(), []Target{{Name: "lms", Adapter: &memory.Adapter{}}})
		if !errors.Is(err, journal.ErrClosed) {
			t.Errorf("run: %v", err)
		}
	})
}

func TestIdle(t *testing.T) {
	inHouse(t, func(h *house) {
		fast, slow := &memory.Adapter{}, &memory.Adapter{Latency: 3 * time.Second}
		h.put("fast slow", "a")
		h.start(h.store, Target{Name: "fast", Adapter: fast}, Target{Name: "slow", Adapter: slow})
		h.settle()
		if h.after() < 3*time.Second || h.after() > 4*time.Second {
			t.Errorf("idle after %s, want 3s", h.after())
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		h.put("slow", "b")
		if err := h.Idle(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("idle of a busy engine: %v", err)
		}
		h.end()
	})
}

// An observer of attempts.
type seen struct {
	mu    sync.Mutex
	words []string
	took  time.Duration
	pause []time.Duration
}

func (s *seen) Attempted(target, outcome string, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.words, s.took = append(s.words, target+" "+outcome), s.took+took
}

func (s *seen) Paused(_ string, pause time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pause = append(s.pause, pause)
}

func TestObserver(t *testing.T) {
	inHouse(t, func(h *house) {
		isFirst := first()
		lms := &memory.Adapter{Latency: 100 * time.Millisecond, Fail: func(c lis.Change) error {
			if isFirst(c) {
				return &adapters.Error{Class: adapters.Busy, After: time.Minute, Err: errors.New("later")}
			}
			return nil
		}}
		watch := &seen{}
		h.Engine = New(h.store, zap.NewNop(), time.Now, watch)
		stop := run(h.Engine, []Target{{Name: "lms", Adapter: lms}})
		h.put("lms", "a")
		time.Sleep(2 * time.Minute)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if want := []string{"lms busy", "lms applied"}; !slices.Equal(watch.words, want) || watch.took != 200*time.Millisecond {
			t.Errorf("saw %v in %s", watch.words, watch.took)
		}
		if want := []time.Duration{0, time.Minute, 0}; !slices.Equal(watch.pause, want) {
			t.Errorf("pauses %v, want %v", watch.pause, want)
		}
	})
}
