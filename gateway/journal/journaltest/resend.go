package journaltest

import (
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func (d *desk) resend(want int, ids ...lis.SourcedID) {
	d.Helper()
	var refs []lis.Ref
	for _, id := range ids {
		refs = append(refs, person(id))
	}
	n, err := d.store.Resend(d.Context(), "lms", refs)
	if err != nil || n != want {
		d.Errorf("sent %d again, %v, want %d", n, err, want)
	}
}

func resent(d *desk) {
	d.put("p1", 2, "lms")
	d.settle(d.one("lms"), journal.Applied)
	d.settle(d.one("lms"), journal.Applied)
	d.do(move{id: "p2", body: "b", targets: []string{"lms"}}, move{act: lis.Drop, id: "p2", targets: []string{"lms"}})
	d.settle(d.one("lms"), journal.Applied)
	d.settle(d.one("lms"), journal.Dead)
	drop := d.holdRemoval("p3")
	d.decide(false, 1, drop.Seq)
	before := d.balance()["lms"]
	d.resend(3, "p1", "p1", "p2", "p3", "nobody")
	if b := d.balance()["lms"]; b.Sent != before.Sent || b.Waiting != 3 || b.Applied != before.Applied-1 || b.Dead != 0 {
		d.Errorf("balance %+v", b)
	}
	l := d.lease("lms", 10)
	if len(l) != 3 || l[0].Version != 2 || l[0].Again != 1 || l[0].Attempts != 0 || l[0].IdempotencyKey() != l[0].ID+"/1" ||
		l[1].Act != lis.Drop || l[2].Act != lis.Drop || l[2].Approved {
		d.Fatalf("leased %+v", l)
	}
	d.settle(l[0], journal.Dead)
	d.resend(1, "p1")
	again := d.one("lms")
	if again.Again != 2 {
		d.Errorf("again %+v", again)
	}
	d.settle(again, journal.Dead)
	if n, err := d.store.Requeue(d.Context(), "lms", []int64{again.Seq}); n != 1 || err != nil {
		d.Errorf("requeued %d, %v", n, err)
	}
	if l := d.one("lms"); l.Again != 2 {
		d.Errorf("a requeue is the same sending: %+v", l)
	}
	if all := collect(d, d.snapshot().Deliveries(lis.KindPerson, "p1")); len(all) != 2 || all[1].State != journal.Waiting || all[1].Again != 2 {
		d.Errorf("deliveries %+v", all)
	}
}

func resentNew(d *desk) {
	c := d.put("p1", 2, "library")
	d.resend(1, "p1")
	l := d.one("lms")
	if l.Seq != c.Seq || l.Again != 0 || string(l.Body) != "p1 1" {
		d.Errorf("leased %+v", l)
	}
	d.settle(l, journal.Applied)
	if b := d.balance()["lms"]; b.Sent != 1 || b.Applied != 1 {
		d.Errorf("balance %+v", b)
	}
	d.do(move{act: lis.Rekey, id: "p1", to: "p9"})
	d.resend(1, "p9", "p1") // which is one change
	if l := d.one("lms"); l.Act != lis.Rekey || l.NewID != "p9" {
		d.Errorf("leased %+v", l)
	}
}

func resentWaiting(d *desk) {
	d.put("p1", 1, "lms")
	d.settle(d.one("lms"), journal.Applied)
	c := d.put("p1", 1, "lms")
	d.resend(0, "p1")
	l := d.one("lms")
	d.resend(0, "p1")
	d.settle(l, journal.Waiting)
	d.resend(0, "p1")
	d.add(hour)
	l = d.one("lms")
	d.hold(l, journal.HoldMatch, "42")
	d.resend(0, "p1")
	if all := collect(d, d.snapshot().Deliveries(lis.KindPerson, "p1")); len(all) != 2 || all[1].Seq != c.Seq || all[1].State != journal.Held {
		d.Errorf("deliveries %+v", all)
	}
}

// resentBehind has the newest change go behind an older one that still waits:
// what is told with it must not be lost.
func resentBehind(d *desk) {
	d.put("p1", 1, "lms")
	c := d.put("p1", 1, "library")
	d.resend(1, "p1")
	d.resend(0, "p1")
	first := d.one("lms")
	if first.Seq == c.Seq || first.Behind != 1 {
		d.Errorf("leased %+v", first)
	}
	d.settle(first, journal.Applied)
	if l := d.one("lms"); l.Seq != c.Seq {
		d.Errorf("leased %+v", l)
	}
}
