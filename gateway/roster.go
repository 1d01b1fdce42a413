package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A roster is what the records say of memberships, as one target is told it:
// by the routes and the map that are in force when it is asked.
type roster struct {
	store  snapshots
	target string
	plan   func() *plan
}

// roster is nil where there are no records or no routes to read them by.
func (b *builder) roster() adapters.Roster {
	if b.store == nil || b.plan == nil {
		return nil
	}
	return roster{b.store, b.Name, b.plan}
}

// Memberships returns the memberships of a person in a collection that lead to
// the target. One that the map or a filter refuses is left out: the target is
// not told of it.
func (r roster) Memberships(ctx context.Context, collection, person lis.SourcedID) (found []*lis.Record, err error) {
	snap, err := r.store.Snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("look into the records: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	links := []lis.Link{{Name: lis.LinkCollection, Value: string(collection)}, {Name: lis.LinkPerson, Value: string(person)}}
	var entries []*journal.Entry
	for e, err := range snap.Scan(lis.KindMembership, journal.Filter{Links: links}) {
		if err != nil {
			return nil, fmt.Errorf("look for memberships of a person: %w", err)
		}
		entry := *e
		entry.Body = slices.Clone(e.Body) // a scan holds one entry at a time
		entries = append(entries, &entry)
	}
	for _, e := range entries {
		record, err := r.led(snap, e)
		if err != nil {
			return nil, fmt.Errorf("read membership %s: %w", e.ID, err)
		}
		if record != nil {
			found = append(found, record)
		}
	}
	return found, nil
}

// led returns a membership in the shape of the target, nil when it does not
// lead there.
func (r roster) led(snap journal.Snapshot, e *journal.Entry) (*lis.Record, error) {
	record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return nil, err
	}
	c := lis.Change{Seq: e.Seq, Version: e.Version, Kind: e.Kind, Key: e.ID, Act: lis.Put, Record: record}
	for step, err := range snap.History(e.Kind, e.ID) {
		if err != nil {
			return nil, err
		}
		c.Operation = step.Operation
		if step.Source != "" {
			c.Source = step.Source
		}
	}
	p := r.plan()
	targets, err := p.routes.Targets(snap, &c)
	if err != nil || !slices.Contains(targets, r.target) {
		return nil, err
	}
	if c, err = p.shape(snap, r.target, c); err != nil {
		return nil, nil // it is refused when it comes itself, and told there
	}
	return c.Record, nil
}
