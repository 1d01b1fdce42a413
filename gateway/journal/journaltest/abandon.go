package journaltest

import (
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"

	"pgregory.net/rapid"
)

func (d *desk) abandon(want int, seqs ...int64) {
	d.Helper()
	n, err := d.store.Abandon(d.Context(), "lms", seqs, "the planner was told no", d.now())
	if err != nil || n != want {
		d.Errorf("abandoned %d, %v, want %d", n, err, want)
	}
}

// abandoned: what is fresh, was tried, is parked, and waits behind another.
func abandoned(d *desk) {
	fresh := d.put("fresh", 1, "lms")
	d.abandon(1, fresh.Seq, fresh.Seq, 5)
	d.none("lms")
	tried := d.put("tried", 1, "lms")
	d.settle(d.one("lms"), journal.Waiting)
	parked := d.put("parked", 2, "lms") // the first of two
	l := d.one("lms")
	d.park(l, person("parent"))
	d.abandon(2, tried.Seq, parked.Seq)
	d.none("lms")
	if n := d.standing("lms"); n.Waiting != 1 || n.Parked != 1 || n.Failed != 0 {
		d.Errorf("standing %+v", n)
	}
	d.abandon(1, l.Seq)
	drop := d.do(move{act: lis.Drop, id: "gone", targets: []string{"lms"}})
	d.abandon(1, drop.Seq)
	for _, id := range []lis.SourcedID{"fresh", "tried", "parked", "gone"} {
		for _, s := range collect(d, d.snapshot().Deliveries(lis.KindPerson, id)) {
			if s.State != journal.Dropped || s.Reason != "the planner was told no" || s.Effect != "" || s.At.IsZero() || (s.Attempts == 1) != (s.Seq == tried.Seq || s.Seq == l.Seq) {
				d.Errorf("it became %+v", s)
			}
		}
	}
	if b := d.balance()["lms"]; b.Sent != 5 || b.Dead != 5 || b.Waiting != 0 {
		d.Errorf("balance %+v", b)
	}
	if n := d.standing("lms"); n != (journal.Standing{}) {
		d.Errorf("standing %+v", n)
	}
	if n := len(d.queue("lms", journal.Parked)); n != 0 {
		d.Errorf("%d are parked", n)
	}
	d.put("parent", 1, "lms") // nothing waits for it any more
	d.settle(d.one("lms"), journal.Applied)
	d.none("lms")
	r, err := d.store.Removals(d.Context(), "lms")
	if err != nil || r[lis.KindPerson].Waiting != 0 {
		d.Errorf("removals %+v, %v", r, err)
	}
	if n := len(collect(d, d.snapshot().Dead("lms"))); n != 0 {
		d.Errorf("%d dead letters", n)
	}
}

// abandonedLeased: what is on lease is left, and goes when its lease ran out;
// what is held, or settled, is left too.
func abandonedLeased(d *desk) {
	second := d.put("p1", 2, "lms")
	l := d.one("lms")
	d.abandon(1, l.Seq, second.Seq) // the one behind it
	d.none("lms")
	d.add(leaseTime + time.Second)
	d.abandon(1, l.Seq)
	late := []journal.Settlement{outcome(l, journal.Applied, d.now())}
	d.must(d.store.Settle(d.Context(), late))
	if b := d.balance()["lms"]; late[0].State != "" || b.Dead != 2 || b.Sent != 2 {
		d.Errorf("a late %+v, balance %+v", late[0], b)
	}
	d.abandon(0, l.Seq)
	held := d.holdRemoval("p2")
	d.abandon(0, held.Seq)
	next := d.put("p1", 3, "lms")
	l = d.one("lms")
	last := d.coalesce(l)[0]
	d.abandon(0, next.Seq) // the lease went over to it
	d.settle(last, journal.Applied)
	d.abandon(0, next.Seq)
	first := d.put("p3", 2, "lms").Seq - 1
	for _, s := range d.queue("lms", journal.Waiting) {
		first = min(first, s.Seq)
	}
	d.abandon(1, first)
	if l := d.one("lms"); l.Version != 2 {
		d.Errorf("after it %+v", l)
	}
}

// onLease reports whether somebody has a delivery now.
func (m *model) onLease(e *expected) bool {
	for _, l := range slices.Backward(m.leased) {
		if l.Target == e.target && l.Seq == e.seq {
			return m.until[l.Fence].After(m.now())
		}
	}
	return false
}

// abandonSome abandons some of what is in any state.
func (m *model) abandonSome(t *rapid.T) {
	target := rapid.SampledFrom(m.targets).Draw(t, "target")
	var seqs []int64
	want := 0
	for _, e := range m.sent {
		if e.target != target || !rapid.Bool().Draw(t, "take") {
			continue
		}
		if seqs = append(seqs, e.seq); !e.leasable() || m.onLease(e) {
			continue
		}
		e.state, e.approved, e.parent = journal.Dropped, false, ""
		m.leased = slices.DeleteFunc(m.leased, func(l journal.Delivery) bool { return l.Target == target && l.Seq == e.seq })
		want++
	}
	if n, err := m.store.Abandon(m.Context(), target, seqs, "nobody wants it", m.now()); err != nil || n != want {
		t.Fatalf("abandoned %d, %v, want %d", n, err, want)
	}
}
