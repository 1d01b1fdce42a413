package journaltest

import (
	"context"
	"time"

	"lisgate/gateway/journal"
)

// Abandon settles what waits or is parked as Dropped.
func (m *Memory) Abandon(ctx context.Context, target string, seqs []int64, why string, at time.Time) (n int, err error) {
	err = m.do(ctx, func(t *tx) error {
		for _, seq := range seqs {
			if d, _ := m.places[place{target, seq}].get(never); d.leasable() && !m.taken(d, at) {
				t.abandon(d, why, at)
				n++
			}
		}
		return nil
	})
	return n, err
}

// taken reports whether a delivery is on lease. Of a chain one is, at most: that
// which was leased last.
func (m *Memory) taken(d delivery, at time.Time) bool {
	last := m.flying[d.chain]
	return d.fence != 0 && d.due > at.UnixMicro() && (last == 0 || last == d.Seq)
}

// abandon leaves what is before a delivery as it is, and what is behind it: a
// lease of either goes on.
func (t *tx) abandon(d delivery, why string, at time.Time) {
	first, _ := t.m.places[place{d.Target, (*t.m.chains[d.chain])[0]}].get(never)
	flying, _ := t.m.places[place{d.Target, t.m.flying[d.chain]}].get(never)
	d.Effect, d.Reason, d.Detail, d.At = "", why, "", moment(at)
	t.finish(d, journal.Dropped)
	if first.Seq != d.Seq {
		t.put(first)
	}
	if flying.Seq != d.Seq && flying.Seq != first.Seq && t.m.taken(flying, at) {
		t.put(flying)
	}
}
