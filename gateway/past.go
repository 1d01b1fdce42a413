package gateway

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A past is what a journal tells of an object besides what it is now. A
// Snapshot is one.
type past interface {
	History(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Step, error]
	Deliveries(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Settled, error]
	PairHistory(target string, kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.PairStep, error]
}

// snapshots are where a journal is looked into.
type snapshots interface {
	Snapshot(ctx context.Context) (journal.Snapshot, error)
}

// lookBack returns the past of what a view shows: both a Snapshot and a Tx
// tell it.
func lookBack(v journal.View) (past, error) {
	if p, ok := v.(past); ok {
		return p, nil
	}
	return nil, errors.New("look back: this view of the journal has no history")
}

// origin finds the source of a change that has none, because the gateway made
// it: it is that of the object's changes before it.
func origin(v journal.View, c *lis.Change) (string, error) {
	p, err := lookBack(v)
	if err != nil {
		return "", err
	}
	from := ""
	for step, err := range p.History(c.Kind, c.Key) {
		if err != nil {
			return "", err
		}
		if step.Source != "" {
			from = step.Source
		}
	}
	return from, nil
}

// routed returns where the routes lead a change: to the targets that they say,
// and to those whose routes do not want the object any more but that hold it.
func (g *Gateway) routed(v journal.View, c *lis.Change) ([]string, error) {
	targets, left, err := g.plan.Load().routes.Sort(v, c)
	if err != nil || len(left) == 0 {
		return targets, err
	}
	if e, err := v.Get(c.Kind, c.Key); e == nil || err != nil {
		return targets, err // what is new is held by nobody
	}
	p, err := lookBack(v)
	if err != nil {
		return nil, err
	}
	for _, to := range left {
		held, err := holds(p, to, c.Kind, c.Key)
		if err != nil {
			return nil, fmt.Errorf("look up what %s holds: %w", to, err)
		}
		if held {
			targets = append(targets, to)
		}
	}
	return targets, nil
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
