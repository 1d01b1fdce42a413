package journaltest

import (
	"fmt"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"

	"pgregory.net/rapid"
)

// A model is what the queue should be, in the plainest form: every delivery
// with its state, in the order in which they were sent.
type model struct {
	*desk
	kind    lis.Kind // each run has targets of its own
	targets []string
	sent    []*expected
	leased  []journal.Delivery
	last    map[lis.SourcedID]*lis.Change // newest of each object
	fence   int64
	events  int
	began   map[int64]int       // leases, by fence, and the event before them
	until   map[int64]time.Time // leases, by fence, and their end
	there   map[pairing]int     // objects that a target holds, and the event that said so last
}

type expected struct {
	target   string
	key      lis.SourcedID
	act      lis.Act
	seq      int64
	state    journal.State
	parent   lis.SourcedID // parked
	hold     journal.Hold  // held
	approved bool
	again    int
	repeat   bool
}

// queued reports whether a delivery is in the queue.
func (e *expected) queued() bool { return e.leasable() || e.state == journal.Held }

func (e *expected) leasable() bool { return e.state == journal.Waiting || e.state == journal.Parked }

// balanced does anything in any order, and compares with the model. The runs
// share a store, whose targets they name apart.
func balanced(d *desk) {
	run := 0
	rapid.Check(d.T, func(t *rapid.T) {
		run++
		m := &model{desk: d, targets: []string{fmt.Sprint("lms", run), fmt.Sprint("library", run)}, last: map[lis.SourcedID]*lis.Change{},
			began: map[int64]int{}, until: map[int64]time.Time{}, there: map[pairing]int{}}
		t.Repeat(map[string]func(*rapid.T){
			"append":   m.append,
			"fail":     m.fail,
			"lease":    m.leaseSome,
			"settle":   m.settleSome,
			"requeue":  m.requeueSome,
			"coalesce": m.coalesceSome,
			"resend":   m.resendSome,
			"decide":   m.decideSome,
			"abandon":  m.abandonSome,
			"wait":     func(t *rapid.T) { d.add(time.Duration(rapid.IntRange(-20, 40).Draw(t, "seconds")) * time.Second) },
			"":         m.compare,
		})
		m.drain(t)
		m.compare(t)
	})
}

func (m *model) draw(t *rapid.T) move {
	id := fmt.Sprint(m.targets[0], "-", rapid.IntRange(0, 3).Draw(t, "id"))
	to := rapid.SampledFrom([][]string{m.targets[:1], m.targets[1:], m.targets}).Draw(t, "targets")
	return move{id: lis.SourcedID(id), body: "b", targets: to, act: rapid.SampledFrom([]lis.Act{lis.Put, lis.Put, lis.Drop}).Draw(t, "act")}
}

func (m *model) append(t *rapid.T) {
	v := m.draw(t)
	c := m.do(v)
	m.last[v.id] = c
	for _, target := range v.targets {
		e := &expected{target: target, key: v.id, act: c.Act, seq: c.Seq, state: journal.Waiting}
		for _, old := range m.sent {
			if old.target == target && old.key == v.id && old.state == journal.Held {
				m.follow(e, old)
			}
		}
		m.sent = append(m.sent, e)
	}
}

func (m *model) fail(t *rapid.T) {
	v := m.draw(t)
	if err := m.store.Write(m.Context(), func(tx journal.Tx) error {
		if err := v.apply(tx, v.change()); err != nil {
			return err
		}
		return errWanted
	}); err != errWanted {
		t.Fatalf("got %v", err)
	}
}

// first is what has to be delivered first of a key.
func (m *model) first(target string, key lis.SourcedID) *expected {
	var first *expected
	for _, e := range m.sent {
		if e.target == target && e.key == key && e.queued() && (first == nil || e.seq < first.seq) {
			first = e
		}
	}
	return first
}

func (m *model) find(target string, seq int64) *expected {
	i := slices.IndexFunc(m.sent, func(e *expected) bool { return e.target == target && e.seq == seq })
	return m.sent[i]
}

func (m *model) leaseSome(t *rapid.T) {
	target := rapid.SampledFrom(m.targets).Draw(t, "target")
	limit := rapid.IntRange(1, 4).Draw(t, "limit")
	got := m.lease(target, limit)
	if len(got) > limit {
		t.Fatalf("%d deliveries, limit %d", len(got), limit)
	}
	for _, l := range got {
		e := m.first(target, l.Key)
		if e == nil || e.seq != l.Seq || e.state == journal.Held {
			t.Fatalf("leased %+v, want %+v first", l, e)
		}
		if l.Approved != e.approved || l.Again != e.again || l.Repeat != e.repeat || l.Behind != len(m.behind(e)) {
			t.Fatalf("leased %+v, want it as %+v with %d behind", l, e, len(m.behind(e)))
		}
		if l.Fence <= m.fence {
			t.Fatalf("fence %d after %d", l.Fence, m.fence)
		}
		m.fence, m.began[l.Fence], m.until[l.Fence] = l.Fence, m.events, m.now().Add(leaseTime)
		// A lease that ran out before another change of its key was leased is
		// forgotten, even when that one has been settled since: stores may
		// take such a settlement or drop it.
		m.leased = slices.DeleteFunc(m.leased, func(o journal.Delivery) bool {
			return o.Target == target && o.Key == l.Key && o.Seq != l.Seq
		})
	}
	m.leased = append(m.leased, got...)
}

// settleSome settles a lease, perhaps one that ran out long ago. It counts
// when it is the newest of its delivery.
func (m *model) settleSome(t *rapid.T) {
	if len(m.leased) == 0 {
		t.Skip("nothing leased")
	}
	i := rapid.IntRange(0, len(m.leased)-1).Draw(t, "lease")
	l := m.leased[i]
	s := m.settlement(t, l)
	newest := m.newest(i)
	told := []journal.Settlement{s}
	m.must(m.store.Settle(m.Context(), told))
	if e := m.find(l.Target, l.Seq); newest && e.leasable() {
		m.settled(e, s)
		m.became(t, told[0], e.state)
	} else {
		m.became(t, told[0], "")
	}
	m.leased = slices.Delete(m.leased, i, i+1)
	if newest {
		m.leased = slices.DeleteFunc(m.leased, func(o journal.Delivery) bool { return o.Target == l.Target && o.Seq == l.Seq })
	}
}

func (m *model) requeueSome(t *rapid.T) {
	target := rapid.SampledFrom(m.targets).Draw(t, "target")
	var seqs []int64
	want := 0
	for _, e := range m.sent {
		if e.target == target && rapid.Bool().Draw(t, "take") {
			seqs = append(seqs, e.seq)
			if e.state == journal.Dead {
				e.state, e.approved, e.repeat = journal.Waiting, false, false
				want++
			}
		}
	}
	if n, err := m.store.Requeue(m.Context(), target, seqs); err != nil || n != want {
		t.Fatalf("requeued %d, %v, want %d", n, err, want)
	}
}

// compare compares the balance, and what can be looked up, with the model.
func (m *model) compare(t *rapid.T) {
	want := map[string]journal.Balance{}
	for _, e := range m.sent {
		b := want[e.target]
		b.Target, b.Kind = e.target, lis.KindPerson
		b.Sent++
		switch {
		case e.queued():
			b.Waiting++
		case e.state == journal.Applied:
			b.Applied++
		default:
			b.Dead++
		}
		want[e.target] = b
	}
	got := m.balance()
	for _, target := range m.targets {
		if got[target] != want[target] {
			t.Fatalf("balance of %s: got %+v, want %+v", target, got[target], want[target])
		}
	}
	m.compareStanding(t)
	s := m.snapshot()
	defer s.Close()
	for i := range 4 {
		for _, d := range collect(m.desk, s.Deliveries(lis.KindPerson, lis.SourcedID(fmt.Sprint(m.targets[0], "-", i)))) {
			if e := m.find(d.Target, d.Seq); e.state != d.State {
				t.Fatalf("delivery %+v, want %+v", d, e)
			}
		}
	}
}

// drain delivers all that waits: it must come to an end, in order.
func (m *model) drain(t *rapid.T) {
	m.add(time.Hour)
	for _, target := range m.targets {
		m.approveAll(t, target)
		for n := 0; ; n++ {
			got := m.lease(target, 3)
			if len(got) == 0 {
				break
			}
			for _, l := range got {
				e := m.first(target, l.Key)
				if e == nil || e.seq != l.Seq {
					t.Fatalf("drained %+v, want %+v first", l, e)
				}
				e.state = journal.Applied
				m.settle(l, journal.Applied)
			}
		}
	}
	for _, e := range m.sent {
		if e.queued() {
			t.Fatalf("%+v was never delivered", e)
		}
	}
}
