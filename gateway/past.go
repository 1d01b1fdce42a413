package gateway

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// lookBackWithin is how long a write waits for a look at the past. It is ours.
const lookBackWithin = 5 * time.Second

// A past is what a journal tells of an object besides what it is now. A
// Snapshot is one.
type past interface {
	History(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Step, error]
	Deliveries(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Settled, error]
	PairHistory(target string, kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.PairStep, error]
}

// snapshots are where a past is found when a view cannot tell it.
type snapshots interface {
	Snapshot(ctx context.Context) (journal.Snapshot, error)
}

// lookBack calls f with the past of what a view shows. A view that cannot tell
// it is that of a transaction: f is given what was so before.
func lookBack(v journal.View, store snapshots, f func(past) error) (err error) {
	if p, ok := v.(past); ok {
		return f(p)
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookBackWithin)
	defer cancel()
	snap, err := store.Snapshot(ctx)
	if err != nil {
		return fmt.Errorf("look back: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	return f(snap)
}

// originIn returns how to find the source of a change that has none, because
// the gateway made it: it is that of the object's changes before it.
func originIn(store snapshots) func(journal.View, *lis.Change) (string, error) {
	return func(v journal.View, c *lis.Change) (origin string, err error) {
		err = lookBack(v, store, func(p past) error {
			for step, err := range p.History(c.Kind, c.Key) {
				if err != nil {
					return err
				}
				if step.Source != "" {
					origin = step.Source
				}
			}
			return nil
		})
		return origin, err
	}
}

// targetsOf returns where a change goes: to the targets that the routes say,
// and to those whose routes do not want the object any more but that hold it.
func (g *Gateway) targetsOf(v journal.View, c *lis.Change) ([]string, error) {
	targets, left, err := g.plan.Load().routes.Sort(v, c)
	if err != nil || len(left) == 0 {
		return targets, err
	}
	if e, err := v.Get(c.Kind, c.Key); e == nil || err != nil {
		return targets, err // what is new is held by nobody
	}
	err = lookBack(v, g.store, func(p past) error {
		for _, to := range left {
			held, err := holds(p, to, c.Kind, c.Key)
			if err != nil {
				return fmt.Errorf("look up what %s holds: %w", to, err)
			}
			if held {
				targets = append(targets, to)
			}
		}
		return nil
	})
	return targets, err
}

// holds reports whether a target holds an object, or is about to.
func holds(p past, target string, k lis.Kind, id lis.SourcedID) (bool, error) {
	queued := []journal.State{journal.Waiting, journal.Parked, journal.Held}
	for d, err := range p.Deliveries(k, id) {
		if err != nil {
			return false, err
		}
		if d.Target == target && d.Act != lis.Drop && slices.Contains(queued, d.State) {
			return true, nil
		}
	}
	held := false
	for pair, err := range p.PairHistory(target, k, id) {
		if err != nil {
			return false, err
		}
		held = !pair.Gone
	}
	return held, nil
}
