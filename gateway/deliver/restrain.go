package deliver

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

const (
	lookAgain = time.Minute            // how often a removal that is to wait is looked at: a newer change may have come
	moveLimit = time.Minute            // how long a removal waits for the other half of a move
	counted   = 250 * time.Millisecond // how long the count of removals is believed
	recording = 2 * time.Second        // how long it may take until one that is held is counted as that
)

// restrain keeps removals back: those that are too young, those whose person
// moves and is not there yet, and those that are too many. What a person let
// through goes.
func (l *lane) restrain(w way, parcels []*parcel) {
	for _, p := range parcels {
		if p.Act != lis.Drop || p.Approved {
			continue
		}
		if s := l.restrained(w.cut, p); s != nil {
			p.settle(*s)
		}
	}
}

// restrained returns what is to be done instead of a removal, or nil.
func (l *lane) restrained(ctx context.Context, p *parcel) *journal.Settlement {
	now := l.engine.now()
	if wait := l.young(&p.Delivery); wait > 0 {
		s := l.untried(p.item, now.Add(min(wait, lookAgain)))
		s.Reason = fmt.Sprintf("a removal waits until it is %s old", l.target.Removals.After)
		return &s
	}
	moves, err := l.moves(ctx, p)
	reason := ""
	if err == nil && !moves {
		reason, err = l.tooMany(ctx, p.Kind)
	}
	switch {
	case l.failed("cannot count removals", err):
		s := l.untried(p.item, now.Add(time.Second))
		return &s
	case moves:
		s := l.untried(p.item, now.Add(time.Second))
		s.Reason = "another membership of the person comes first"
		return &s
	case reason != "":
		s := l.settlement(p.item, journal.Held)
		s.Hold, s.Reason = journal.HoldRemoval, reason
		return &s
	}
	return nil
}

// young returns how long a removal has to wait still.
func (l *lane) young(d *journal.Delivery) time.Duration {
	if d.Act != lis.Drop || d.Approved || l.target.Removals.After <= 0 {
		return 0
	}
	return l.target.Removals.After - l.engine.now().Sub(d.Time)
}

// moves reports whether a membership of the same person is about to be made:
// who changes the section must not be without one in between.
func (l *lane) moves(ctx context.Context, p *parcel) (bool, error) {
	since := later(p.Time, l.absence.ended())
	if p.Kind != lis.KindMembership || p.person == "" || p.Behind > 0 || l.engine.now().Sub(since) >= moveLimit && !l.absence.away() {
		return false, nil
	}
	return l.engine.store.Moving(ctx, l.target.Name, p.person)
}

// A guard knows how many removals there are.
type guard struct {
	mu    sync.Mutex
	at    time.Time // of the count; zero when it is out of date
	kinds map[lis.Kind]flood
	held  map[lis.Kind]time.Time // when a removal of a kind was held last
}

// A flood is the removals of a kind in this run, and what there was before it.
type flood struct{ removals, present int64 }

// leased makes the guard count anew when removals come.
func (g *guard) leased(items []item) {
	for i := range items {
		if items[i].Act == lis.Drop && !items[i].Approved {
			g.mu.Lock()
			g.at = time.Time{}
			g.mu.Unlock()
			return
		}
	}
}

// tooMany says why removals of a kind are held; "" when they are not.
func (l *lane) tooMany(ctx context.Context, k lis.Kind) (reason string, err error) {
	r := l.target.Removals
	if r.Off {
		return "", nil
	}
	f, held, err := l.flood(ctx, k)
	if err != nil || !held && !r.exceeded(f) {
		return "", err
	}
	l.guard.hold(k, l.engine.now())
	if !held {
		l.engine.log.Warn("removals are held", zap.String("target", l.target.Name), zap.String("kind", string(k)),
			zap.Int64("removals", f.removals), zap.Int64("there", f.present), zap.String("see", "lisgate hold list"))
	}
	return fmt.Sprintf("held: %d removals of %ss in this run, %.1f %% of the %d there; the limits are %d, %g %% and %d; see lisgate hold list",
		f.removals, k, f.percent(), f.present, r.Few, r.Percent, r.Most), nil
}

// exceeded reports whether removals are too many.
func (r Removals) exceeded(f flood) bool {
	return f.removals > int64(r.Most) || f.removals > int64(r.Few) && f.percent() > r.Percent
}

func (f flood) percent() float64 {
	if f.present == 0 {
		return 100
	}
	return 100 * float64(f.removals) / float64(f.present)
}

// hold notes that a removal is held.
func (g *guard) hold(k lis.Kind, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.held == nil {
		g.held = map[lis.Kind]time.Time{}
	}
	g.held[k] = now
}

// flood counts the removals of a kind: those of this run and those that wait.
// When some of the run were held the others are too: a flood does not get
// smaller by being held.
func (l *lane) flood(ctx context.Context, k lis.Kind) (f flood, held bool, err error) {
	g := &l.guard
	g.mu.Lock()
	defer g.mu.Unlock()
	now := l.engine.now()
	if g.at.IsZero() || now.Sub(g.at) >= counted {
		if err := l.recount(ctx, g, now); err != nil {
			return flood{}, false, err
		}
	}
	held = l.tally.removed(k).held > 0 || now.Sub(g.held[k]) < recording
	return g.kinds[k], held, nil
}

func (l *lane) recount(ctx context.Context, g *guard, now time.Time) error {
	waiting, err := l.engine.store.Removals(ctx, l.target.Name)
	if err != nil {
		return err
	}
	g.at, g.kinds = now, map[lis.Kind]flood{}
	for kind, n := range waiting {
		run := l.tally.removed(kind)
		g.kinds[kind] = flood{run.applied + run.held + n.Waiting, n.Present + run.applied}
	}
	return nil
}
