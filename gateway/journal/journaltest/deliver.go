package journaltest

import (
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func leaseOrder(d *desk) {
	d.put("p1", 3, "lms")
	d.put("p2", 1, "lms")
	l := d.lease("lms", 10)
	if len(l) != 2 || l[0].Key != "p1" || l[1].Key != "p2" || l[0].Version != 1 {
		d.Fatalf("leased %+v", l)
	}
	first := l[0]
	if string(first.Body) != "p1 0" || first.Target != "lms" || first.Fence == 0 || first.Attempts != 0 || first.Record != nil ||
		first.Operation != "replacePerson" || first.Kind != lis.KindPerson || first.ID == "" || first.Time.IsZero() {
		d.Errorf("delivery %+v", first)
	}
	d.none("lms")
	d.settle(first, journal.Applied)
	second := d.one("lms")
	if second.Version != 2 || second.Fence <= first.Fence {
		d.Errorf("second %+v", second)
	}
	d.settle(second, journal.Applied)
	d.settle(d.one("lms"), journal.Applied)
	d.settle(l[1], journal.Applied)
	d.none("lms")
	if _, ok, err := d.store.NextDue(d.Context(), "lms"); ok || err != nil {
		d.Errorf("next due of an empty queue: %v, %v", ok, err)
	}
}

func leaseOthers(d *desk) {
	d.put("p1", 2, "lms")
	d.settle(d.one("lms"), journal.Waiting)
	d.put("p2", 1, "lms")
	if l := d.one("lms"); l.Key != "p2" {
		d.Errorf("leased %+v", l)
	}
	d.put("p3", 1, "lms")
	d.put("p4", 1, "lms")
	if l := d.lease("lms", 1); len(l) != 1 || l[0].Key != "p3" {
		d.Errorf("limit 1 gave %+v", l)
	}
}

func fencing(d *desk) {
	d.put("p1", 2, "lms")
	first := d.one("lms")
	if due, ok, err := d.store.NextDue(d.Context(), "lms"); err != nil || !ok || !due.Equal(d.now().Add(10*time.Second)) {
		d.Errorf("next due %v, %v, %v; want the end of the lease", due, ok, err)
	}
	d.add(9 * time.Second)
	d.none("lms")
	d.add(2 * time.Second)
	second := d.one("lms")
	if first.Unsure || !second.Unsure {
		d.Errorf("unsure: first %v, after its lease ran out %v", first.Unsure, second.Unsure)
	}
	if second.Seq != first.Seq || second.Fence <= first.Fence {
		d.Errorf("second lease %+v", second)
	}
	d.settle(first, journal.Dead) // too late
	if b := d.balance()["lms"]; b.Dead != 0 || b.Waiting != 2 {
		d.Errorf("a late settlement counted: %+v", b)
	}
	d.settle(second, journal.Applied)
	d.settle(second, journal.Applied) // again
	if b := d.balance()["lms"]; b.Applied != 1 || b.Waiting != 1 {
		d.Errorf("balance %+v", b)
	}
	third := d.one("lms")
	d.add(time.Minute)
	d.settle(third, journal.Applied) // late, but nobody else has it
	d.none("lms")
	if b := d.balance()["lms"]; b.Applied != 2 || b.Waiting != 0 {
		d.Errorf("balance %+v", b)
	}
}

func untried(d *desk) {
	d.put("p1", 1, "lms")
	back := outcome(d.one("lms"), journal.Waiting, d.now())
	back.Due, back.Untried = d.now(), true
	d.must(d.store.Settle(d.Context(), []journal.Settlement{back}))
	if again := d.one("lms"); again.Attempts != 0 {
		d.Errorf("given back untried, it has %d attempts", again.Attempts)
	}
}

// freshFirst asks for one at a time, as a probe does: what fails again and
// again comes only when there is nothing else.
func freshFirst(d *desk) {
	for _, id := range []lis.SourcedID{"p1", "p2"} {
		d.put(id, 1, "lms")
	}
	failed := d.lease("lms", 2)
	d.settle(failed[0], journal.Waiting)
	back := outcome(failed[1], journal.Waiting, d.now())
	back.Due, back.Untried = d.now().Add(2*time.Minute), true
	d.must(d.store.Settle(d.Context(), []journal.Settlement{back}))
	d.add(time.Hour)
	d.put("new1", 1, "lms")
	d.put("new2", 1, "lms")
	var got []lis.SourcedID
	for range 4 {
		for _, l := range d.lease("lms", 1) {
			got = append(got, l.Key)
			d.settle(l, journal.Waiting)
		}
	}
	d.wantIDs("leased one by one", got, "new1", "new2", "p1", "p2")
}

func oldest(d *desk) {
	want := func(what string, c *lis.Change) {
		d.Helper()
		at, ok, err := d.store.Oldest(d.Context(), "lms")
		if err != nil || ok != (c != nil) || ok && !at.Equal(c.Time) {
			d.Errorf("%s: oldest %v, %t, %v, want %+v", what, at, ok, err, c)
		}
	}
	want("nothing", nil)
	d.put("other", 1, "library")
	want("another target's", nil)
	first := d.put("p1", 1, "lms")
	d.add(time.Minute)
	second := d.put("p1", 1, "lms")
	d.add(time.Minute)
	third := d.put("p2", 1, "lms")
	want("three", first)
	l := d.lease("lms", 2)
	want("on lease", first)
	d.settle(l[0], journal.Waiting)
	want("tried", first)
	d.settle(l[1], journal.Dead)
	want("another is dead", first)
	d.add(time.Hour)
	d.settle(d.one("lms"), journal.Applied)
	want("the first is applied", second)
	d.settle(d.one("lms"), journal.Applied)
	want("all are settled", nil)
	_, err := d.store.Requeue(d.Context(), "lms", []int64{third.Seq})
	d.must(err)
	want("requeued", third)
}

func retryDue(d *desk) {
	d.put("p1", 2, "lms")
	d.settle(d.one("lms"), journal.Waiting)
	d.none("lms")
	due, ok, err := d.store.NextDue(d.Context(), "lms")
	if want := d.now().Add(time.Minute); err != nil || !ok || !due.Equal(want) {
		d.Errorf("next due %v, %v, %v; want %v", due, ok, err, want)
	}
	d.add(59 * time.Second)
	d.none("lms")
	d.add(time.Second)
	again := d.one("lms")
	if again.Version != 1 || again.Attempts != 1 {
		d.Errorf("again %+v", again)
	}
	d.settle(again, journal.Applied)
	due, ok, err = d.store.NextDue(d.Context(), "lms")
	if err != nil || !ok || due.After(d.now()) {
		d.Errorf("next due %v, %v, %v; want now", due, ok, err)
	}
	if l := d.one("lms"); l.Version != 2 || l.Attempts != 0 {
		d.Errorf("next %+v", l)
	}
}

func requeued(d *desk) {
	d.put("p1", 2, "lms")
	first := d.one("lms")
	d.settle(first, journal.Dead)
	dead := collect(d, d.snapshot().Dead("lms"))
	if len(dead) != 1 || dead[0].Seq != first.Seq || dead[0].Reason != "refused" || dead[0].Detail != "no such term" ||
		dead[0].Attempts != 1 || !dead[0].At.Equal(d.now()) || dead[0].State != journal.Dead || dead[0].ID != "p1" {
		d.Errorf("dead letters %+v", dead)
	}
	n, err := d.store.Requeue(d.Context(), "lms", []int64{first.Seq, first.Seq, first.Seq + 1, 5})
	if err != nil || n != 1 {
		d.Errorf("requeued %d, %v", n, err)
	}
	again := d.one("lms")
	if again.Seq != first.Seq || again.Fence <= first.Fence || again.Attempts != 0 {
		d.Errorf("requeued %+v", again)
	}
	d.settle(again, journal.Applied)
	second := d.one("lms")
	if second.Version != 2 {
		d.Errorf("after it %+v", second)
	}
	d.settle(second, journal.Applied)
	if n := len(collect(d, d.snapshot().Dead(""))); n != 0 {
		d.Errorf("%d dead letters are left", n)
	}
	if n, err := d.store.Requeue(d.Context(), "lms", []int64{first.Seq}); n != 0 || err != nil {
		d.Errorf("requeued what was applied: %d, %v", n, err)
	}
	if b := d.balance()["lms"]; b.Sent != 2 || b.Applied != 2 {
		d.Errorf("balance %+v", b)
	}
}

// requeuedBehind has an old dead letter come back while a newer change of the
// same object is on its way: never are two of an object on their way.
func requeuedBehind(d *desk) {
	d.put("p1", 3, "lms")
	first := d.one("lms")
	d.settle(first, journal.Dead)
	second := d.one("lms")
	_, err := d.store.Requeue(d.Context(), "lms", []int64{first.Seq})
	d.must(err)
	d.none("lms")
	d.settle(second, journal.Waiting)
	again := d.one("lms")
	if again.Seq != first.Seq {
		d.Errorf("got %+v, want the requeued one", again)
	}
	d.settle(again, journal.Applied)
	for version := int64(2); version <= 3; version++ {
		l := d.one("lms")
		if l.Version != version {
			d.Errorf("got %+v, want version %d", l, version)
		}
		d.settle(l, journal.Applied)
	}
	d.none("lms")
}

func rekeyOrder(d *desk) {
	d.put("a", 1, "lms")
	d.do(move{act: lis.Rekey, id: "a", to: "b", targets: []string{"lms"}}, move{id: "b", body: "b", targets: []string{"lms"}},
		move{id: "a", body: "another", targets: []string{"lms"}}, move{act: lis.Drop, id: "b", targets: []string{"lms"}})
	var bodies []string
	for range 5 {
		l := d.one("lms")
		if l.Act == lis.Rekey && l.NewID != "b" {
			d.Errorf("rekey %+v", l)
		}
		bodies = append(bodies, string(l.Body))
		d.settle(l, journal.Applied)
	}
	if want := []string{"a 0", "a 0", "b", "another", "b"}; !slices.Equal(bodies, want) {
		d.Errorf("delivered %q, want %q", bodies, want)
	}
}

func targets(d *desk) {
	d.put("p1", 1, "lms", "library")
	d.put("p2", 1, "library")
	d.settle(d.one("lms"), journal.Applied)
	if l := d.lease("library", 10); len(l) != 2 {
		d.Errorf("library leased %+v", l)
	}
	d.none("lms")
	d.none("nobody")
	b := d.balance()
	if b["lms"].Applied != 1 || b["lms"].Sent != 1 || b["library"].Sent != 2 || b["library"].Waiting != 2 || len(b) != 2 {
		d.Errorf("balance %+v", b)
	}
}

func deliveries(d *desk) {
	d.put("a", 3, "lms")
	d.settle(d.one("lms"), journal.Applied)
	d.settle(d.one("lms"), journal.Dead)
	d.settle(d.one("lms"), journal.Waiting)
	d.do(move{act: lis.Rekey, id: "a", to: "b", targets: []string{"lms", "library"}})
	all := collect(d, d.snapshot().Deliveries(lis.KindPerson, "b"))
	var states []journal.State
	for _, s := range all {
		states = append(states, s.State)
	}
	if !slices.Equal(states, []journal.State{journal.Applied, journal.Dead, journal.Waiting, journal.Waiting, journal.Waiting}) {
		d.Fatalf("states %v", states)
	}
	if all[0].Effect != lis.Applied || all[0].Attempts != 1 || all[0].Target != "lms" || all[0].ID != "a" || !all[0].Due.IsZero() {
		d.Errorf("applied %+v", all[0])
	}
	if w := all[2]; w.Reason != "unavailable" || w.Attempts != 1 || !w.Due.Equal(d.now().Add(time.Minute)) || !w.At.Equal(d.now()) {
		d.Errorf("waiting %+v", w)
	}
	if all[3].Target != "library" || all[4].Target != "lms" || all[3].Seq != all[4].Seq {
		d.Errorf("rekey %+v, %+v", all[3], all[4])
	}
	if n := len(collect(d, d.snapshot().Deliveries(lis.KindPerson, "c"))); n != 0 {
		d.Errorf("%d deliveries of nothing", n)
	}
}
