package replay

import (
	"context"
	"iter"
	"slices"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// chosen reports whether a selection takes a delivery.
func (s *Selection) chosen(d *journal.Settled) bool {
	states := s.States
	if len(states) == 0 {
		states = []journal.State{journal.Applied, journal.Dead, journal.Dropped}
	}
	return slices.Contains(states, d.State) && (s.Drops || d.Act != lis.Drop) &&
		(len(s.IDs) == 0 || slices.Contains(s.IDs, d.ID)) &&
		(s.Source == "" || s.Source == d.Source) &&
		(s.Reason == "" || strings.Contains(d.Reason, s.Reason) || strings.Contains(d.Detail, s.Reason)) &&
		(s.Since.IsZero() || !d.At.Before(s.Since)) &&
		(s.Until.IsZero() || d.At.Before(s.Until))
}

// leftOut is 1 for a removal that is not chosen for being one only.
func (s Selection) leftOut(d *journal.Settled) int64 {
	if s.Drops {
		return 0
	}
	if s.Drops = true; s.chosen(d) {
		return 1
	}
	return 0
}

// newest streams the newest deliveries of a kind after an id. Those of single
// objects are looked up one by one.
func (s *Selection) newest(snap journal.Snapshot, kind lis.Kind, after lis.SourcedID) iter.Seq2[*journal.Settled, error] {
	if len(s.IDs) == 0 {
		return snap.Newest(s.Target, kind, after)
	}
	return func(yield func(*journal.Settled, error) bool) {
		for _, id := range slices.Sorted(slices.Values(s.IDs)) {
			if id <= after {
				continue
			}
			last, err := s.last(snap, kind, id)
			if last == nil && err == nil {
				continue
			}
			if !yield(last, err) {
				return
			}
		}
	}
}

func (s *Selection) last(snap journal.Snapshot, kind lis.Kind, id lis.SourcedID) (last *journal.Settled, err error) {
	for d, err := range snap.Deliveries(kind, id) {
		if err != nil {
			return nil, err
		}
		if d.Target == s.Target {
			last = d
		}
	}
	return last, nil
}

// A Preview is what a replay would send.
type Preview struct {
	Count map[lis.Kind]int64 `json:"count"`
	First []Choice           `json:"first"` // some of them
	// Drops counts the removals that are left out, because they were not asked for.
	Drops int64 `json:"dropsLeftOut,omitempty"`
}

// A Choice is an object that would be sent again.
type Choice struct {
	lis.Ref
	State  journal.State `json:"state"`
	Reason string        `json:"reason,omitempty"`
}

// shown is how many choices a preview holds.
const shown = 20

// Preview says what a replay would send, and sends nothing.
func (d *Desk) Preview(ctx context.Context, s Selection) (*Preview, error) {
	snap, err := d.store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	p := &Preview{Count: map[lis.Kind]int64{}, First: []Choice{}}
	for _, kind := range s.kinds() {
		for found, err := range s.newest(snap, kind, "") {
			if err != nil {
				return nil, err
			}
			if !s.chosen(found) {
				p.Drops += s.leftOut(found)
				continue
			}
			p.Count[kind]++
			if len(p.First) < shown {
				p.First = append(p.First, Choice{lis.Ref{Kind: kind, ID: found.ID}, found.State, found.Reason})
			}
		}
	}
	return p, nil
}
