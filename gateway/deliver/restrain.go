package deliver

import (
	"context"
	"fmt"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

const (
	lookAgain = time.Minute // how often a removal that is to wait is looked at: a newer change may have come
	moveLimit = time.Minute // how long a removal waits for the other half of a move
)

// restrain keeps removals back: those that are too young, those whose person
// moves and is not there yet, and those that are too many. What a person let
// through goes, and so does what is sent again and went before: it was counted
// then.
func (l *lane) restrain(w way, parcels []*parcel) {
	for _, p := range parcels {
		if p.leaves() && !p.Approved && !p.Repeat {
			l.tally.leaving(p.Kind, p.Seq)
		}
	}
	for _, p := range parcels {
		if p.change.Act != lis.Drop || p.Approved || p.Repeat {
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
	if d.Act != lis.Drop && !l.tally.leaves(d.Kind, d.Seq) || d.Approved || l.target.Removals.After <= 0 {
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
