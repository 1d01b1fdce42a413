package journaltest

import (
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func (d *desk) hold(l journal.Delivery, why journal.Hold, match string) {
	d.Helper()
	d.settleAs(l, journal.Held, func(s *journal.Settlement) { s.Hold, s.Match, s.Reason, s.Detail = why, match, "held", "its words" })
}

// holdRemoval puts and drops an object, and holds the drop.
func (d *desk) holdRemoval(id lis.SourcedID) (drop *lis.Change) {
	d.Helper()
	d.put(id, 1, "lms")
	d.settle(d.one("lms"), journal.Applied)
	drop = d.do(move{act: lis.Drop, id: id, targets: []string{"lms"}})
	d.hold(d.one("lms"), journal.HoldRemoval, "")
	return drop
}

func (d *desk) decide(approve bool, want int, seqs ...int64) {
	d.Helper()
	n, err := d.store.Decide(d.Context(), "lms", seqs, approve, "jo", d.now())
	if err != nil || n != want {
		d.Errorf("decided on %d, %v, want %d", n, err, want)
	}
}

func held(d *desk) {
	drop := d.holdRemoval("p1")
	d.none("lms")
	if _, ok, err := d.store.NextDue(d.Context(), "lms"); ok || err != nil {
		d.Errorf("next due of what is held: %t, %v", ok, err)
	}
	if at, ok, err := d.store.Oldest(d.Context(), "lms"); !ok || err != nil || !at.Equal(drop.Time) {
		d.Errorf("oldest %v, %t, %v", at, ok, err)
	}
	all := d.queue("lms", journal.Held)
	if len(all) != 1 || all[0].Seq != drop.Seq || all[0].Hold != journal.HoldRemoval || all[0].Attempts != 1 || all[0].Reason != "held" ||
		all[0].Detail != "its words" || all[0].Act != lis.Drop || !all[0].Due.IsZero() || !all[0].At.Equal(d.now()) {
		d.Errorf("held %+v", all)
	}
	if n := d.standing("lms"); n.Waiting != 1 || n.Held != 1 || n.Failed != 0 || !n.Oldest.IsZero() {
		d.Errorf("standing %+v", n)
	}
	d.decide(true, 1, drop.Seq, drop.Seq, 5)
	l := d.one("lms")
	if l.Seq != drop.Seq || !l.Approved || l.Attempts != 1 {
		d.Errorf("approved %+v", l)
	}
	d.settle(l, journal.Waiting)
	d.add(hour)
	if l = d.one("lms"); !l.Approved || l.Attempts != 2 {
		d.Errorf("tried again %+v", l)
	}
	d.settle(l, journal.Applied)
	if b := d.balance()["lms"]; b.Applied != 2 || b.Waiting != 0 {
		d.Errorf("balance %+v", b)
	}
	d.decide(true, 0, drop.Seq)
}

func dropped(d *desk) {
	drop := d.holdRemoval("p1")
	d.decide(false, 1, drop.Seq)
	d.none("lms")
	s := d.snapshot()
	all := collect(d, s.Deliveries(lis.KindPerson, "p1"))
	if len(all) != 2 || all[1].State != journal.Dropped || all[1].Reason != "dropped by jo" || all[1].Attempts != 1 || all[1].Act != lis.Drop {
		d.Errorf("deliveries %+v", all)
	}
	if n := len(collect(d, s.Dead("lms"))); n != 0 {
		d.Errorf("%d dead letters", n)
	}
	if b := d.balance()["lms"]; b.Dead != 1 || b.Applied != 1 || b.Waiting != 0 {
		d.Errorf("balance %+v", b)
	}
	if n, err := d.store.Requeue(d.Context(), "lms", []int64{drop.Seq}); n != 0 || err != nil {
		d.Errorf("requeued %d, %v", n, err)
	}
	put := d.put("m1", 2, "lms")
	first := d.one("lms")
	d.hold(first, journal.HoldMatch, "42") // the second is in its place now
	d.none("lms")
	d.decide(false, 0, first.Seq)
	d.decide(false, 1, put.Seq)
	d.put("m1", 1, "lms")
	if l := d.one("lms"); l.Version != 3 {
		d.Errorf("the next is %+v", l)
	}
}

func heldSuperseded(d *desk) {
	drop := d.holdRemoval("p1")
	put := d.put("p1", 1, "lms")
	l := d.one("lms")
	if l.Seq != put.Seq || l.Approved || l.Attempts != 0 {
		d.Fatalf("leased %+v", l)
	}
	d.decide(true, 0, drop.Seq)
	all := collect(d, d.snapshot().Deliveries(lis.KindPerson, "p1"))
	if len(all) != 3 || all[1].State != journal.Applied || all[1].Effect != lis.Superseded || all[1].Attempts != 1 {
		d.Errorf("deliveries %+v", all)
	}
	d.settle(l, journal.Applied)
	d.do(move{act: lis.Drop, id: "p1", targets: []string{"lms"}}) // and one that comes while it is tried
	l = d.one("lms")
	put = d.put("p1", 1, "lms")
	d.hold(l, journal.HoldRemoval, "")
	if l = d.one("lms"); l.Seq != put.Seq {
		d.Errorf("leased %+v", l)
	}
	d.settle(l, journal.Applied)
	if b := d.balance()["lms"]; b.Sent != 5 || b.Applied != 5 {
		d.Errorf("balance %+v", b)
	}
	d.holdRemoval("p2")
	d.put("p3", 1, "lms")
	d.settle(d.one("lms"), journal.Applied)
	d.do(move{act: lis.Rekey, id: "p3", to: "p2", targets: []string{"lms"}}) // is not about the one that is gone
	d.none("lms")
}

func heldMatch(d *desk) {
	first := d.put("p1", 1, "lms")
	d.hold(d.one("lms"), journal.HoldMatch, "42")
	second := d.put("p1", 1, "lms")
	d.none("lms")
	all := d.queue("", journal.Held)
	if len(all) != 1 || all[0].Seq != second.Seq || all[0].Match != "42" || all[0].Hold != journal.HoldMatch || all[0].Reason != "held" {
		d.Fatalf("held %+v", all)
	}
	d.decide(true, 1, first.Seq, second.Seq)
	p, err := d.store.Pair(d.Context(), "lms", lis.KindPerson, "p1")
	if err != nil || p == nil || p.TargetID != "42" || p.Gone {
		d.Errorf("pair %+v, %v", p, err)
	}
	if h := collect(d, d.snapshot().PairHistory("lms", lis.KindPerson, "p1")); len(h) != 1 || h[0].Why != "linked by jo" {
		d.Errorf("history %+v", h)
	}
	if l := d.one("lms"); l.Seq != second.Seq || !l.Approved {
		d.Errorf("leased %+v", l)
	}
	d.put("p2", 1, "lms")
	d.hold(d.one("lms"), journal.HoldMatch, "43")
	drop := d.do(move{act: lis.Drop, id: "p2", targets: []string{"lms"}}) // there is nothing to ask about any more
	if l := d.one("lms"); l.Seq != drop.Seq {
		d.Errorf("leased %+v", l)
	}
}

func heldTaken(d *desk) {
	d.put("owner", 1, "lms")
	d.settleAs(d.one("lms"), journal.Applied, func(s *journal.Settlement) { s.TargetID = "42" })
	drop := d.holdRemoval("p2")
	c := d.put("p1", 1, "lms")
	d.hold(d.one("lms"), journal.HoldMatch, "42")
	n, err := d.store.Decide(d.Context(), "lms", []int64{drop.Seq, c.Seq}, true, "jo", d.now())
	if n != 0 || err == nil || !strings.Contains(err.Error(), "owner") || !strings.Contains(err.Error(), "42") {
		d.Errorf("decided %d, %v", n, err)
	}
	d.none("lms")
	if n := len(d.queue("lms", journal.Held)); n != 2 {
		d.Errorf("%d are held", n)
	}
}

// requeueOne has a dead letter wait again, and leases it.
func (d *desk) requeueOne(dead journal.Delivery) journal.Delivery {
	d.Helper()
	_, err := d.store.Requeue(d.Context(), "lms", []int64{dead.Seq})
	d.must(err)
	l := d.one("lms")
	if l.Seq != dead.Seq {
		d.Fatalf("leased %+v, want the requeued one", l)
	}
	return l
}

// heldBehind requeues a dead letter before what is held.
func heldBehind(d *desk) {
	d.put("p1", 1, "lms")
	dead := d.one("lms")
	d.settle(dead, journal.Dead)
	drop := d.do(move{act: lis.Drop, id: "p1", targets: []string{"lms"}})
	d.hold(d.one("lms"), journal.HoldRemoval, "")
	l := d.requeueOne(dead)
	if l = d.coalesce(l)[0]; l.Seq != dead.Seq || l.Behind != 1 {
		d.Fatalf("leased %+v", l)
	}
	d.settle(l, journal.Dead)
	d.none("lms")
	l = d.requeueOne(dead)
	d.decide(true, 1, drop.Seq)
	d.none("lms") // its turn comes
	d.settle(l, journal.Applied)
	if l = d.one("lms"); l.Seq != drop.Seq || !l.Approved {
		d.Errorf("leased %+v", l)
	}
	d.hold(l, journal.HoldRemoval, "")
	d.put("p2", 1, "lms") // two held of one object
	dead = d.one("lms")
	d.settle(dead, journal.Dead)
	d.put("p2", 1, "lms")
	d.hold(d.one("lms"), journal.HoldMatch, "42")
	d.hold(d.requeueOne(dead), journal.HoldMatch, "42")
	last := d.put("p2", 1, "lms")
	if all := d.queue("lms", journal.Held); len(all) != 2 || all[1].Seq != last.Seq || all[1].Match != "42" {
		d.Errorf("held %+v", all)
	}
	d.put("p1", 1, "library") // which does not concern this target
	d.none("lms")
}
