package deliver

import (
	"cmp"
	"context"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A Status says how it stands with a target.
type Status struct {
	Target   string           `json:"target"`
	Standing journal.Standing `json:"standing"`
	// Rate is how many changes a second are settled for good, smoothed over
	// half a minute, and Drain how long what waits takes at that rate, without
	// what is parked or held; 0 when nobody can tell, as while it is away.
	Rate  float64       `json:"rate"`
	Drain time.Duration `json:"drainNanoseconds"`
	// Away says that the target is left alone, since when, and until when.
	Away      bool      `json:"away"`
	AwaySince time.Time `json:"awaySince,omitzero"`
	NextProbe time.Time `json:"nextProbe,omitzero"`
	// Run counts what came to an end since the target was last quiet, and Kinds
	// the same for each kind; and both what is held and parked now.
	Run         Counts              `json:"run"`
	Kinds       map[lis.Kind]Counts `json:"kinds,omitempty"`
	LastApplied time.Time           `json:"lastApplied,omitzero"`
}

// Status says how it stands with each target that is delivered to, by name.
func (e *Engine) Status(ctx context.Context) ([]Status, error) {
	snapshot, err := e.store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	e.mu.RLock()
	defer e.mu.RUnlock()
	all := make([]Status, 0, len(e.lanes))
	for _, l := range e.lanes {
		standing, err := snapshot.Standing(l.target.Name)
		if err != nil {
			return nil, err
		}
		s := l.status(standing)
		if err := addStopped(snapshot, s.Target, s.Kinds); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Status) int { return cmp.Compare(a.Target, b.Target) })
	return all, nil
}

func (l *lane) status(standing journal.Standing) Status {
	now := l.engine.now()
	s := Status{Target: l.target.Name, Standing: standing}
	s.Rate, s.LastApplied = l.meter.now(now)
	s.Kinds, s.Run = l.tally.now()
	s.Run.Held, s.Run.Parked = standing.Held, standing.Parked
	if open, until := l.breaker.state(); open {
		s.Away, s.NextProbe = true, until
		s.AwaySince = l.absence.begun()
	} else if goes := standing.Waiting - standing.Parked - standing.Held; goes > 0 && s.Rate > 0.001 {
		s.Drain = time.Duration(float64(goes) / s.Rate * float64(time.Second)).Round(time.Second)
	}
	return s
}
