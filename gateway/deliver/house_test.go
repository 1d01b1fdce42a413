package deliver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A house is a store with an engine over it, in a bubble where time passes
// only when nothing else happens.
type house struct {
	*testing.T
	store journal.Store
	logs  *observer.ObservedLogs
	*Engine
	began time.Time
	stop  func() error // ends Run and returns what it returned
}

// inHouse runs a test in a bubble.
func inHouse(t *testing.T, test func(h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		store := newStore()
		test(&house{T: t, store: store, began: time.Now()})
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
}

func newStore() journal.Store { return journaltest.NewMemory(nil) }

// start runs an engine over the store, or over one that stands before it.
func (h *house) start(store journal.Store, targets ...Target) {
	core, logs := observer.New(zapcore.DebugLevel)
	h.logs = logs
	h.Engine = New(store, zap.New(core), time.Now, nil)
	h.stop = run(h.Engine, targets)
}

func run(e *Engine, targets []Target) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx, targets) }()
	return func() error {
		cancel()
		return <-done
	}
}

// put writes a change of each person for targets, and wakes nobody.
func (h *house) put(targets string, ids ...string) {
	h.Helper()
	h.write(targets, lis.KindPerson, lis.Put, ids...)
}

func (h *house) write(targets string, kind lis.Kind, act lis.Act, ids ...string) {
	h.Helper()
	for chunk := range slices.Chunk(ids, 100) {
		if err := write(h.store, targets, kind, act, chunk...); err != nil {
			h.Fatal(err)
		}
	}
}

func write(store journal.Store, targets string, kind lis.Kind, act lis.Act, ids ...string) error {
	return store.Write(context.Background(), func(tx journal.Tx) error {
		for _, id := range ids {
			object := lis.InfoOf(kind).New()
			if p, ok := object.(*lis.Person); ok {
				p.FormName = []lis.FormName{{FormattedName: lis.NewText("pl", "Zażółć Gęślą")}}
			}
			body, err := lis.MarshalRecord(&lis.Record{Object: object})
			if err != nil {
				return err
			}
			c := &lis.Change{Kind: kind, Key: lis.SourcedID(id), Act: act, Source: "sis", Operation: "replacePerson"}
			if act == lis.Rekey {
				c.NewID = c.Key + "-new"
			}
			if err := tx.Append(c, body, object.Links(), nil, 0, strings.Fields(targets)); err != nil {
				return err
			}
		}
		return nil
	})
}

// settle waits until the engine has nothing to do now.
func (h *house) settle() {
	h.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	if err := h.Idle(ctx); err != nil {
		h.Fatalf("not idle: %v", err)
	}
}

// after is the time since the test began.
func (h *house) after() time.Duration { return time.Since(h.began) }

// end stops the engine, which has to be without an error.
func (h *house) end() {
	h.Helper()
	if err := h.stop(); err != nil {
		h.Errorf("run: %v", err)
	}
}

// of returns what became of the changes of a person.
func (h *house) of(id string) []*journal.Settled {
	h.Helper()
	snapshot, err := h.store.Snapshot(context.Background())
	if err != nil {
		h.Fatal(err)
	}
	defer snapshot.Close()
	all, err := lis.Collect(snapshot.Deliveries(lis.KindPerson, lis.SourcedID(id)))
	if err != nil {
		h.Fatal(err)
	}
	return all
}

// balance demands a balance of a target: applied, dead, waiting.
func (h *house) balance(target string, applied, dead, waiting int64) {
	h.Helper()
	got, err := balanceOf(h.store, target)
	if err != nil {
		h.Fatal(err)
	}
	if got.Applied != applied || got.Dead != dead || got.Waiting != waiting || got.Sent != applied+dead+waiting {
		h.Errorf("balance of %s: %+v, want %d applied, %d dead, %d waiting", target, got, applied, dead, waiting)
	}
}

func balanceOf(store journal.Store, target string) (sum journal.Balance, err error) {
	snapshot, err := store.Snapshot(context.Background())
	if err != nil {
		return sum, err
	}
	defer snapshot.Close()
	rows, err := snapshot.Balance()
	for _, r := range rows {
		if r.Target == target {
			sum.Sent, sum.Applied, sum.Dead, sum.Waiting = sum.Sent+r.Sent, sum.Applied+r.Applied, sum.Dead+r.Dead, sum.Waiting+r.Waiting
		}
	}
	return sum, err
}

func numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("p%05d", i)
	}
	return ids
}

func class(c adapters.Class) error {
	return &adapters.Error{Class: c, Err: errors.New("as told"), Answer: "their words"}
}

// first returns a function that reports whether it is called with a change
// for the first time.
func first() func(lis.Change) bool {
	seen := map[string]bool{}
	lock := make(chan struct{}, 1)
	return func(c lis.Change) bool {
		lock <- struct{}{}
		defer func() { <-lock }()
		was := seen[c.ID]
		seen[c.ID] = true
		return !was
	}
}

// onceEach demands that each change had one effect, and those of an object
// in order.
func onceEach(effects []memory.Effect, want int) error {
	ids, last := map[string]bool{}, map[lis.SourcedID]int64{}
	for _, e := range effects {
		if ids[e.ID] {
			return fmt.Errorf("change %s had two effects", e.ID)
		}
		if last[e.Key] >= e.Seq {
			return fmt.Errorf("change %d of %s came after %d", e.Seq, e.Key, last[e.Key])
		}
		ids[e.ID], last[e.Key] = true, e.Seq
	}
	if len(effects) != want {
		return fmt.Errorf("%d effects, want %d", len(effects), want)
	}
	return nil
}
