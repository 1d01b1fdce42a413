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
	counted    = 250 * time.Millisecond // how long the count of removals is believed
	recording  = 2 * time.Second        // how long it may take until one that is held is counted as that
	mostBefore = 10000                  // how many that stood held are looked at: enough to know that there are any
)

// A guard knows how many removals there are.
type guard struct {
	mu    sync.Mutex
	at    time.Time // of the count; zero when it is out of date
	kinds map[lis.Kind]flood
	held  map[lis.Kind]time.Time // when a removal of a kind was held last
	began bool                   // what stood held before was counted
}

// A flood is the removals of a kind in this run, and what there was before it.
type flood struct{ removals, present int64 }

// leased makes the guard count anew when removals come.
func (g *guard) leased(items []item) {
	for i := range items {
		if items[i].Act == lis.Drop && !items[i].Approved && !items[i].Repeat {
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
	if first := l.guard.hold(k, l.engine.now()); first && !held {
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

// hold notes that a removal is held, and reports whether it is the first for a
// while.
func (g *guard) hold(k lis.Kind, now time.Time) (first bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.held == nil {
		g.held = map[lis.Kind]time.Time{}
	}
	first = now.Sub(g.held[k]) >= recording
	g.held[k] = now
	return first
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
	run := l.tally.removed(k)
	f = g.kinds[k]
	f.removals += run.leaving
	return f, run.held > 0 || now.Sub(g.held[k]) < recording, nil
}

func (l *lane) recount(ctx context.Context, g *guard, now time.Time) error {
	if err := l.heldBefore(ctx, g); err != nil {
		return err
	}
	waiting, err := l.engine.store.Removals(ctx, l.target.Name)
	if err != nil {
		return err
	}
	g.at, g.kinds = now, map[lis.Kind]flood{}
	for kind, n := range waiting {
		run := l.tally.removed(kind)
		g.kinds[kind] = flood{run.applied + run.held + n.Waiting, n.Present + run.applied + run.left}
	}
	return nil
}

// heldBefore counts the removals that stood held when the lane began as of its
// first run: a flood does not get smaller by a restart.
func (l *lane) heldBefore(ctx context.Context, g *guard) error {
	if g.began {
		return nil
	}
	snapshot, err := l.engine.store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snapshot.Close()
	kinds, seen := map[lis.Kind]int64{}, 0
	for d, err := range snapshot.Queue(l.target.Name, journal.Held) {
		if err != nil {
			return err
		}
		if d.Hold == journal.HoldRemoval {
			kinds[d.Kind]++
		}
		if seen++; seen == mostBefore {
			break
		}
	}
	l.tally.held(kinds)
	g.began = true
	return nil
}
