package sqlite

import (
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A round opens a store, leases what is due, and settles it.
type round struct {
	*testing.T
	dir string
	now time.Time
}

func (r *round) do(f func(s *Store, leased []journal.Delivery)) {
	r.Helper()
	s, err := Open(r.Context(), r.dir, Options{Now: func() time.Time { return r.now }})
	must(r.T, err)
	defer func() { must(r.T, s.Close()) }()
	l, err := s.Lease(r.Context(), "lms", 10, r.now, r.now.Add(time.Minute))
	must(r.T, err)
	f(s, l)
	check(r.T, s)
	r.now = r.now.Add(time.Second)
}

func (r *round) settle(s *Store, d journal.Delivery, n journal.Settlement) {
	r.Helper()
	n.Target, n.Seq, n.Fence, n.At, n.Since, n.Due = "lms", d.Seq, d.Fence, r.now, r.now, r.now.Add(time.Hour)
	must(r.T, s.Settle(r.Context(), []journal.Settlement{n}))
}

// TestReopenQueue has what is parked, held and sent again outlive restarts.
func TestReopenQueue(t *testing.T) {
	r := &round{t, t.TempDir(), time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}
	r.do(func(s *Store, l []journal.Delivery) {
		mustPut(t, s, "p1")
		mustPut(t, s, "m1")
	})
	r.do(func(s *Store, l []journal.Delivery) { // p1 is applied and sent again
		r.settle(s, l[0], journal.Settlement{State: journal.Applied, TargetID: "42"})
		if n, err := s.Resend(t.Context(), "lms", []lis.Ref{{Kind: lis.KindPerson, ID: "p1"}}); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	})
	r.do(func(s *Store, l []journal.Delivery) { // m1 waits for p1, which came before this attempt and is not enough
		if len(l) != 2 || l[0].Again != 1 || l[1].Key != "m1" || !l[0].Unsure {
			t.Fatalf("leased %+v", l)
		}
		r.settle(s, l[1], journal.Settlement{State: journal.Parked, Parent: lis.Ref{ID: "p1"}})
		r.settle(s, l[0], journal.Settlement{State: journal.Held, Hold: journal.HoldMatch, Match: "43"})
	})
	r.do(func(s *Store, l []journal.Delivery) {
		if len(l) != 0 {
			t.Fatalf("leased %+v", l)
		}
		snap, err := s.Snapshot(t.Context())
		must(t, err)
		defer snap.Close()
		held, err := lis.Collect(snap.Queue("lms", journal.Held))
		if err != nil || len(held) != 1 || held[0].Match != "43" || held[0].Again != 1 {
			t.Fatalf("held %+v, %v", held, err)
		}
		if n, err := s.Decide(t.Context(), "lms", []int64{held[0].Seq}, true, "jo", r.now); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	})
	r.do(func(s *Store, l []journal.Delivery) { // the link let m1 go on too
		if len(l) != 2 || !l[0].Approved || l[0].Again != 1 || l[1].Attempts != 1 {
			t.Fatalf("leased %+v", l)
		}
		p, err := s.PairOf(t.Context(), "lms", lis.KindPerson, "43")
		if err != nil || p == nil || p.ID != "p1" {
			t.Fatalf("pair %+v, %v", p, err)
		}
	})
}
