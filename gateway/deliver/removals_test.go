package deliver

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// queue returns the seqs of what is in a state for lms, and why the first is.
func (h *house) queued(state journal.State) (seqs []int64, reason string) {
	h.Helper()
	snapshot, err := h.store.Snapshot(context.Background())
	if err != nil {
		h.Fatal(err)
	}
	defer snapshot.Close()
	for s, err := range snapshot.Queue("lms", state) {
		if err != nil {
			h.Fatal(err)
		}
		if seqs = append(seqs, s.Seq); reason == "" {
			reason = s.Reason
		}
	}
	return seqs, reason
}

func drops(a *memory.Adapter) (n int) {
	for _, e := range a.Effects() {
		if e.Act == lis.Drop {
			n++
		}
	}
	return n
}

// A flood of removals is held, all of it; creates and updates go on; a person
// lets it through; and who returns was never removed.
func TestAFloodOfRemovalsIsHeld(t *testing.T) {
	for _, rows := range []int{0, 100} {
		t.Run(fmt.Sprint("rows ", rows), func(t *testing.T) {
			inHouse(t, func(h *house) {
				lms := &memory.Adapter{Latency: time.Millisecond, BatchRows: rows}
				h.put("lms", numbered(900)...)
				h.start(h.store, Target{Name: "lms", Adapter: lms})
				time.Sleep(5 * time.Minute) // another run
				h.write("lms", lis.KindPerson, lis.Drop, numbered(900)[:312]...)
				h.put("lms", "new", "p00899")
				time.Sleep(5 * time.Second)
				held, reason := h.queued(journal.Held)
				if want := "held: 312 removals of persons in this run, 34.7 % of the 900 there; the limits are 10, 5 % and 1000; see lisgate hold list"; reason != want {
					t.Errorf("reason %q, want %q", reason, want)
				}
				if len(held) != 312 || drops(lms) != 0 {
					t.Fatalf("%d are held, %d were applied", len(held), drops(lms))
				}
				h.balance("lms", 902, 0, 312)
				if n := h.logs.FilterMessage("removals are held").Len(); n != 1 {
					t.Errorf("the log tells %d times", n)
				}
				h.put("lms", "p00000") // returns
				time.Sleep(2 * time.Second)
				if held, _ = h.queued(journal.Held); len(held) != 311 {
					t.Errorf("%d are held after one came back", len(held))
				}
				h.decide(false, held[0])
				h.decide(true, held[1:]...)
				if n := drops(lms); n != 310 {
					t.Errorf("%d were removed, want 310", n)
				}
				h.write("lms", lis.KindPerson, lis.Drop, "p00800")
				time.Sleep(2 * time.Second)
				if n := drops(lms); n != 311 {
					t.Errorf("after the flood was let through one more is held: %d", n)
				}
				h.end()
			})
		})
	}
}

// Few removals pass, and many in a large target; those of one run are counted
// together, however they come.
func TestRemovalsWithinTheLimits(t *testing.T) {
	cases := []struct {
		name          string
		there, gone   int
		each          time.Duration // one after the other
		removals      Removals
		applied, held int
	}{
		{name: "few", there: 20, gone: 10, applied: 10},
		{name: "one more than few", there: 20, gone: 11, held: 11},
		{name: "a small part", there: 1000, gone: 50, applied: 50},
		{name: "one by one", there: 100, gone: 30, each: time.Second, applied: 10, held: 20},
		{name: "slowly", there: 100, gone: 30, each: 2 * time.Minute, applied: 30},
		{name: "more than most", there: 1000, gone: 40, removals: Removals{Most: 30}, held: 40},
		{name: "off", there: 20, gone: 20, removals: Removals{Off: true}, applied: 20},
		{name: "half", there: 100, gone: 50, removals: Removals{Percent: 50}, applied: 50},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				lms := &memory.Adapter{}
				h.put("lms", numbered(c.there)...)
				h.start(h.store, Target{Name: "lms", Adapter: lms, Removals: c.removals})
				time.Sleep(2 * time.Minute)
				if c.each == 0 {
					h.write("lms", lis.KindPerson, lis.Drop, numbered(c.gone)...)
				} else {
					for _, id := range numbered(c.gone) {
						h.write("lms", lis.KindPerson, lis.Drop, id)
						h.Wake([]string{"lms"})
						time.Sleep(c.each)
					}
				}
				time.Sleep(2 * time.Second)
				if waits, _ := h.queued(journal.Held); len(waits) != c.held || drops(lms) != c.applied {
					t.Errorf("%d applied and %d held, want %d and %d", drops(lms), len(waits), c.applied, c.held)
				}
				h.end()
			})
		})
	}
}

// A removal waits until it is old enough, and who returns before that was
// never removed.
func TestAYoungRemovalWaits(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{}
		h.put("lms", "a", "b")
		h.start(h.store, Target{Name: "lms", Adapter: lms, Removals: Removals{After: time.Hour}})
		h.settle()
		h.write("lms", lis.KindPerson, lis.Drop, "a", "b")
		time.Sleep(30 * time.Minute)
		h.put("lms", "a")
		time.Sleep(29 * time.Minute)
		if s := h.of("b")[1]; drops(lms) != 0 || s.State != journal.Waiting || s.Attempts != 0 || !strings.Contains(s.Reason, "until it is 1h0m0s old") {
			t.Errorf("%d removed, settled %+v", drops(lms), s)
		}
		if s := h.of("a"); s[1].Effect != lis.Superseded || s[2].State != journal.Applied {
			t.Errorf("who returned: %+v, %+v", s[1], s[2])
		}
		time.Sleep(2 * time.Minute)
		if s := h.of("b")[1]; drops(lms) != 1 || s.State != journal.Applied {
			t.Errorf("%d removed, settled %+v", drops(lms), s)
		}
		h.end()
	})
}

// Who moves to another section is in the new one before he leaves the old one.
func TestAMoveAddsBeforeItDrops(t *testing.T) {
	inHouse(t, func(h *house) {
		busy := true
		lms := &memory.Adapter{Latency: 10 * time.Millisecond}
		h.start(h.store, Target{Name: "lms", Adapter: lms, Shape: func(_ context.Context, c lis.Change) (lis.Change, error) {
			if busy && c.Key == "new" {
				time.Sleep(3 * time.Second) // the add is slow
			}
			return c, nil
		}})
		h.record(enrolment("old", "p", "s1"))
		h.settle()
		h.drop(enrolment("old", "p", "s1"))
		h.record(enrolment("new", "p", "s2"))
		h.Wake([]string{"lms"})
		time.Sleep(10 * time.Second)
		h.balance("lms", 3, 0, 0)
		var order []string
		for _, e := range lms.Effects() {
			order = append(order, string(e.Act)+" "+string(e.Key))
		}
		if !slices.Equal(order, []string{"put old", "put new", "drop old"}) {
			t.Errorf("order %v", order)
		}
		h.end()
	})
}

// The other half of a move that never goes holds up a removal for a minute.
func TestAMoveThatDoesNotComeHoldsUpNothing(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{}
		h.record(enrolment("old", "p", "s1"))
		h.start(h.store, Target{Name: "lms", Adapter: lms, Workers: 4, Shape: func(_ context.Context, c lis.Change) (lis.Change, error) {
			if c.Key == "new" {
				time.Sleep(time.Hour)
			}
			return c, nil
		}})
		h.settle()
		h.record(enrolment("new", "p", "s2"))
		time.Sleep(2 * time.Second)
		h.drop(enrolment("old", "p", "s1"))
		time.Sleep(50 * time.Second)
		before := drops(lms)
		time.Sleep(15 * time.Second)
		if before != 0 || drops(lms) != 1 {
			t.Errorf("%d removed within the minute, %d after it", before, drops(lms))
		}
		time.Sleep(2 * time.Hour)
		h.end()
	})
}

// drop writes a Drop of a record for lms.
func (h *house) drop(r *lis.Record) {
	h.Helper()
	body, err := lis.MarshalRecord(r)
	if err != nil {
		h.Fatal(err)
	}
	err = h.store.Write(context.Background(), func(tx journal.Tx) error {
		c := &lis.Change{Kind: r.Object.Kind(), Key: r.ID, Act: lis.Drop}
		return tx.Append(c, body, r.Object.Links(), nil, 0, []string{"lms"})
	})
	if err != nil {
		h.Fatal(err)
	}
}
