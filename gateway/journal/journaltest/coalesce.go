package journaltest

import (
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

const hour = time.Hour

func (d *desk) coalesce(leased ...journal.Delivery) []journal.Delivery {
	d.Helper()
	now, err := d.store.Coalesce(d.Context(), leased, d.now())
	d.must(err)
	if len(now) != len(leased) {
		d.Fatalf("%d deliveries made of %d", len(now), len(leased))
	}
	return now
}

func coalesced(d *desk) {
	d.put("p1", 3, "lms", "library")
	d.put("p2", 1, "lms")
	l := d.lease("lms", 10)
	if l[0].Behind != 2 || l[1].Behind != 0 {
		d.Errorf("behind: %d and %d", l[0].Behind, l[1].Behind)
	}
	now := d.coalesce(l...)
	first := now[0]
	if first.Version != 3 || string(first.Body) != "p1 2" || first.Fence <= l[1].Fence || first.Behind != 0 || first.Target != "lms" || first.Attempts != 0 {
		d.Errorf("coalesced %+v", first)
	}
	if now[1].Seq != l[1].Seq || now[1].Fence != l[1].Fence || string(now[1].Body) != "p2 0" {
		d.Errorf("the other %+v", now[1])
	}
	d.none("lms")
	if b := d.balance()["lms"]; b.Applied != 2 || b.Waiting != 2 || b.Sent != 4 {
		d.Errorf("balance %+v", b)
	}
	all := collect(d, d.snapshot().Deliveries(lis.KindPerson, "p1"))
	for i, s := range []journal.State{journal.Waiting, journal.Applied, journal.Waiting, journal.Applied, journal.Waiting, journal.Waiting} {
		if all[i].State != s || s == journal.Applied && (all[i].Effect != lis.Superseded || all[i].Attempts != 0 || !all[i].At.Equal(d.now())) {
			d.Errorf("delivery %d: %+v, want %s", i, all[i], s)
		}
	}
	d.settle(l[0], journal.Dead) // its lease went over
	d.put("p1", 1, "lms")
	d.settle(first, journal.Applied)
	d.settle(now[1], journal.Applied)
	if l := d.one("lms"); l.Version != 4 {
		d.Errorf("after it %+v", l)
	}
	if b := d.balance()["lms"]; b.Applied != 4 || b.Waiting != 1 || b.Dead != 0 {
		d.Errorf("balance %+v", b)
	}
	if l := d.one("library"); l.Version != 1 || l.Behind != 2 {
		d.Errorf("another target's %+v", l)
	}
}

// coalescedRekey: a rekey stays where it is, and so does what has another
// name: it may be another object.
func coalescedRekey(d *desk) {
	d.put("a", 2, "lms")
	d.do(move{act: lis.Rekey, id: "a", to: "b", targets: []string{"lms"}}, move{id: "b", body: "b 1", targets: []string{"lms"}},
		move{id: "b", body: "b 2", targets: []string{"lms"}}, move{id: "a", body: "another", targets: []string{"lms"}},
		move{act: lis.Drop, id: "b", targets: []string{"lms"}})
	var got []string
	for range 5 {
		l := d.coalesce(d.one("lms"))[0]
		got = append(got, string(l.Act)+" "+string(l.Key)+" "+string(l.Body))
		d.settle(l, journal.Applied)
	}
	d.none("lms")
	for i, want := range []string{"put a a 1", "rekey a a 1", "put b b 2", "put a another", "drop b b 2"} {
		if got[i] != want {
			d.Errorf("got %q, want %q", got[i], want)
		}
	}
}

func coalescedApproved(d *desk) {
	d.holdRemoval("p1")
	d.decide(true, 1, d.queue("lms", journal.Held)[0].Seq)
	d.put("p1", 2, "lms")
	l := d.one("lms")
	if now := d.coalesce(l)[0]; now.Seq != l.Seq || now.Fence != l.Fence || !now.Approved || l.Behind != 2 {
		d.Errorf("coalesced %+v", now)
	}
	d.settle(l, journal.Applied)
	if l := d.coalesce(d.one("lms"))[0]; l.Version != 4 {
		d.Errorf("after it %+v", l)
	}
	d.put("p2", 1, "lms")
	dead := d.one("lms")
	d.settle(dead, journal.Dead)
	drop := d.do(move{act: lis.Drop, id: "p2", targets: []string{"lms"}})
	d.hold(d.one("lms"), journal.HoldRemoval, "")
	d.decide(true, 1, drop.Seq)
	d.put("p2", 1, "lms")
	if l := d.coalesce(d.requeueOne(dead))[0]; l.Seq != drop.Seq || !l.Approved || l.Behind != 1 {
		d.Errorf("it takes the place itself: %+v", l)
	}
}

// proxied makes a person by proxy.
func (d *desk) proxied(id lis.SourcedID) *lis.Change {
	d.Helper()
	m := move{id: id, body: string(id) + " made", targets: []string{"lms"}}
	c := m.change()
	c.Operation, c.Created = lis.OperationFor(lis.KindPerson, lis.CreateByProxy), true
	d.write(func(tx journal.Tx) error { return m.apply(tx, c) })
	return c
}

// coalescedProxied: a newer change would go out under an identifier that the
// target does not know, before that has the object.
func coalescedProxied(d *desk) {
	made := d.proxied("p1")
	d.put("p1", 2, "lms")
	l := d.one("lms")
	if now := d.coalesce(l)[0]; now.Seq != made.Seq || now.Fence != l.Fence || l.Behind != 2 {
		d.Errorf("coalesced %+v", now)
	}
	d.settleAs(l, journal.Applied, func(s *journal.Settlement) { s.TargetID = "S-1" })
	if l := d.coalesce(d.one("lms"))[0]; l.Version != 3 {
		d.Errorf("after it %+v", l)
	}
	d.put("p2", 1, "lms")
	d.settle(d.one("lms"), journal.Dead)
	d.do(move{act: lis.Drop, id: "p2", targets: []string{"lms"}}, move{act: lis.Drop, id: "p2", targets: []string{"lms"}})
	made = d.proxied("p2")
	d.put("p2", 1, "lms")
	var got []lis.Act
	for range 3 { // the second drop, what was made, and what came then
		l := d.coalesce(d.one("lms"))[0]
		if got = append(got, l.Act); l.Act == lis.Put && len(got) == 2 && l.Seq != made.Seq {
			d.Errorf("not what was made: %+v", l)
		}
		d.settle(l, journal.Applied)
	}
	d.none("lms")
	if got[0] != lis.Drop || got[1] != lis.Put || got[2] != lis.Put {
		d.Errorf("went %q", got)
	}
}

func coalescedFence(d *desk) {
	d.put("p1", 2, "lms")
	lost := d.one("lms")
	d.add(time.Minute)
	l := d.one("lms")
	if now := d.coalesce(lost)[0]; now.Seq != lost.Seq || now.Fence != lost.Fence {
		d.Errorf("coalesced without a lease: %+v", now)
	}
	now := d.coalesce(l)[0]
	if now.Version != 2 || now.Fence <= l.Fence {
		d.Errorf("coalesced %+v", now)
	}
	d.add(9 * time.Second)
	d.none("lms") // as long as the lease was
	d.add(2 * time.Second)
	again := d.one("lms")
	d.settle(now, journal.Dead)
	if b := d.balance()["lms"]; b.Dead != 0 || again.Seq != now.Seq {
		d.Errorf("balance %+v after %+v", b, again)
	}
}
