package deliver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// batches is an adapter that takes batches, notes them, and may refuse them.
type batches struct {
	*memory.Adapter
	refuse func([]lis.Change) error

	mu    sync.Mutex
	calls [][]lis.Change
}

func (b *batches) note(changes ...lis.Change) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls = append(b.calls, changes)
	if b.refuse == nil {
		return nil
	}
	return b.refuse(changes)
}

func (b *batches) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	if err := b.note(c); err != nil {
		return lis.Outcome{}, err
	}
	return b.Adapter.Apply(ctx, c)
}

func (b *batches) ApplyAll(ctx context.Context, changes []lis.Change) ([]lis.Outcome, []error) {
	if err := b.note(changes...); err != nil {
		return nil, slices.Repeat([]error{err}, len(changes))
	}
	return b.Adapter.ApplyAll(ctx, changes)
}

// sizes returns how many changes each call had.
func (b *batches) sizes() (sizes []int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.calls {
		sizes = append(sizes, len(c))
	}
	return sizes
}

func whole(c adapters.Class) error {
	return &adapters.Error{Class: c, Whole: true, Err: errors.New("the file was not taken"), Answer: "their words"}
}

// A batch that is refused as a whole is halved until the bad rows stand
// alone, and the good ones are there.
func TestARefusedBatchIsBisected(t *testing.T) {
	for _, bad := range [][]string{nil, {"p00000"}, {"p00511"}, {"p00100", "p00101", "p00400"}} {
		t.Run(fmt.Sprint(bad), func(t *testing.T) {
			inHouse(t, func(h *house) {
				lms := &batches{Adapter: &memory.Adapter{BatchRows: 512, Latency: 10 * time.Millisecond}}
				lms.refuse = func(changes []lis.Change) error {
					if slices.ContainsFunc(changes, func(c lis.Change) bool { return slices.Contains(bad, string(c.Key)) }) {
						return whole(adapters.Refused)
					}
					return nil
				}
				h.put("lms", numbered(512)...)
				h.start(h.store, Target{Name: "lms", Adapter: lms, Workers: 1})
				time.Sleep(5 * time.Second)
				h.balance("lms", 512-int64(len(bad)), int64(len(bad)), 0)
				if n, most := len(lms.sizes()), 1+len(bad)*2*9; n > most {
					t.Errorf("%d calls, want no more than %d: %v", n, most, lms.sizes())
				}
				for _, id := range bad {
					if s := h.of(id)[0]; s.State != journal.Dead || s.Detail != "their words" || s.Attempts != 1 {
						t.Errorf("settled %+v", s)
					}
				}
				h.end()
			})
		})
	}
}

// An adapter that panics over one row of a batch loses that row only.
func TestAPanicInABatch(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &batches{Adapter: &memory.Adapter{BatchRows: 100}}
		lms.refuse = func(changes []lis.Change) error {
			if slices.ContainsFunc(changes, func(c lis.Change) bool { return c.Key == "p00042" }) {
				panic("no such field")
			}
			return nil
		}
		h.put("lms", numbered(100)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(5 * time.Second)
		h.balance("lms", 99, 1, 0)
		h.end()
	})
}

// Each row has its own verdict, and a whole batch that finds the target away
// counts as one failure and comes again.
func TestVerdictsInABatch(t *testing.T) {
	inHouse(t, func(h *house) {
		fails := map[lis.SourcedID]error{
			"p00001": class(adapters.Refused), "p00002": class(adapters.Unavailable),
			"p00003": &adapters.Error{Class: adapters.Missing, Parent: "x", Err: errors.New("no x")},
		}
		lms := &batches{Adapter: &memory.Adapter{BatchRows: 50, Fail: func(c lis.Change) error { return fails[c.Key] }}}
		lms.refuse = func([]lis.Change) error {
			if h.after() < 500*time.Millisecond {
				return class(adapters.Unavailable)
			}
			return nil
		}
		h.put("lms", numbered(50)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(10 * time.Second)
		h.balance("lms", 47, 1, 2)
		if open, _ := h.Engine.lanes["lms"].breaker.state(); open {
			t.Error("the target is held to be away")
		}
		if s := h.of("p00000")[0]; s.Attempts != 2 {
			t.Errorf("settled %+v", s)
		}
		h.end()
	})
}

// One row that makes every call fail without a word does not hold up those
// that are sent with it.
func TestARowThatBreaksEveryCall(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &batches{Adapter: &memory.Adapter{BatchRows: 100}}
		lms.refuse = func(changes []lis.Change) error {
			if slices.ContainsFunc(changes, func(c lis.Change) bool { return c.Key == "p00042" }) {
				return class(adapters.Unavailable)
			}
			return nil
		}
		h.put("lms", numbered(400)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(2 * time.Minute)
		h.balance("lms", 399, 0, 1)
		h.end()
	})
}

// A batch is in the order in which its rows depend on each other, and what
// goes is last, the other way round.
func TestOrderInABatch(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &batches{Adapter: &memory.Adapter{BatchRows: 100, Strict: true}}
		records := term(2, 1)
		for _, r := range records {
			r.ID += "-old"
			if m, ok := r.Object.(*lis.Membership); ok {
				m.Member.PersonSourcedID += "-old" // else it would be a move
			}
			h.drop(r)
		}
		for i := range records {
			r := term(2, 1)[len(records)-1-i]
			h.record(r)
		}
		h.start(h.store, Target{Name: "lms", Adapter: lms, Workers: 1, Removals: Removals{Off: true}})
		time.Sleep(100 * time.Millisecond)
		h.balance("lms", int64(2*len(records)), 0, 0)
		var order []string
		for _, c := range lms.calls[0] {
			order = append(order, string(c.Act)+" "+string(c.Key))
		}
		want := []string{"put p1", "put p0", "put t", "put o", "put s0", "put m1-0", "put m0-0",
			"drop m0-0-old", "drop m1-0-old", "drop s0-old", "drop o-old", "drop t-old", "drop p0-old", "drop p1-old"}
		if !slices.Equal(order, want) || len(lms.calls) != 1 {
			t.Errorf("order %v, want %v", order, want)
		}
		h.end()
	})
}
