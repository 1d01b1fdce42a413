package journaltest

import (
	"context"
	"fmt"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Settle records what became of leased deliveries.
func (m *Memory) Settle(ctx context.Context, settled []journal.Settlement) error {
	return m.do(ctx, func(t *tx) error {
		for i := range settled {
			s := &settled[i]
			if d, ok := t.leased(s.Target, s.Seq, s.Fence); ok {
				t.settle(d, s)
			} else {
				s.State = ""
			}
		}
		return nil
	})
}

// leased returns a delivery when it is on lease under a fencing number.
func (t *tx) leased(target string, seq, fence int64) (delivery, bool) {
	d, ok := t.m.places[place{target, seq}].get(never)
	return d, ok && d.leasable() && d.fence == fence && fence != 0
}

// settle records a settlement, and corrects it where it became another.
func (t *tx) settle(d delivery, s *journal.Settlement) {
	d.Effect, d.Reason, d.Detail, d.At = s.Effect, s.Reason, s.Detail, moment(s.At)
	d.Attempts += int(s.Attempts())
	d.failed = d.failed || s.Act == lis.Drop || s.Attempts() > 0 && !s.Away
	d.fence, d.Parent, d.Hold, d.Match = 0, lis.Ref{}, "", ""
	switch s.State {
	case journal.Waiting, journal.Parked, journal.Held:
		t.goOn(d, s)
		return
	case journal.Applied:
		if reason := t.learn(d, *s); reason != "" {
			s.State, s.Effect, s.Reason = journal.Dead, "", reason
			d.Effect, d.Reason = "", reason
		}
	}
	d.mapped = s.Mapped
	t.finish(d, s.State)
}

// goOn keeps a delivery in the queue.
func (t *tx) goOn(d delivery, s *journal.Settlement) {
	d.State, d.Effect, d.due = s.State, "", max(1, s.Due.UnixMicro())
	switch s.State {
	case journal.Parked:
		d.back = true
		if d.Parent = s.Parent; t.came(d, *s) {
			s.State = journal.Waiting
			d.State, d.Parent, d.due = journal.Waiting, lis.Ref{}, 1
		} else {
			add(t.m.parked, wish{d.Target, d.Parent.ID}, d.Seq)
		}
	case journal.Held:
		if d.Hold, d.Match = s.Hold, s.Match; t.passOn(d) {
			s.State, s.Effect = journal.Applied, lis.Superseded
			return
		}
	}
	t.put(d)
	t.wakeHead(d)
}

// finish takes a delivery out of the queue and writes down what became of it.
func (t *tx) finish(d delivery, state journal.State) {
	d.State, d.Hold, d.Match, d.Parent, d.approved, d.repeat, d.fence = state, "", "", lis.Ref{}, false, false, 0
	set(t, t.m.places, place{d.Target, d.Seq}, d)
	t.leave(d)
	by := journal.Balance{Waiting: -1, Applied: 1}
	if state != journal.Applied {
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
	head.due = int64(min(1, head.Attempts))
	t.put(head)
}

// Requeue makes dead deliveries wait again.
func (m *Memory) Requeue(ctx context.Context, target string, seqs []int64) (n int, err error) {
	err = m.do(ctx, func(t *tx) error {
		for _, seq := range seqs {
			if d, ok := m.places[place{target, seq}].get(never); ok && d.State == journal.Dead {
				t.comeBack(d, d.Again, false)
				n++
			}
		}
		return nil
	})
	return n, err
}

// comeBack puts a delivery that was settled in its old place in the queue.
func (t *tx) comeBack(d delivery, again int, repeat bool) {
	e := t.entry(key{d.Kind, d.ID})
	back := t.fresh(d.Target, d.Kind, e.chain, d.Seq)
	back.Again, back.back, back.repeat = again, true, repeat
	by := journal.Balance{Waiting: 1, Dead: -1}
	if d.State == journal.Applied {
		by = journal.Balance{Waiting: 1, Applied: -1}
	}
	t.wait(back)
	t.count(d.Target, d.Kind, by)
}

// Resend puts the newest change of objects in the queue once more.
func (m *Memory) Resend(ctx context.Context, target string, objects []lis.Ref) (n int, err error) {
	err = m.do(ctx, func(t *tx) error {
		for _, o := range objects {
			if t.resend(target, o) {
				n++
			}
		}
		return nil
	})
	return n, err
}

func (t *tx) resend(target string, o lis.Ref) bool {
	e := t.entry(key{o.Kind, o.ID})
	if e == nil || t.waits(target, e) {
		return false
	}
	d, ok := t.m.places[place{target, e.Seq}].get(never)
	if !ok {
		d = t.fresh(target, o.Kind, e.chain, e.Seq)
		d.back = true
		t.wait(d)
		t.count(target, o.Kind, journal.Balance{Sent: 1, Waiting: 1})
		return true
	}
	t.comeBack(d, d.Again+1, d.Act == lis.Drop && d.State == journal.Applied)
	return true
}

// waits reports whether the newest change of an object waits for a target, or
// one is held there.
func (t *tx) waits(target string, e *entry) bool {
	line := t.m.chains[chain{target, key{e.Kind, e.chain}}]
	return line != nil && slices.ContainsFunc(*line, func(seq int64) bool {
		d, ok := t.m.places[place{target, seq}].get(never)
		return seq == e.Seq || ok && d.State == journal.Held
	})
}

func linked(by string) string { return "linked by " + by }

func taken(p *journal.Pair, owner lis.SourcedID) string {
	return fmt.Sprintf("%s %s of the target belongs to %s already and cannot belong to %s too", p.Kind, p.TargetID, owner, p.ID)
}
