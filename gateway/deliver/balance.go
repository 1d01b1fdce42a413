package deliver

import (
	"sync"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// quietFor is how long a target must have been quiet for its run to be over.
const quietFor = time.Minute

// Counts are the changes of a run: what the target has, what it refused, what
// waits for a person and what still waits for its parent.
type Counts struct {
	Applied int64 `json:"applied"`
	Refused int64 `json:"refused"`
	Held    int64 `json:"held"`
	Parked  int64 `json:"parked"`
}

// gone counts the removals of a run that no person let through.
type gone struct{ applied, held int64 }

// A tally counts a run: what was settled since the target was last quiet.
type tally struct {
	mu          sync.Mutex
	kinds       map[lis.Kind]*Counts
	gone        map[lis.Kind]gone
	parked      map[int64]bool // by sequence; what is tried again and again counts once
	begun, last time.Time
}

// count takes a settlement. What is to be tried again is settled later, and
// what is parked neither begins a run nor keeps it up.
func (t *tally) count(it item, s journal.Settlement) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kinds == nil {
		t.kinds, t.gone, t.parked = map[lis.Kind]*Counts{}, map[lis.Kind]gone{}, map[int64]bool{}
	}
	if t.kinds[it.Kind] == nil {
		t.kinds[it.Kind] = &Counts{}
	}
	if t.park(it, s.State == journal.Parked) {
		return
	}
	t.countEnd(it, s)
}

// park notes whether a change is parked, and returns it.
func (t *tally) park(it item, parked bool) bool {
	switch was := t.parked[it.Seq]; {
	case parked && !was:
		t.parked[it.Seq] = true
		t.kinds[it.Kind].Parked++
	case !parked && was:
		delete(t.parked, it.Seq)
		t.kinds[it.Kind].Parked--
	}
	return parked
}

// superseded forgets what was parked and had a newer change take its place.
func (t *tally) superseded(old, newest []journal.Delivery) {
	t.mu.Lock()
	defer t.mu.Unlock()
	still := map[int64]bool{}
	for i := range newest {
		still[newest[i].Seq] = true
	}
	for i := range old {
		if !still[old[i].Seq] && t.parked[old[i].Seq] {
			t.park(item{Delivery: old[i]}, false)
		}
	}
}

// countEnd counts what was settled for good, or until a person decides.
func (t *tally) countEnd(it item, s journal.Settlement) {
	k := t.kinds[it.Kind]
	switch s.State {
	case journal.Waiting:
		return
	case journal.Dead:
		k.Refused++
	case journal.Held:
		k.Held++
	default:
		k.Applied++
	}
	if it.Act == lis.Drop {
		t.countGone(it, s)
	}
	if t.begun.IsZero() {
		t.begun = s.At
	}
	t.last = s.At
}

// countGone counts removals. One that a person let through counts for nothing,
// and says that somebody has looked at those that were held.
func (t *tally) countGone(it item, s journal.Settlement) {
	g := t.gone[it.Kind]
	switch {
	case it.Approved:
		g.held = 0
	case s.State == journal.Held && s.Hold == journal.HoldRemoval:
		g.held++
	case s.State == journal.Applied:
		g.applied++
	}
	t.gone[it.Kind] = g
}

// removed returns the removals of this run.
func (t *tally) removed(k lis.Kind) gone {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.gone[k]
}

// now returns the counts of the run.
func (t *tally) now() (kinds map[lis.Kind]Counts, sum Counts) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.copy()
}

func (t *tally) copy() (kinds map[lis.Kind]Counts, sum Counts) {
	kinds = map[lis.Kind]Counts{}
	for k, c := range t.kinds {
		if *c == (Counts{}) {
			continue
		}
		kinds[k] = *c
		sum.Applied += c.Applied
		sum.Refused += c.Refused
		sum.Held += c.Held
		sum.Parked += c.Parked
	}
	return kinds, sum
}

// An account is what there is to tell of a run that is over.
type account struct {
	kinds map[lis.Kind]Counts
	sum   Counts
	took  time.Duration
}

// take returns a run that is over, and begins anew; what is parked goes over
// into the next one.
func (t *tally) take(over func(last time.Time) bool) (r account, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.begun.IsZero() || !over(t.last) {
		return account{}, false
	}
	r.kinds, r.sum = t.copy()
	r.took = t.last.Sub(t.begun)
	for _, c := range t.kinds {
		*c = Counts{Parked: c.Parked}
	}
	t.gone, t.begun, t.last = map[lis.Kind]gone{}, time.Time{}, time.Time{}
	return r, true
}

// tellRun logs the balance of a run when the target has been quiet for a
// while, or at once when the engine stops.
func (l *lane) tellRun(stopping bool) {
	now := l.engine.now()
	r, ok := l.tally.take(func(last time.Time) bool { return stopping || now.Sub(last) >= quietFor })
	if !ok {
		return
	}
	l.engine.log.Info("run ended", zap.String("target", l.target.Name),
		zap.Int64("applied", r.sum.Applied), zap.Int64("refused", r.sum.Refused),
		zap.Int64("held", r.sum.Held), zap.Int64("parked", r.sum.Parked),
		zap.Any("kinds", r.kinds), zap.Duration("took", r.took.Round(time.Millisecond)))
}
