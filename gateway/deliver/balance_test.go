package deliver

import (
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func TestTallyCountsARun(t *testing.T) {
	start := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	var run tally
	never := func(time.Time) bool { return false }
	always := func(time.Time) bool { return true }
	if _, ok := run.take(always); ok {
		t.Error("a run without a delivery was told")
	}
	count := func(seq int64, s journal.Settlement, after time.Duration) {
		it := item{}
		it.Seq, it.Kind, it.Act = seq, lis.KindPerson, lis.Drop
		s.Hold, s.At = journal.HoldRemoval, start.Add(after)
		run.count(it, s)
	}
	for _, state := range []journal.State{journal.Parked, journal.Waiting, ""} {
		count(7, journal.Settlement{State: state}, 0)
		if _, ok := run.take(always); ok {
			t.Errorf("what is %q began a run", state)
		}
	}
	for i, s := range []journal.Settlement{{State: journal.Applied}, {State: journal.Waiting}, {State: journal.Dead}, {State: journal.Held},
		{State: journal.Applied, Effect: lis.Superseded}, {State: journal.Applied}} {
		count(int64(i), s, time.Duration(i)*time.Second)
	}
	count(8, journal.Settlement{State: journal.Parked}, time.Hour)
	if _, ok := run.take(never); ok {
		t.Error("a run that is not over was told")
	}
	if g := run.removed(lis.KindPerson); g != (removed{applied: 2, held: 1}) {
		t.Errorf("removals %+v", g)
	}
	r, ok := run.take(always)
	if want := (Counts{Applied: 2, Refused: 1}); !ok || r.sum != want || r.kinds[lis.KindPerson] != want || r.took != 5*time.Second {
		t.Errorf("got %+v, %v", r, ok)
	}
	if _, ok := run.take(always); ok {
		t.Error("a run was told twice")
	}
	if _, sum := run.now(); sum != (Counts{}) {
		t.Errorf("the next run begins with %+v", sum)
	}
}

// What leaves the scope of a target is a removal from when it is seen, and
// counts once, whatever becomes of it.
func TestTallyCountsWhatLeaves(t *testing.T) {
	var run tally
	count := func(seq int64, s journal.Settlement) {
		it := item{}
		it.Seq, it.Kind, it.Act, s.Act = seq, lis.KindPerson, lis.Put, lis.Drop
		run.count(it, s)
	}
	for seq := range int64(6) {
		run.leaving(lis.KindPerson, seq)
	}
	count(0, journal.Settlement{State: journal.Applied})
	count(1, journal.Settlement{State: journal.Dead})
	count(2, journal.Settlement{State: journal.Held, Hold: journal.HoldRemoval})
	count(3, journal.Settlement{State: journal.Waiting})
	delivery := func(seq int64) journal.Delivery {
		return journal.Delivery{Change: lis.Change{Seq: seq, Kind: lis.KindPerson}}
	}
	run.superseded([]journal.Delivery{delivery(4), delivery(5)}, []journal.Delivery{delivery(5), delivery(6)})
	if g := run.removed(lis.KindPerson); g != (removed{held: 1, left: 1, leaving: 3}) || !run.leaves(lis.KindPerson, 3) || run.leaves(lis.KindPerson, 4) {
		t.Errorf("removals %+v", g)
	}
}

// wantRun demands the counts of the run, which with what waits are all that
// was sent.
func (h *house) wantRun(what string, sent int64, want Counts) {
	h.Helper()
	all, err := h.Status(h.Context())
	if err != nil || len(all) != 1 {
		h.Fatal(all, err)
	}
	if s := all[0]; s.Run != want || s.Kinds[lis.KindPerson] != want || s.Run.Applied+s.Run.Refused+s.Standing.Waiting != sent {
		h.Errorf("%s: %+v and %+v, want %+v of %d", what, s.Run, s.Standing, want, sent)
	}
}

// A run adds up: what it sent came to an end, or still waits, or is held.
func TestTheBalanceOfARunIsExact(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &taken{Adapter: memory.Adapter{Fail: func(c lis.Change) error {
			if c.Key == "p00001" {
				return &adapters.Error{Class: adapters.Refused, Match: "4711", Err: errAsTold}
			}
			return nil
		}}}
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		h.put("lms", "p00000")
		h.settle()
		h.put("lms", "p00001")
		h.settle()
		h.wantRun("one is held", 2, Counts{Applied: 1, Held: 1})
		h.put("lms", "twin") // which is what p00000 is there
		h.settle()
		h.wantRun("the journal refuses one", 3, Counts{Applied: 1, Refused: 1, Held: 1})
		if dead := h.logs.FilterMessage("dead letter").All(); len(dead) != 1 || dead[0].ContextMap()["class"] != "refused" {
			t.Errorf("the log tells of %+v", dead)
		}
		lms.Fail = nil
		held, _ := h.queued(journal.Held)
		h.decide(true, held...)
		h.settle()
		h.wantRun("it was let through", 3, Counts{Applied: 2, Refused: 1})
		h.balance("lms", 2, 1, 0)
		h.end()
		if f := h.logs.FilterMessage("run ended").All()[0].ContextMap(); f["applied"] != int64(2) || f["refused"] != int64(1) || f["held"] != int64(0) || f["waiting"] != int64(0) {
			t.Errorf("the log says %v", f)
		}
	})
}

// What was held and superseded counts for nothing, and not twice.
func TestWhatIsSupersededDoesNotCount(t *testing.T) {
	inHouse(t, func(h *house) {
		h.put("lms", numbered(20)...)
		h.start(h.store, Target{Name: "lms", Adapter: &memory.Adapter{}})
		h.settle()
		h.write("lms", lis.KindPerson, lis.Drop, numbered(20)...)
		time.Sleep(2 * time.Second)
		h.wantRun("all are held", 40, Counts{Applied: 20, Held: 20})
		h.put("lms", numbered(20)...)
		time.Sleep(2 * time.Second)
		h.wantRun("all are back", 40, Counts{Applied: 40})
		h.balance("lms", 60, 0, 0) // of which 20 were never sent
		h.end()
	})
}
