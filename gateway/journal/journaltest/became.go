package journaltest

import (
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// pairsShared has several memberships be one enrolment there.
func pairsShared(d *desk) {
	member := func(act lis.Act, id lis.SourcedID, enrolment string) {
		d.Helper()
		d.add(time.Second)
		c := &lis.Change{Kind: lis.KindMembership, Key: id, Act: act}
		d.write(func(tx journal.Tx) error { return tx.Append(c, []byte("m"), nil, nil, 0, []string{"lms"}) })
		d.settleAs(d.one("lms"), journal.Applied, func(s *journal.Settlement) { s.TargetID = enrolment })
	}
	want := func(what string, id lis.SourcedID) {
		d.Helper()
		p, err := d.store.PairOf(d.Context(), "lms", lis.KindMembership, "4:11:5")
		d.must(err)
		if p == nil && id != "" || p != nil && p.ID != id {
			d.Errorf("%s: 4:11:5 is %+v, want %s", what, p, id)
		}
	}
	member(lis.Put, "c1", "4:11:5")
	member(lis.Put, "c2", "4:11:5")
	want("two", "c2")
	if n := len(collect(d, d.snapshot().Dead("lms"))); n != 0 {
		d.Errorf("%d dead letters", n)
	}
	member(lis.Put, "c1", "")
	want("the first is told again", "c1")
	member(lis.Drop, "c1", "")
	want("the first is gone", "c2")
	member(lis.Put, "c1", "")
	want("and is back, with its id", "c1")
	d.add(time.Second)
	d.write(func(tx journal.Tx) error {
		return tx.SetPair(journal.Pair{Target: "lms", Kind: lis.KindMembership, ID: "c3", TargetID: "4:11:5"}, "seen")
	})
	want("one is set by hand", "c3")
	if all := collect(d, d.snapshot().Pairs("lms", lis.KindMembership)); len(all) != 3 || all[0].Gone || all[0].TargetID != "4:11:5" {
		d.Errorf("pairs %+v", all)
	}
	for _, id := range []lis.SourcedID{"c1", "c2"} {
		member(lis.Drop, id, "")
	}
	want("one is left", "c3")
}

// pairsOutOfScope has a Put be delivered as a Drop.
func pairsOutOfScope(d *desk) {
	leave := func() {
		d.Helper()
		d.settleAs(d.one("lms"), journal.Applied, func(s *journal.Settlement) { s.Act = lis.Drop })
	}
	d.put("p0", 1, "lms")
	leave()
	if p := d.pair("p0"); p != nil {
		d.Errorf("what was never there is %+v", p)
	}
	d.put("p1", 1, "lms")
	d.applied("42")
	d.do(move{id: "p2", body: "b", targets: []string{"lms"}})
	d.settleAs(d.one("lms"), journal.Parked, func(s *journal.Settlement) { s.Parent, s.Due = person("p1"), d.now().Add(hour) })
	c := d.put("p1", 1, "lms")
	leave()
	if p := d.pair("p1"); !p.Gone || p.TargetID != "42" || string(p.Hash) != "h42" || p.Seq != c.Seq || d.pairOf("42") != "" {
		d.Errorf("gone: %+v", p)
	}
	d.wantRemovals("it left", 0, 0)
	d.none("lms") // nothing came that p2 could wait for
	d.put("p1", 1, "lms")
	d.applied("")
	if p := d.pair("p1"); p.Gone || p.TargetID != "42" || d.pairOf("42") != "p1" {
		d.Errorf("back: %+v", p)
	}
	d.wantSteps("p1", "applied 42 ", "dropped 42 gone", "applied 42 ")
	d.wantRemovals("it is back", 0, 1)
}

// became looks at what a settlement says after it was recorded.
func became(d *desk) {
	settle := func(l journal.Delivery, state journal.State, alter func(*journal.Settlement)) journal.Settlement {
		d.Helper()
		s := outcome(l, state, d.now())
		alter(&s)
		told := []journal.Settlement{s}
		d.must(d.store.Settle(d.Context(), told))
		return told[0]
	}
	asked := func(*journal.Settlement) {}
	fortyTwo := func(s *journal.Settlement) { s.TargetID = "42" }
	d.put("a", 1, "lms")
	l := d.one("lms")
	if s := settle(l, journal.Applied, fortyTwo); s.State != journal.Applied || s.Effect != lis.Applied {
		d.Errorf("applied: %+v", s)
	}
	if s := settle(l, journal.Applied, asked); s.State != "" {
		d.Errorf("settled twice: %+v", s)
	}
	d.put("b", 1, "lms")
	if s := settle(d.one("lms"), journal.Applied, fortyTwo); s.State != journal.Dead || s.Effect != "" || s.Reason == "" {
		d.Errorf("an id that is taken: %+v", s)
	}
	d.put("c", 1, "lms")
	l = d.one("lms")
	d.add(time.Second)
	d.put("a", 1, "lms")
	d.applied("")
	if s := settle(l, journal.Parked, func(s *journal.Settlement) { s.Parent, s.Due = person("a"), d.now().Add(hour) }); s.State != journal.Waiting {
		d.Errorf("the parent came meanwhile: %+v", s)
	}
	d.settle(d.one("lms"), journal.Applied)
	d.do(move{act: lis.Drop, id: "a", targets: []string{"lms"}})
	l = d.one("lms")
	d.put("a", 1, "lms")
	if s := settle(l, journal.Held, func(s *journal.Settlement) { s.Hold = journal.HoldRemoval }); s.State != journal.Applied || s.Effect != lis.Superseded {
		d.Errorf("a newer change came meanwhile: %+v", s)
	}
}
