package journaltest

import (
	"context"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// run returns what may go in the place of a delivery: those behind it in its
// chain that are of the same object, up to a rekey, what is held, and what a
// person let through.
func (t *tx) run(d delivery) (run []delivery) {
	if d.approved || d.Act == lis.Rekey {
		return nil
	}
	line := *t.m.chains[d.chain]
	i, _ := slices.BinarySearch(line, d.Seq+1)
	for _, seq := range line[i:] {
		next, _ := t.m.places[place{d.Target, seq}].get(never)
		if next.Act == lis.Rekey || next.ID != d.ID || next.State == journal.Held {
			return run
		}
		if run = append(run, next); next.approved {
			return run
		}
	}
	return run
}

// Coalesce replaces leased deliveries by the newest that wait behind them.
func (m *Memory) Coalesce(ctx context.Context, leased []journal.Delivery, at time.Time) (now []journal.Delivery, err error) {
	err = m.do(ctx, func(t *tx) error {
		now = slices.Clone(leased)
		for i, l := range leased {
			if d, ok := t.leased(l.Target, l.Seq, l.Fence); ok {
				if run := t.notProxied(d, t.run(d)); len(run) > 0 {
					now[i] = t.takeOver(d, run, at)
				}
			}
		}
		return nil
	})
	return now, err
}

// notProxied leaves of a run what may go in the place of a delivery whose object
// the target may know by an identifier of its own only.
func (t *tx) notProxied(d delivery, run []delivery) []delivery {
	if p := t.pair(d.Target, d.Kind, d.ID); p != nil && !p.Gone {
		return run
	}
	for i, d := range append([]delivery{d}, run...) {
		if journal.Proxied(&t.m.steps[d.Seq].Change) {
			return run[:max(0, i-1)]
		}
	}
	return run
}

// takeOver gives the lease of a delivery to the last of a run behind it.
func (t *tx) takeOver(d delivery, run []delivery, at time.Time) journal.Delivery {
	last := run[len(run)-1]
	for _, old := range append([]delivery{d}, run[:len(run)-1]...) {
		t.supersede(old, at)
	}
	t.m.fence++
	t.m.flying[d.chain] = last.Seq
	last.fence, last.due, last.since = t.m.fence, d.due, d.since
	t.put(last)
	return t.m.handOut(last)
}

func (t *tx) supersede(d delivery, at time.Time) {
	d.Effect, d.Reason, d.Detail, d.At = lis.Superseded, "", "", moment(at)
	t.finish(d, journal.Applied)
}

// supersedeHeld has a new change take the place of one of its object that is
// held: a held removal is done with, and a held match goes over to it.
func (t *tx) supersedeHeld(d *delivery) {
	line := t.m.chains[d.chain]
	if line == nil || d.Act == lis.Rekey {
		return
	}
	for _, seq := range slices.Clone(*line) {
		old, _ := t.m.places[place{d.Target, seq}].get(never)
		if old.State == journal.Held && old.ID == d.ID && old.Act != lis.Rekey {
			t.inherit(d, old)
			t.supersede(old, time.UnixMicro(d.Seq))
		}
	}
}

// inherit has a Put take over the hold of a match.
func (t *tx) inherit(d *delivery, old delivery) {
	if old.Hold == journal.HoldMatch && d.Act == lis.Put {
		d.State, d.Hold, d.Match = journal.Held, old.Hold, old.Match
		d.Reason, d.Detail, d.At = old.Reason, old.Detail, old.At
	}
}

// passOn has the newest change that waits already behind a delivery that is
// to be held take its place, and reports whether there is one.
func (t *tx) passOn(d delivery) bool {
	run := t.run(d)
	if len(run) == 0 {
		return false
	}
	last := run[len(run)-1]
	if !last.approved {
		t.inherit(&last, d)
	}
	for _, old := range append([]delivery{d}, run[:len(run)-1]...) {
		t.supersede(old, d.At)
	}
	if last.State == journal.Held {
		t.put(last)
	}
	return true
}

// Decide ends the hold of deliveries.
func (m *Memory) Decide(ctx context.Context, target string, seqs []int64, approve bool, by string, at time.Time) (n int, err error) {
	err = m.do(ctx, func(t *tx) error {
		for _, seq := range seqs {
			d, ok := m.places[place{target, seq}].get(never)
			if !ok || d.State != journal.Held {
				continue
			}
			if err := t.decide(d, approve, by, at); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		n = 0
	}
	return n, err
}

func (t *tx) decide(d delivery, approve bool, by string, at time.Time) error {
	d.At = moment(at)
	if !approve {
		d.Reason = "dropped by " + by
		t.finish(d, journal.Dropped)
		return nil
	}
	if d.Match != "" {
		p := journal.Pair{Target: d.Target, Kind: d.Kind, ID: d.ID, TargetID: d.Match, At: at}
		if err := t.SetPair(p, linked(by)); err != nil {
			return err
		}
	}
	d.State, d.Hold, d.Match, d.Reason, d.approved, d.due = journal.Waiting, "", "", "approved by "+by, true, 1
	t.put(d)
	return nil
}
