package journaltest

import (
	"container/heap"
	"context"
	"iter"
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
		chain chain
		fence int64
		due   int64 // leased ones: when the lease ends
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
		if d.State == journal.Waiting && d.due == first.due && (*m.chains[d.chain])[0] == first.seq {
			return &d
		}
	}
	return nil
}

func (t *tx) enqueue(target string, kind lis.Kind, id lis.SourcedID, seq int64) {
	s := t.m.steps[seq]
	t.wait(delivery{chain: chain{target, key{kind, id}}, Settled: journal.Settled{Target: target, Kind: kind, ID: s.Key, Seq: seq}})
	t.count(target, kind, journal.Balance{Sent: 1, Waiting: 1})
}

// wait puts a delivery in its place in its chain.
func (t *tx) wait(d delivery) {
	d.State = journal.Waiting
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
			d.fence, d.due = m.fence, until.UnixMicro()
			t.put(*d)
			s := m.steps[d.Seq].Step
			s.Fence = d.fence
			leased = append(leased, journal.Delivery{Change: s.Change, Target: target, Attempts: d.Attempts, Body: s.Body})
		}
		return nil
	})
	return leased, err
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

// Settle records what became of leased deliveries.
func (m *Memory) Settle(ctx context.Context, settled []journal.Settlement) error {
	return m.do(ctx, func(t *tx) error {
		for _, s := range settled {
			if d, ok := m.places[place{s.Target, s.Seq}].get(never); ok && d.State == journal.Waiting && d.fence == s.Fence && s.Fence != 0 {
				t.settle(d, s)
			}
		}
		return nil
	})
}

func (t *tx) settle(d delivery, s journal.Settlement) {
	d.State, d.Effect, d.Reason, d.Detail, d.At = s.State, s.Effect, s.Reason, s.Detail, moment(s.At)
	d.Attempts += int(s.Attempts())
	d.fence = 0
	if s.State == journal.Waiting {
		d.Effect, d.due = "", max(1, s.Due.UnixMicro())
		t.put(d)
		t.wakeHead(d)
		return
	}
	set(t, t.m.places, place{d.Target, d.Seq}, d)
	t.leave(d)
	by := journal.Balance{Waiting: -1, Applied: 1}
	if s.State == journal.Dead {
		by = journal.Balance{Waiting: -1, Dead: 1}
	}
	t.count(d.Target, d.Kind, by)
}

// leave takes a delivery out of its chain; the next one has its turn.
func (t *tx) leave(d delivery) {
	c := t.line(d.chain)
	if i, found := slices.BinarySearch(*c, d.Seq); found {
		*c = slices.Delete(slices.Clone(*c), i, i+1)
	}
	t.wakeHead(d)
}

// wakeHead makes the first of a chain due when a settled delivery is not it.
func (t *tx) wakeHead(d delivery) {
	c := *t.m.chains[d.chain]
	if len(c) == 0 || c[0] == d.Seq {
		return
	}
	head, _ := t.m.places[place{d.Target, c[0]}].get(never)
	head.due = 0
	t.put(head)
}

// Requeue makes dead deliveries wait again.
func (m *Memory) Requeue(ctx context.Context, target string, seqs []int64) (n int, err error) {
	err = m.do(ctx, func(t *tx) error {
		for _, seq := range seqs {
			if d, ok := m.places[place{target, seq}].get(never); ok && d.State == journal.Dead {
				s := m.steps[seq]
				e := t.entry(key{d.Kind, s.Key})
				t.wait(delivery{chain: chain{target, key{d.Kind, e.chain}}, Settled: journal.Settled{Target: target, Kind: d.Kind, ID: s.Key, Seq: seq}})
				t.count(target, d.Kind, journal.Balance{Waiting: 1, Dead: -1})
				n++
			}
		}
		return nil
	})
	return n, err
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

// Deliveries streams what became of the changes of an object, oldest first.
func (s *snapshot) Deliveries(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Settled, error] {
	defer s.hold()()
	past := s.past(key{kind, id})
	return lis.Seq(s.settled(func(d delivery) bool {
		_, found := slices.BinarySearch(past, d.Seq)
		return found
	}, func(a, b *journal.Settled) int {
		return compare(a.Seq, b.Seq)*2 + compare(a.Target, b.Target)
	}))
}

// Dead streams the dead letters of a target, or of all when it is "".
func (s *snapshot) Dead(target string) iter.Seq2[*journal.Settled, error] {
	defer s.hold()()
	return lis.Seq(s.settled(func(d delivery) bool {
		return d.State == journal.Dead && (target == "" || d.Target == target)
	}, func(a, b *journal.Settled) int {
		return compare(a.Target, b.Target)*2 + compare(a.Seq, b.Seq)
	}))
}

func (s *snapshot) settled(wanted func(delivery) bool, order func(a, b *journal.Settled) int) []*journal.Settled {
	var found []*journal.Settled
	for _, c := range s.m.places {
		if d, ok := c.get(s.upto); ok && wanted(d) {
			if d.State == journal.Waiting && d.due != 0 {
				d.Due = time.UnixMicro(d.due).UTC()
			}
			found = append(found, &d.Settled)
		}
	}
	slices.SortFunc(found, order)
	return found
}

// Balance counts the deliveries per target and kind.
func (s *snapshot) Balance() ([]journal.Balance, error) {
	defer s.hold()()
	var all []journal.Balance
	for _, c := range s.m.balance {
		if b, ok := c.get(s.upto); ok {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b journal.Balance) int {
		return compare(a.Target, b.Target)*2 + compare(a.Kind, b.Kind)
	})
	return all, nil
}

func moment(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}
