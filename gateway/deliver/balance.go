package deliver

import (
	"cmp"
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// quietFor is how long a target must have been quiet for its run to be over.
const quietFor = time.Minute

// Counts are the changes of a run that came to an end: what the target has, and
// what it refused. Held and Parked are what stands so now, be it of this run or
// of an earlier one: it comes to an end later, and counts then. What a newer
// change went in the place of, or a person decided against, was not sent and
// counts for nothing.
type Counts struct {
	Applied int64 `json:"applied"`
	Refused int64 `json:"refused"`
	Held    int64 `json:"held"`
	Parked  int64 `json:"parked"`
}

// gone counts the removals of a run that no person let through and that were
// not done before.
type gone struct {
	applied, held int64
	left          int64          // applied too: of what left the scope of the target
	leaving       map[int64]bool // by sequence; of those the journal knows only that they are Puts
}

// A tally counts a run: what was settled since the target was last quiet.
type tally struct {
	mu          sync.Mutex
	kinds       map[lis.Kind]*Counts
	gone        map[lis.Kind]*gone
	begun, last time.Time
}

// of returns the removals of a kind, to be changed.
func (t *tally) of(k lis.Kind) *gone {
	if t.gone == nil {
		t.gone = map[lis.Kind]*gone{}
	}
	if t.gone[k] == nil {
		t.gone[k] = &gone{leaving: map[int64]bool{}}
	}
	return t.gone[k]
}

// count takes what became of a change. What is to be tried again comes once
// more, and neither begins a run nor keeps it up.
func (t *tally) count(it item, s journal.Settlement) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s.State == "" || s.State == journal.Waiting || s.State == journal.Parked {
		return
	}
	if cmp.Or(s.Act, it.Act) == lis.Drop && !it.Repeat {
		t.countGone(it, s)
	}
	t.countEnd(it.Kind, s)
	if t.begun.IsZero() {
		t.begun = s.At
	}
	t.last = s.At
}

func (t *tally) countEnd(k lis.Kind, s journal.Settlement) {
	if t.kinds == nil {
		t.kinds = map[lis.Kind]*Counts{}
	}
	if t.kinds[k] == nil {
		t.kinds[k] = &Counts{}
	}
	switch {
	case s.State == journal.Dead:
		t.kinds[k].Refused++
	case s.State == journal.Applied && s.Effect != lis.Superseded:
		t.kinds[k].Applied++
	}
}

// countGone counts removals. One that a person let through counts for nothing,
// and says that somebody has looked at those that were held.
func (t *tally) countGone(it item, s journal.Settlement) {
	g := t.of(it.Kind)
	switch {
	case it.Approved:
		g.held = 0
	case s.State == journal.Held && s.Hold == journal.HoldRemoval:
		g.held++
		delete(g.leaving, it.Seq)
	case s.State != journal.Applied || s.Effect == lis.Superseded:
		delete(g.leaving, it.Seq)
	case g.leaving[it.Seq]: // counted already
		g.left++
	case it.Act == lis.Drop:
		g.applied++
	}
}

// leaving notes that an object is about to leave the scope of the target.
func (t *tally) leaving(k lis.Kind, seq int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of(k).leaving[seq] = true
}

// leaves reports whether that was noted of a change.
func (t *tally) leaves(k lis.Kind, seq int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.gone[k] != nil && t.gone[k].leaving[seq]
}

// superseded forgets what had a newer change take its place.
func (t *tally) superseded(old, newest []journal.Delivery) {
	t.mu.Lock()
	defer t.mu.Unlock()
	still := map[int64]bool{}
	for i := range newest {
		still[newest[i].Seq] = true
	}
	for i := range old {
		if g := t.gone[old[i].Kind]; g != nil && !still[old[i].Seq] {
			delete(g.leaving, old[i].Seq)
		}
	}
}

// held adds what stood held before this run.
func (t *tally) held(kinds map[lis.Kind]int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, n := range kinds {
		t.of(k).held += n
	}
}

// A removed is what a run removed so far, and is about to.
type removed struct{ applied, held, left, leaving int64 }

// removed returns the removals of this run.
func (t *tally) removed(k lis.Kind) removed {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.gone[k]
	if g == nil {
		return removed{}
	}
	return removed{g.applied, g.held, g.left, int64(len(g.leaving))}
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
	}
	return kinds, sum
}

// An account is what there is to tell of a run that is over.
type account struct {
	kinds map[lis.Kind]Counts
	sum   Counts
	took  time.Duration
}

// take returns a run that is over, and begins anew.
func (t *tally) take(over func(last time.Time) bool) (r account, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.begun.IsZero() || !over(t.last) {
		return account{}, false
	}
	r.kinds, r.sum = t.copy()
	r.took = t.last.Sub(t.begun)
	t.kinds, t.gone, t.begun, t.last = nil, nil, time.Time{}, time.Time{}
	return r, true
}

// tellRun logs the balance of a run when the target has been quiet for a
// while, or at once when the engine stops: what came to an end, and what has
// not.
func (l *lane) tellRun(ctx context.Context, stopping bool) {
	now := l.engine.now()
	r, ok := l.tally.take(func(last time.Time) bool { return stopping || now.Sub(last) >= quietFor })
	if !ok {
		return
	}
	fields := []zap.Field{zap.String("target", l.target.Name), zap.Int64("applied", r.sum.Applied), zap.Int64("refused", r.sum.Refused)}
	if s, err := l.standing(ctx, r.kinds); err == nil { // else the journal is closed, and nobody can tell
		fields = append(fields, zap.Int64("held", s.Held), zap.Int64("parked", s.Parked), zap.Int64("waiting", s.Waiting-s.Parked-s.Held))
	}
	l.engine.log.Info("run ended", append(fields, zap.Any("kinds", r.kinds), zap.Duration("took", r.took.Round(time.Millisecond)))...)
}

// standing returns what is in the queue, and adds it to the counts by kind.
func (l *lane) standing(ctx context.Context, kinds map[lis.Kind]Counts) (journal.Standing, error) {
	snapshot, err := l.engine.store.Snapshot(ctx)
	if err != nil {
		return journal.Standing{}, err
	}
	defer snapshot.Close()
	if err := addStopped(snapshot, l.target.Name, kinds); err != nil {
		return journal.Standing{}, err
	}
	return snapshot.Standing(l.target.Name)
}

// addStopped adds to counts what is held and parked now.
func addStopped(snapshot journal.Snapshot, target string, kinds map[lis.Kind]Counts) error {
	stopped, err := snapshot.Stopped(target)
	for k, s := range stopped {
		c := kinds[k]
		c.Held, c.Parked = s.Held, s.Parked
		kinds[k] = c
	}
	return err
}
