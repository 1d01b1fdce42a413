package journaltest

import (
	"container/heap"
	"context"
	"math"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

type (
	place struct {
		target string
		seq    int64
	}
	chain struct {
		target string
		key
	}
	// delivery is where a delivery stands.
	delivery struct {
		journal.Settled
		chain    chain
		fence    int64
		due      int64 // leased ones: when the lease ends
		approved bool
		repeat   bool  // a Drop that was applied before
		back     bool  // it was settled before, and came back
		failed   bool  // while the target was there
		since    int64 // the newest write when it was leased
		mapped   []byte
	}
	// appointment says that a delivery may be due; whether it is, the delivery knows.
	appointment struct{ due, seq int64 }
	agenda      []appointment
)

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	return a[i].due < a[j].due || a[i].due == a[j].due && a[i].seq < a[j].seq
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(appointment)) }
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

func (m *Memory) appoint(target string, due, seq int64) {
	if m.due[target] == nil {
		m.due[target] = new(agenda)
	}
	heap.Push(m.due[target], appointment{due, seq})
}

// head returns the first that is due of a target, after dropping the
// appointments that no longer hold; nil when none waits.
func (m *Memory) head(target string) *delivery {
	for a := m.due[target]; a != nil && a.Len() > 0; heap.Pop(a) {
		first := (*a)[0]
		d, _ := m.places[place{target, first.seq}].get(never)
		if d.leasable() && d.due == first.due && (*m.chains[d.chain])[0] == first.seq {
			return &d
		}
	}
	return nil
}

// leasable reports whether a delivery is in the queue and not held.
func (d *delivery) leasable() bool { return d.State == journal.Waiting || d.State == journal.Parked }

// queued reports whether a delivery is in the queue.
func (d *delivery) queued() bool { return d.leasable() || d.State == journal.Held }

func (t *tx) enqueue(target string, kind lis.Kind, id lis.SourcedID, seq int64) {
	d := t.fresh(target, kind, id, seq)
	t.count(target, kind, journal.Balance{Sent: 1, Waiting: 1})
	t.supersedeHeld(&d)
	t.wait(d)
}

// fresh is a delivery that was never tried.
func (t *tx) fresh(target string, kind lis.Kind, id lis.SourcedID, seq int64) delivery {
	s := t.m.steps[seq]
	return delivery{chain: chain{target, key{kind, id}}, Settled: journal.Settled{
		Target: target, Kind: kind, ID: s.Key, Seq: seq, State: journal.Waiting, Act: s.Act, Source: s.Source}}
}

// wait puts a delivery in its place in its chain.
func (t *tx) wait(d delivery) {
	c := t.line(d.chain)
	i, _ := slices.BinarySearch(*c, d.Seq)
	*c = slices.Insert(slices.Clone(*c), i, d.Seq)
	t.put(d)
}

// line returns a chain, to be restored by rollback.
func (t *tx) line(c chain) *[]int64 {
	l := t.m.chains[c]
	if l == nil {
		l = new([]int64)
		t.m.chains[c] = l
	}
	old := slices.Clone(*l)
	t.undo = append(t.undo, func() { *l = old })
	return l
}

func (t *tx) put(d delivery) {
	set(t, t.m.places, place{d.Target, d.Seq}, d)
	t.m.appoint(d.Target, d.due, d.Seq)
}

// merge makes two chains one.
func (t *tx) merge(kind lis.Kind, from, to lis.SourcedID) {
	for k, c := range t.m.entries {
		if e, _ := c.get(never); e != nil && k.kind == kind && e.chain == from {
			moved := *e
			moved.chain = to
			set(t, t.m.entries, k, &moved)
		}
	}
	for target := range t.m.due {
		old := t.line(chain{target, key{kind, from}})
		for _, seq := range *old {
			d, _ := t.m.places[place{target, seq}].get(never)
			d.chain.id = to
			t.wait(d)
		}
		*old = nil
	}
}

// Lease hands out what is due.
func (m *Memory) Lease(ctx context.Context, target string, limit int, now, until time.Time) (leased []journal.Delivery, err error) {
	err = m.do(ctx, func(t *tx) error {
		for len(leased) < limit {
			d := m.head(target)
			if d == nil || d.due > now.UnixMicro() {
				return nil
			}
			if end := m.busy(d, now.UnixMicro()); end > 0 {
				d.due = end
				t.put(*d)
				continue
			}
			m.fence++
			m.flying[d.chain] = d.Seq
			unsure := d.fence != 0
			d.fence, d.due, d.since = m.fence, until.UnixMicro(), m.writes
			t.put(*d)
			leased = append(leased, m.handOut(*d))
			leased[len(leased)-1].Unsure = unsure
		}
		return nil
	})
	return leased, err
}

// handOut is a delivery as it goes to the one who leased it.
func (m *Memory) handOut(d delivery) journal.Delivery {
	s := m.steps[d.Seq].Step
	s.Fence = d.fence
	line := *m.chains[d.chain]
	i, _ := slices.BinarySearch(line, d.Seq)
	return journal.Delivery{Change: s.Change, Target: d.Target, Attempts: d.Attempts, Body: s.Body,
		Behind: len(line) - i - 1, Approved: d.approved, Again: d.Again, Repeat: d.repeat}
}

// busy returns when the lease of another delivery in the same chain ends,
// which a requeue has overtaken; 0 when there is none.
func (m *Memory) busy(d *delivery, now int64) int64 {
	other, ok := m.places[place{d.Target, m.flying[d.chain]}].get(never)
	if !ok || other.Seq == d.Seq || other.fence == 0 || other.due <= now {
		return 0
	}
	return other.due
}

// NextDue returns when the earliest waiting change of a target is due.
func (m *Memory) NextDue(ctx context.Context, target string) (due time.Time, ok bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return due, false, err
	}
	if d := m.head(target); d != nil {
		return time.UnixMicro(d.due).UTC(), true, nil
	}
	return due, false, nil
}

// Oldest returns the time of the oldest change that waits for a target.
func (m *Memory) Oldest(ctx context.Context, target string) (at time.Time, ok bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return at, false, err
	}
	oldest := int64(math.MaxInt64)
	for c, seqs := range m.chains {
		if c.target == target && len(*seqs) > 0 {
			oldest, ok = min(oldest, (*seqs)[0]), true
		}
	}
	if !ok {
		return at, false, nil
	}
	return time.UnixMicro(oldest).UTC(), true, nil
}

func (t *tx) count(target string, kind lis.Kind, by journal.Balance) {
	a := account{target, kind}
	b, _ := t.m.balance[a].get(never)
	b.Target, b.Kind = target, kind
	b.Sent += by.Sent
	b.Applied += by.Applied
	b.Dead += by.Dead
	b.Waiting += by.Waiting
	set(t, t.m.balance, a, b)
}
