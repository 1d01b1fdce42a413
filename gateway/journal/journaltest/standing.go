package journaltest

import (
	"maps"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func (d *desk) wantRemovals(what string, waiting, present int64) {
	d.Helper()
	got, err := d.store.Removals(d.Context(), "lms")
	d.must(err)
	want := map[lis.Kind]journal.Removals{lis.KindPerson: {Waiting: waiting, Present: present}}
	if waiting+present == 0 {
		want = map[lis.Kind]journal.Removals{}
	}
	if !maps.Equal(got, want) {
		d.Errorf("%s: removals %+v, want %+v", what, got, want)
	}
}

func removals(d *desk) {
	d.wantRemovals("nothing", 0, 0)
	for _, id := range []lis.SourcedID{"p1", "p2", "p3"} {
		d.put(id, 1, "lms", "library")
		d.applied("")
	}
	d.wantRemovals("three", 0, 3)
	d.do(move{act: lis.Drop, id: "p1", targets: []string{"lms", "library"}})
	second := d.do(move{act: lis.Drop, id: "p2", targets: []string{"lms"}})
	d.wantRemovals("two drops", 2, 3)
	l := d.lease("lms", 2)
	d.settle(l[0], journal.Applied)
	d.hold(l[1], journal.HoldRemoval, "")
	d.wantRemovals("one held", 0, 2)
	d.decide(true, 1, second.Seq)
	d.wantRemovals("approved", 0, 2)
	d.settle(d.one("lms"), journal.Applied)
	d.do(move{act: lis.Rekey, id: "p3", to: "p4", targets: []string{"lms"}})
	d.applied("")
	d.wantRemovals("a rekey", 0, 1)
	d.put("p1", 1, "lms")
	d.applied("")
	d.wantRemovals("one is back", 0, 2)
	d.resend(1, "p2")
	d.wantRemovals("one sent again, of what went before", 0, 2)
	if l := d.one("lms"); !l.Repeat {
		d.Errorf("leased %+v", l)
	} else {
		d.settle(l, journal.Dead)
	}
	d.wantRemovals("which is dead", 0, 2)
	d.resend(1, "p2")
	d.wantRemovals("and is sent again, which may be news", 1, 2)
	if l := d.one("lms"); l.Repeat || l.Again != 2 {
		d.Errorf("leased %+v", l)
	} else {
		d.settle(l, journal.Dead)
	}
	d.write(func(tx journal.Tx) error {
		return tx.SetPair(journal.Pair{Target: "lms", Kind: lis.KindPerson, ID: "p1", Gone: true}, "unlinked")
	})
	d.wantRemovals("one taken out by hand", 0, 1)
}

func moving(d *desk) {
	want := func(what string, target string, want bool) {
		d.Helper()
		if got, err := d.store.Moving(d.Context(), target, "p1"); err != nil || got != want {
			d.Errorf("%s: moving %t, %v, want %t", what, got, err, want)
		}
	}
	member := func(act lis.Act, id, to lis.SourcedID, targets ...string) {
		c := &lis.Change{Kind: lis.KindMembership, Key: id, NewID: to, Act: act}
		d.write(func(tx journal.Tx) error {
			return tx.Append(c, []byte("m"), links(lis.LinkCollection, "s1", lis.LinkPerson, "p1"), nil, 0, targets)
		})
	}
	want("nothing", "lms", false)
	member(lis.Put, "m1", "", "lms")
	want("a membership waits", "lms", true)
	want("not there", "library", false)
	l := d.one("lms")
	want("it is on its way", "lms", true)
	away := outcome(l, journal.Waiting, d.now())
	away.Away = true
	d.must(d.store.Settle(d.Context(), []journal.Settlement{away}))
	want("the target was away", "lms", true)
	d.add(hour)
	d.settle(d.one("lms"), journal.Waiting)
	want("it was tried", "lms", false)
	d.add(hour)
	d.settle(d.one("lms"), journal.Applied)
	member(lis.Drop, "m1", "", "lms")
	want("a drop", "lms", false)
	d.settle(d.one("lms"), journal.Applied)
	member(lis.Put, "m2", "", "lms")
	l = d.one("lms")
	back := outcome(l, journal.Waiting, d.now())
	back.Untried = true
	d.must(d.store.Settle(d.Context(), []journal.Settlement{back}))
	want("given back untried", "lms", true)
	d.add(hour)
	d.settle(d.one("lms"), journal.Applied)
	want("it is there", "lms", false)
	n, err := d.store.Resend(d.Context(), "lms", []lis.Ref{{Kind: lis.KindMembership, ID: "m2"}})
	if n != 1 || err != nil {
		d.Errorf("sent %d again, %v", n, err)
	}
	want("sent again, it is there already", "lms", false)
	d.settle(d.one("lms"), journal.Applied)
	member(lis.Put, "m2", "", "lms")
	back = outcome(d.one("lms"), journal.Waiting, d.now())
	back.Untried, back.Act = true, lis.Drop
	d.must(d.store.Settle(d.Context(), []journal.Settlement{back}))
	want("it goes there as a drop", "lms", false)
	d.put("p1", 1, "lms") // a person is no membership
	want("the person", "lms", false)
}

func standing(d *desk) {
	if n := d.standing("lms"); n != (journal.Standing{}) {
		d.Errorf("of nothing: %+v", n)
	}
	ids := []lis.SourcedID{"failed", "held", "parked", "fresh"}
	changes := map[lis.SourcedID]*lis.Change{}
	for _, id := range ids {
		changes[id] = d.put(id, 1, "lms")
		d.add(time.Second)
	}
	l := d.lease("lms", 3)
	d.settle(l[0], journal.Waiting)
	d.hold(l[1], journal.HoldMatch, "")
	d.park(l[2], person("p9"))
	d.put("parked", 1, "lms", "library")
	if n, want := d.standing("lms"), (journal.Standing{Waiting: 5, Parked: 1, Held: 1, Failed: 1, Oldest: changes["failed"].Time}); n != want {
		d.Errorf("standing %+v, want %+v", n, want)
	}
	for state, want := range map[journal.State][]lis.SourcedID{
		journal.Waiting: {"failed", "fresh", "parked"}, journal.Parked: {"parked"}, journal.Held: {"held"}, journal.Applied: nil,
	} {
		var got []lis.SourcedID
		for _, s := range d.queue("lms", state) {
			if got = append(got, s.ID); s.State != state || s.Target != "lms" || s.Kind != lis.KindPerson {
				d.Errorf("%s: %+v", state, s)
			}
		}
		d.wantIDs(string(state), got, want...)
	}
	if all := d.queue("", journal.Waiting); len(all) != 4 || all[2].Target != "library" || all[3].Target != "lms" || all[2].Seq != all[3].Seq {
		d.Errorf("of all targets: %+v", all)
	}
	d.add(hour)
	for _, l := range d.lease("lms", 10) {
		d.settle(l, journal.Applied)
	}
	d.settle(d.one("lms"), journal.Applied)
	if n, want := d.standing("lms"), (journal.Standing{Waiting: 1, Held: 1}); n != want {
		d.Errorf("standing %+v, want %+v", n, want)
	}
}

func newest(d *desk) {
	d.put("a", 2, "lms")
	d.settle(d.one("lms"), journal.Applied)
	d.settle(d.one("lms"), journal.Dead)
	d.put("b", 2, "lms")
	d.settle(d.one("lms"), journal.Applied)
	d.put("c", 1, "lms")
	d.hold(d.lease("lms", 2)[1], journal.HoldMatch, "42")
	d.put("d", 1, "library")
	d.do(move{id: "e", body: "e", targets: []string{"lms"}}, move{act: lis.Drop, id: "e", targets: []string{"lms"}})
	d.put("f", 1)
	d.do(move{act: lis.Rekey, id: "f", to: "g", targets: []string{"lms", "library"}})
	s := d.snapshot()
	tell := func(target string) (got string) {
		for _, n := range collect(d, s.Newest(target, lis.KindPerson, "")) {
			got += string(n.ID) + " " + string(n.State) + " " + string(n.Act) + ", "
		}
		return got
	}
	if got, want := tell("lms"), "a dead put, b waiting put, c held put, e waiting drop, g waiting rekey, "; got != want {
		d.Errorf("got %q, want %q", got, want)
	}
	if got, want := tell("library"), "d waiting put, g waiting rekey, "; got != want {
		d.Errorf("got %q, want %q", got, want)
	}
	if rest := collect(d, s.Newest("lms", lis.KindPerson, "c")); len(rest) != 2 || rest[0].ID != "e" {
		d.Errorf("after c: %+v", rest)
	}
	all := collect(d, s.Newest("", lis.KindPerson, ""))
	if len(all) != 7 || all[5].Target != "library" || all[6].Target != "lms" || all[2].Match != "42" || all[0].Reason != "refused" || all[0].Source != "sis" {
		d.Errorf("of all targets: %+v", all)
	}
}

func mapped(d *desk) {
	c := d.put("p1", 1, "lms")
	sent := []byte(`{"sent": "` + string(make([]byte, 500)) + `"}`)
	d.settleAs(d.one("lms"), journal.Applied, func(s *journal.Settlement) { s.Mapped = sent })
	s := d.snapshot()
	if got, err := s.Mapped("lms", c.Seq); err != nil || string(got) != string(sent) {
		d.Errorf("mapped %q, %v", got, err)
	}
	if got, err := s.Mapped("library", c.Seq); err != nil || got != nil {
		d.Errorf("mapped for another %q, %v", got, err)
	}
	c = d.put("p2", 1, "lms")
	d.settle(d.one("lms"), journal.Applied)
	if got, err := d.snapshot().Mapped("lms", c.Seq); err != nil || got != nil {
		d.Errorf("as the record is %q, %v", got, err)
	}
}
