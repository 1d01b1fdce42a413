package deliver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

var errAsTold = errors.New("as told")

// taken is a system in which twins are one.
type taken struct{ memory.Adapter }

func (a *taken) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	o, err := a.Adapter.Apply(ctx, c)
	if c.Key == "twin" {
		o.TargetID = "p00000"
	}
	return o, err
}

// scope is a shape that sends what is out of scope as a Drop.
type scope struct{ out atomic.Pointer[[]string] }

func (s *scope) shape(_ context.Context, c lis.Change) (lis.Change, error) {
	if out := s.out.Load(); out != nil && slices.Contains(*out, string(c.Key)) && c.Act == lis.Put {
		c.Act, c.Record = lis.Drop, nil
	}
	return c, nil
}

func (s *scope) leave(ids ...string) { s.out.Store(&ids) }

// acts returns what was done to a person there.
func acts(a *memory.Adapter, id string) (all string) {
	for _, e := range a.Effects() {
		if string(e.Key) == id {
			all += string(e.Act) + " "
		}
	}
	return all
}

func (h *house) pair(id string) *journal.Pair {
	h.Helper()
	p, err := h.store.Pair(h.Context(), "lms", lis.KindPerson, lis.SourcedID(id))
	if err != nil {
		h.Fatal(err)
	}
	return p
}

// What leaves the scope of a target is dropped there, and comes back with the
// same content.
func TestAPutThatLeavesTheScopeIsADrop(t *testing.T) {
	for _, coalesce := range []bool{false, true} {
		inHouse(t, func(h *house) {
			lms, s := &memory.Adapter{}, &scope{}
			h.start(h.store, Target{Name: "lms", Adapter: lms, Shape: s.shape, SkipSame: true, Coalesce: coalesce, Verify: lms})
			h.put("lms", "a")
			h.settle()
			s.leave("a", "b")
			h.put("lms", "a", "a", "b")
			h.settle()
			if p := h.pair("a"); p == nil || !p.Gone || acts(lms, "a") != "put drop " {
				t.Errorf("coalesce %t: it left: %+v, %s", coalesce, p, acts(lms, "a"))
			}
			if p := h.pair("b"); p != nil || acts(lms, "b") != "" {
				t.Errorf("coalesce %t: what was never there: %+v, %s", coalesce, p, acts(lms, "b"))
			}
			s.leave()
			h.put("lms", "a", "a")
			h.settle()
			if p := h.pair("a"); p.Gone || acts(lms, "a") != "put drop put " || len(p.Hash) != 16 {
				t.Errorf("coalesce %t: it is back: %+v, %s", coalesce, p, acts(lms, "a"))
			}
			h.balance("lms", 6, 0, 0)
			h.end()
		})
	}
}

// Too many that leave are held, in batches all of them, and a person decides.
func TestAFloodThatLeavesIsHeld(t *testing.T) {
	for rows, most := range map[int]int{0: 10, 100: 0} {
		t.Run(fmt.Sprint("rows ", rows), func(t *testing.T) {
			inHouse(t, func(h *house) {
				lms, s := &memory.Adapter{BatchRows: rows, Latency: time.Millisecond}, &scope{}
				h.put("lms", numbered(100)...)
				h.start(h.store, Target{Name: "lms", Adapter: lms, Shape: s.shape})
				time.Sleep(2 * time.Minute)
				s.leave(numbered(60)...)
				h.put("lms", numbered(60)...)
				time.Sleep(5 * time.Second)
				held, reason := h.queued(journal.Held)
				if n := drops(lms); n > most || len(held) != 60-n {
					t.Fatalf("%d are held, %d were applied: %s", len(held), n, reason)
				}
				h.wantRun("held", 60, Counts{Applied: int64(drops(lms)), Held: int64(len(held))})
				s.leave(numbered(60)[1:]...)
				h.put("lms", "p00000") // returns to the scope
				time.Sleep(2 * time.Second)
				held, _ = h.queued(journal.Held)
				h.decide(true, held...)
				if n := drops(lms); n < 59 || n > 60 || !h.pair("p00059").Gone || h.pair("p00000").Gone {
					t.Errorf("%d were removed", n)
				}
				h.end()
			})
		})
	}
}

// A Put that leaves waits until it is old enough, and who returns before that
// was never removed; the move of a membership is not held up by itself.
func TestWhatLeavesWaitsAsRemovalsDo(t *testing.T) {
	inHouse(t, func(h *house) {
		lms, s := &memory.Adapter{}, &scope{}
		h.start(h.store, Target{Name: "lms", Adapter: lms, Shape: s.shape, Removals: Removals{After: time.Hour}})
		h.put("lms", "a", "b")
		h.record(enrolment("m", "p", "s1"))
		h.settle()
		s.leave("a", "b", "m")
		h.put("lms", "a", "b")
		h.record(enrolment("m", "p", "s1"))
		time.Sleep(30 * time.Minute)
		s.leave("b", "m")
		h.put("lms", "a")
		time.Sleep(29 * time.Minute)
		if drops(lms) != 0 {
			t.Errorf("%d removed too soon", drops(lms))
		}
		time.Sleep(2*time.Minute + 10*time.Second)
		if acts(lms, "a") != "put put " || acts(lms, "b") != "put drop " || acts(lms, "m") != "put drop " {
			t.Errorf("a: %s, b: %s, m: %s", acts(lms, "a"), acts(lms, "b"), acts(lms, "m"))
		}
		h.end()
	})
}

// Without an age the membership goes within some seconds.
func TestAMembershipThatLeavesDoesNotWaitForItself(t *testing.T) {
	inHouse(t, func(h *house) {
		lms, s := &memory.Adapter{}, &scope{}
		h.start(h.store, Target{Name: "lms", Adapter: lms, Shape: s.shape})
		h.record(enrolment("m1", "p", "s1"))
		h.record(enrolment("m2", "p", "s2"))
		h.settle()
		s.leave("m1", "m2")
		h.record(enrolment("m1", "p", "s1"))
		h.record(enrolment("m2", "p", "s2"))
		time.Sleep(5 * time.Second)
		if n := drops(lms); n != 2 {
			t.Errorf("%d removed", n)
		}
		h.end()
	})
}

// What is sent again, and went before, is no flood, whether it was a Drop or
// left the scope; what never went is one still.
func TestRemovalsSentAgainAreNoFlood(t *testing.T) {
	inHouse(t, func(h *house) {
		lms, s := &memory.Adapter{}, &scope{}
		h.put("lms", numbered(90)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms, Shape: s.shape})
		h.settle()
		h.write("lms", lis.KindPerson, lis.Drop, numbered(30)...)
		s.leave(numbered(60)[30:]...)
		h.put("lms", numbered(60)[30:]...)
		time.Sleep(2 * time.Second)
		held, _ := h.queued(journal.Held)
		h.decide(true, held...)
		if n := drops(lms); n != 60 {
			t.Fatalf("%d were removed", n)
		}
		h.write("lms", lis.KindPerson, lis.Drop, numbered(90)[60:]...)
		time.Sleep(2 * time.Second)
		held, _ = h.queued(journal.Held)
		h.decide(false, held...) // against all of them
		h.resend(numbered(60)...)
		if waits, _ := h.queued(journal.Held); len(waits) != 0 {
			t.Errorf("%d are held although they are gone already", len(waits))
		}
		h.resend(numbered(90)[60:]...)
		if waits, _ := h.queued(journal.Held); len(waits) != 30 || drops(lms) != 60 {
			t.Errorf("%d are held of those that a person decided against, %d were removed", len(waits), drops(lms))
		}
		h.end()
	})
}

func (h *house) resend(ids ...string) {
	h.Helper()
	var refs []lis.Ref
	for _, id := range ids {
		refs = append(refs, lis.Ref{Kind: lis.KindPerson, ID: lis.SourcedID(id)})
	}
	if n, err := h.store.Resend(h.Context(), "lms", refs); err != nil || n != len(ids) {
		h.Fatalf("sent %d again: %v", n, err)
	}
	h.Wake([]string{"lms"})
	time.Sleep(5 * time.Second)
}

// A flood does not get smaller by a restart.
func TestAFloodIsHeldOverARestart(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{}
		h.put("lms", numbered(100)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(2 * time.Minute)
		h.write("lms", lis.KindPerson, lis.Drop, numbered(50)...)
		time.Sleep(2 * time.Second)
		h.end()
		time.Sleep(time.Hour)
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		h.write("lms", lis.KindPerson, lis.Drop, numbered(58)[50:]...)
		time.Sleep(2 * time.Second)
		if held, _ := h.queued(journal.Held); len(held) != 58 || drops(lms) != 0 {
			t.Fatalf("%d are held, %d were removed", len(held), drops(lms))
		}
		held, _ := h.queued(journal.Held)
		h.decide(true, held...)
		h.write("lms", lis.KindPerson, lis.Drop, "p00099")
		time.Sleep(2 * time.Second)
		if n := drops(lms); n != 59 {
			t.Errorf("%d were removed after a person had looked, want 59", n)
		}
		h.end()
	})
}
