package journaltest

import (
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// person is the parent of the tests.
func person(id lis.SourcedID) lis.Ref { return lis.Ref{Kind: lis.KindPerson, ID: id} }

// settleAs settles a lease with what a test sets on top.
func (d *desk) settleAs(l journal.Delivery, state journal.State, more func(*journal.Settlement)) {
	d.Helper()
	s := outcome(l, state, d.now())
	more(&s)
	d.must(d.store.Settle(d.Context(), []journal.Settlement{s}))
}

// park settles a lease as parked for a parent, for an hour.
func (d *desk) park(l journal.Delivery, parent lis.Ref) {
	d.Helper()
	d.settleAs(l, journal.Parked, func(s *journal.Settlement) {
		s.Parent, s.Since, s.Due, s.Reason = parent, d.now(), d.now().Add(time.Hour), "no such person"
	})
	d.add(time.Second)
}

// queue returns what is in a state at a target.
func (d *desk) queue(target string, state journal.State) []*journal.Settled {
	d.Helper()
	s := d.snapshot()
	defer s.Close()
	return collect(d, s.Queue(target, state))
}

func (d *desk) standing(target string) journal.Standing {
	d.Helper()
	s := d.snapshot()
	defer s.Close()
	n, err := s.Standing(target)
	d.must(err)
	return n
}

// parked has two children wait for one parent, of its kind and of any.
func parked(d *desk) {
	d.put("m1", 2, "lms", "library")
	d.put("m2", 1, "lms")
	l := d.lease("lms", 10)
	d.park(l[0], person("p1"))
	d.park(l[1], lis.Ref{ID: "p1"})
	d.none("lms")
	all := d.queue("lms", journal.Parked)
	if len(all) != 2 || all[0].ID != "m1" || all[0].Parent != person("p1") || all[0].Due.IsZero() || all[0].Attempts != 1 ||
		all[0].Reason != "no such person" || all[0].Act != lis.Put || all[0].Source != "sis" || all[1].Parent.Kind != "" {
		d.Errorf("parked %+v", all)
	}
	if n := d.standing("lms"); n.Waiting != 3 || n.Parked != 2 || n.Held != 0 || n.Failed != 0 || !n.Oldest.IsZero() {
		d.Errorf("standing %+v", n)
	}
	if b := d.balance()["lms"]; b.Waiting != 3 {
		d.Errorf("balance %+v", b)
	}
	d.put("p1", 1, "lms")
	d.settleAs(d.one("lms"), journal.Applied, func(s *journal.Settlement) { s.Effect = lis.Unchanged })
	again := d.lease("lms", 10)
	if len(again) != 2 || again[0].Key != "m1" || again[0].Version != 1 || again[0].Attempts != 1 || again[1].Key != "m2" {
		d.Fatalf("let go on %+v", again)
	}
	if n := len(d.queue("lms", journal.Parked)); n != 0 {
		d.Errorf("%d are still parked", n)
	}
	d.settle(again[0], journal.Applied)
	d.settle(again[1], journal.Applied)
	if l := d.one("lms"); l.Key != "m1" || l.Version != 2 {
		d.Errorf("behind it %+v", l)
	}
}

// parkedDue: no parent comes, so it is tried when due, and can be parked again.
func parkedDue(d *desk) {
	d.put("m1", 1, "lms")
	d.park(d.one("lms"), person("p1"))
	due, ok, err := d.store.NextDue(d.Context(), "lms")
	if want := d.now().Add(time.Hour - time.Second); err != nil || !ok || !due.Equal(want) {
		d.Errorf("next due %v, %t, %v, want %v", due, ok, err, want)
	}
	d.add(time.Hour)
	l := d.one("lms")
	if l.Attempts != 1 {
		d.Errorf("leased %+v", l)
	}
	d.park(l, person("p2")) // another one is missing too
	d.put("p1", 1, "lms")
	d.settle(d.one("lms"), journal.Applied)
	d.none("lms")
	d.put("p2", 1, "lms")
	d.settle(d.one("lms"), journal.Applied)
	if l = d.one("lms"); l.Key != "m1" || l.Attempts != 2 {
		d.Errorf("leased %+v", l)
	}
	d.settleAs(l, journal.Parked, func(s *journal.Settlement) { // and this is not to count
		s.Parent, s.Due, s.Untried = person("p3"), d.now().Add(time.Hour), true
	})
	d.put("p3", 1, "lms")
	d.settle(d.one("lms"), journal.Applied)
	if l = d.one("lms"); l.Key != "m1" || l.Attempts != 2 {
		d.Errorf("leased %+v", l)
	}
}

// parkedLate settles the parent between the attempt of the child and the
// settlement of that: nobody would wake the child.
func parkedLate(d *desk) {
	d.put("m1", 1, "lms")
	d.put("p1", 1, "lms")
	l := d.lease("lms", 2)
	began := d.now()
	d.settle(l[1], journal.Applied)
	d.add(time.Second)
	parkSince := func(l journal.Delivery, since time.Time) {
		d.settleAs(l, journal.Parked, func(s *journal.Settlement) {
			s.Parent, s.Since, s.Due = lis.Ref{ID: "p1"}, since, d.now().Add(time.Hour)
		})
	}
	parkSince(l[0], began)
	again := d.one("lms")
	if again.Key != "m1" || again.Attempts != 1 {
		d.Errorf("leased %+v", again)
	}
	d.settleAs(again, journal.Parked, func(s *journal.Settlement) { s.Parent, s.Since = person("nobody"), d.now() })
	d.put("p2", 1, "lms")
	l = append(d.lease("lms", 1), d.lease("lms", 1)...) // p2 and m1
	d.settle(l[0], journal.Applied)
	d.settleAs(l[1], journal.Parked, func(s *journal.Settlement) { // p2 bears an older time, but was settled after the lease
		s.Parent, s.Since, s.Due = person("p2"), d.now().Add(time.Second), d.now().Add(time.Hour)
	})
	again = d.one("lms")
	parkSince(again, began.Add(time.Microsecond)) // it was there before, and is not enough
	d.none("lms")
	if n := len(d.queue("lms", journal.Parked)); n != 1 {
		d.Errorf("%d are parked", n)
	}
}

// parkedOther: neither another kind, nor another target, nor a dead letter, a
// drop or an older change that was superseded lets go on.
func parkedOther(d *desk) {
	d.put("m1", 1, "lms")
	d.park(d.one("lms"), lis.Ref{Kind: lis.KindGroup, ID: "p1"})
	d.put("m2", 1, "lms")
	d.park(d.one("lms"), person("p1"))
	d.put("p1", 1, "lms", "library")
	d.settle(d.one("library"), journal.Applied)
	d.settle(d.one("lms"), journal.Dead)
	d.do(move{act: lis.Drop, id: "p1", targets: []string{"lms"}})
	d.settle(d.one("lms"), journal.Applied)
	d.put("p1", 1, "lms")
	d.settleAs(d.one("lms"), journal.Applied, func(s *journal.Settlement) { s.Effect = lis.Superseded })
	d.none("lms")
	d.put("p1", 1, "lms")
	d.settle(d.one("lms"), journal.Applied)
	if l := d.one("lms"); l.Key != "m2" {
		d.Errorf("let go on %+v", l)
	}
	if all := d.queue("", journal.Parked); len(all) != 1 || all[0].ID != "m1" {
		d.Errorf("parked %+v", all)
	}
}

func parkedRekeyed(d *desk) {
	d.put("old", 1, "lms")
	d.settle(d.one("lms"), journal.Applied)
	for _, id := range []lis.SourcedID{"m1", "m2"} {
		d.put(id, 1, "lms")
	}
	l := d.lease("lms", 2)
	d.park(l[0], person("new"))
	d.park(l[1], person("by hand"))
	d.do(move{act: lis.Rekey, id: "old", to: "new", targets: []string{"lms"}})
	d.settle(d.one("lms"), journal.Applied)
	if l := d.one("lms"); l.Key != "m1" {
		d.Errorf("the rekey let go on %+v", l)
	}
	d.write(func(tx journal.Tx) error {
		return tx.SetPair(journal.Pair{Target: "lms", Kind: lis.KindPerson, ID: "by hand", TargetID: "42"}, "found")
	})
	if l := d.one("lms"); l.Key != "m2" {
		d.Errorf("the hand let go on %+v", l)
	}
}

// parkedOrder: what was let go on counts as tried, so a probe gets what is fresh.
func parkedOrder(d *desk) {
	d.put("m1", 2, "lms")
	d.park(d.one("lms"), person("p1"))
	d.put("p1", 1, "lms")
	d.settle(d.one("lms"), journal.Applied)
	d.put("fresh", 1, "lms")
	var got []lis.SourcedID
	for range 3 {
		for _, l := range d.lease("lms", 1) {
			if got = append(got, l.Key); l.Key == "m1" && l.Version != int64(len(got)-1) {
				d.Errorf("version %d at place %d", l.Version, len(got))
			}
			d.settle(l, journal.Applied)
		}
	}
	d.wantIDs("leased one by one", got, "fresh", "m1", "m1")
}
