package deliver

import (
	"context"
	"fmt"
	"slices"
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

// Of what waits of one object the newest is sent, and the others are told of.
func TestWaitingChangesOfOneObjectBecomeOne(t *testing.T) {
	for _, rows := range []int{0, 10} {
		inHouse(t, func(h *house) {
			lms := &memory.Adapter{BatchRows: rows}
			h.put("lms", "a", "b", "a", "a", "c", "a")
			h.start(h.store, Target{Name: "lms", Adapter: lms, Coalesce: true})
			h.settle()
			h.balance("lms", 6, 0, 0)
			if err := onceEach(lms.Effects(), 3); err != nil {
				t.Error(err)
			}
			all := h.of("a")
			for i, s := range all {
				want := lis.Superseded
				if i == len(all)-1 {
					want = lis.Applied
				}
				if s.Effect != want {
					t.Errorf("change %d: %+v", i, s)
				}
			}
			h.end()
		})
	}
}

// Without the setting each change is sent.
func TestNothingIsCoalescedUnasked(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{}
		h.put("lms", "a", "a", "a")
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		h.settle()
		if err := onceEach(lms.Effects(), 3); err != nil {
			t.Error(err)
		}
		h.end()
	})
}

// fates are what a test with changes by chance draws.
type fates struct {
	keys    []string
	acts    []lis.Act
	values  []int
	seed    uint64
	trouble int
	target  Target
	rows    int
}

func drawFates(rt *rapid.T) fates {
	n := rapid.IntRange(1, 60).Draw(rt, "changes")
	f := fates{seed: rapid.Uint64().Draw(rt, "seed"), trouble: rapid.IntRange(0, 60).Draw(rt, "percent of trouble")}
	for range n {
		f.keys = append(f.keys, rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "key"))
		f.acts = append(f.acts, rapid.SampledFrom([]lis.Act{lis.Put, lis.Put, lis.Put, lis.Drop}).Draw(rt, "act"))
		f.values = append(f.values, rapid.IntRange(0, 1).Draw(rt, "value"))
	}
	f.rows = rapid.SampledFrom([]int{0, 3, 20}).Draw(rt, "rows")
	f.target = Target{
		Name: "lms", Workers: rapid.IntRange(1, 8).Draw(rt, "workers"), Removals: Removals{Off: true},
		Coalesce: rapid.Bool().Draw(rt, "coalesce"), SkipSame: rapid.Bool().Draw(rt, "skip same"),
	}
	if rapid.Bool().Draw(rt, "rate") {
		f.target.Rate = 50
	}
	return f
}

// However changes of objects come and whatever goes wrong, in the end the
// target holds what it would hold had all gone well in order (after
// reliability A8).
func TestTheEndIsThatOfTheOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := drawFates(rt)
		var problem error
		synctest.Test(t, func(t *testing.T) { problem = f.run() })
		if problem != nil {
			rt.Fatal(problem)
		}
	})
}

func (f fates) run() error {
	store, lms, plain := newStore(), troubled(f.seed, f.trouble), &forgetful{}
	defer store.Close()
	lms.BatchRows = f.rows
	f.target.Adapter = lms
	e := New(store, zap.NewNop(), time.Now, nil)
	stop := run(e, []Target{f.target})
	there := map[string]bool{}
	for i, key := range f.keys {
		act := f.acts[i]
		if act == lis.Drop && !there[key] {
			act = lis.Put
		}
		there[key] = act == lis.Put
		if err := plain.write(store, act, key, f.values[i]); err != nil {
			return err
		}
		e.Wake([]string{"lms"})
		time.Sleep(time.Duration(f.seed>>(i%32)%20) * time.Millisecond)
	}
	for range 100000 {
		if b, err := balanceOf(store, "lms"); err != nil || b.Waiting == 0 {
			break
		}
		time.Sleep(time.Second)
	}
	if err := stop(); err != nil {
		return err
	}
	return plain.compare(lms)
}

// forgetful is what a system would hold.
type forgetful struct{ records map[string]int }

func (p *forgetful) write(store journal.Store, act lis.Act, key string, value int) error {
	if p.records == nil {
		p.records = map[string]int{}
	}
	if p.records[key] = value; act == lis.Drop {
		delete(p.records, key)
	}
	return store.Write(context.Background(), func(tx journal.Tx) error {
		body, err := lis.MarshalRecord(&lis.Record{Object: &lis.Person{DataSource: fmt.Sprint(value)}})
		if err != nil {
			return err
		}
		return tx.Append(&lis.Change{Kind: lis.KindPerson, Key: lis.SourcedID(key), Act: act}, body, nil, nil, 0, []string{"lms"})
	})
}

func (p *forgetful) compare(lms adapters.Lister) error {
	found := 0
	for r, err := range lms.List(context.Background(), lis.KindPerson) {
		if err != nil {
			return err
		}
		found++
		want, ok := p.records[string(r.ID)]
		if got := r.Object.(*lis.Person).DataSource; !ok || got != fmt.Sprint(want) {
			return fmt.Errorf("%s is %s there, want %d (%t)", r.ID, got, want, ok)
		}
	}
	if found != len(p.records) {
		return fmt.Errorf("%d records there, want %d", found, len(p.records))
	}
	return nil
}

// What is sent last is not sent again; a result never.
func TestWhatTheTargetHasIsNotSent(t *testing.T) {
	cases := []struct {
		kind lis.Kind
		skip bool
		sent int
	}{{lis.KindPerson, false, 3}, {lis.KindPerson, true, 1}, {lis.KindResult, false, 1}, {lis.KindResult, true, 1}}
	for _, c := range cases {
		inHouse(t, func(h *house) {
			tried := &attempts{}
			lms := &memory.Adapter{Fail: func(c lis.Change) error { tried.note(c); return nil }}
			h.start(h.store, Target{Name: "lms", Adapter: lms, SkipSame: c.skip})
			for range 3 {
				h.write("lms", c.kind, lis.Put, "a")
				h.Wake([]string{"lms"})
				time.Sleep(time.Second)
			}
			if tried.count() != c.sent {
				t.Errorf("%s, %t: sent %d times, want %d", c.kind, c.skip, tried.count(), c.sent)
			}
			h.balance("lms", 3, 0, 0)
			if n, err := h.store.Resend(t.Context(), "lms", []lis.Ref{{Kind: c.kind, ID: "a"}}); n != 1 || err != nil {
				t.Fatalf("resent %d: %v", n, err)
			}
			h.Wake([]string{"lms"})
			time.Sleep(time.Second)
			h.write("lms", c.kind, lis.Drop, "a")
			h.write("lms", c.kind, lis.Put, "a")
			h.Wake([]string{"lms"})
			time.Sleep(time.Second)
			if tried.count() != c.sent+3 {
				t.Errorf("%s, %t: sent %d times after all, want %d", c.kind, c.skip, tried.count(), c.sent+3)
			}
			h.end()
		})
	}
}

// What may have arrived and was given up is not taken for what the target has.
func TestWhatWasGivenUpIsNotTrusted(t *testing.T) {
	inHouse(t, func(h *house) {
		var lost atomic.Bool
		lms := &memory.Adapter{Lose: func(lis.Change) error {
			if lost.Load() {
				return class(adapters.Unavailable)
			}
			return nil
		}}
		plain := &forgetful{}
		h.start(h.store, Target{Name: "lms", Adapter: lms, SkipSame: true, GiveUpAfter: time.Second})
		for i, lose := range []bool{false, true, false} {
			lost.Store(lose)
			if err := plain.write(h.store, lis.Put, "a", i%2); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Second)
		}
		h.balance("lms", 2, 1, 0)
		if err := plain.compare(lms); err != nil {
			t.Error(err)
		}
		if !slices.ContainsFunc(h.of("a"), func(s *journal.Settled) bool { return s.State == journal.Dead }) {
			t.Error("nothing was given up")
		}
		h.end()
	})
}

// After a Rekey nobody knows what the target holds.
func TestAPutAfterARekeyIsSent(t *testing.T) {
	inHouse(t, func(h *house) {
		lms, plain := &memory.Adapter{}, &forgetful{}
		h.start(h.store, Target{Name: "lms", Adapter: lms, SkipSame: true})
		if err := plain.write(h.store, lis.Put, "a", 0); err != nil {
			t.Fatal(err)
		}
		h.settle()
		h.write("lms", lis.KindPerson, lis.Rekey, "a") // and with other content
		h.settle()
		delete(plain.records, "a")
		if err := plain.write(h.store, lis.Put, "a-new", 0); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if err := plain.compare(lms); err != nil {
			t.Error(err)
		}
		h.end()
	})
}
