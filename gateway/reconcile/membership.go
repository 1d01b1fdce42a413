package reconcile

import (
	"context"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// nameless compares a membership to which the target gives no id: it is the
// one of the same person in the same collection, in the same role when there
// are several. What fits none of those that live may be one that was deleted.
func (c *comparison) nameless(ctx context.Context, snap journal.Snapshot, have *lis.Record) error {
	m, ok := have.Object.(*lis.Membership)
	if !ok {
		return nil
	}
	best, chosen, far, err := c.candidates(ctx, snap, m, have)
	if err != nil {
		return err
	}
	if best == nil || far > 0 {
		dead, apart, err := c.tombstone(ctx, snap, m, have)
		if err != nil {
			return err
		}
		if dead != nil && (best == nil || apart == 0) {
			best, chosen = dead, wish{}
		}
	}
	if best == nil {
		return c.compare(snap, nil, wish{}, have)
	}
	c.seen[best.ID] = true
	return c.compare(snap, best, chosen, named(have, best.ID))
}

// candidates returns the entry that a nameless membership is, nil when it is
// none, and in how many elements the two differ.
func (c *comparison) candidates(ctx context.Context, snap journal.Snapshot, m *lis.Membership, have *lis.Record) (best *journal.Entry, chosen wish, fewest int, err error) {
	for e, err := range snap.Scan(lis.KindMembership, between(m, false)) {
		if err != nil {
			return nil, wish{}, 0, err
		}
		if c.seen[e.ID] {
			continue
		}
		w, err := c.wanted(ctx, snap, e)
		if err != nil {
			return nil, wish{}, 0, err
		}
		n, err := distance(w, have)
		if err != nil {
			return nil, wish{}, 0, err
		}
		if best == nil || n < fewest {
			copied := *e
			best, chosen, fewest = &copied, w, n
		}
	}
	return best, chosen, fewest, nil
}

// tombstone returns the deleted entry whose last content is nearest to what a
// nameless membership is, the newest of those that are equally near, or nil.
func (c *comparison) tombstone(ctx context.Context, snap journal.Snapshot, m *lis.Membership, have *lis.Record) (best *journal.Entry, fewest int, err error) {
	for e, err := range snap.Scan(lis.KindMembership, between(m, true)) {
		if err != nil {
			return nil, 0, err
		}
		if !e.Deleted || c.seen[e.ID] {
			continue
		}
		n, err := c.apart(ctx, e, have)
		if err != nil {
			return nil, 0, err
		}
		if best == nil || n < fewest || n == fewest && e.Seq > best.Seq {
			copied := *e
			best, fewest = &copied, n
		}
	}
	return best, fewest, nil
}

// apart is in how many elements the last content of an entry and a record differ.
func (c *comparison) apart(ctx context.Context, e *journal.Entry, have *lis.Record) (int, error) {
	record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return 0, err
	}
	w, err := c.shaped(ctx, lis.Change{Seq: e.Seq, Version: e.Version, Kind: e.Kind, Key: e.ID, Act: lis.Put, Record: record})
	if err != nil {
		return 0, err
	}
	return distance(w, have)
}

// between chooses the memberships of the same person in the same collection.
func between(m *lis.Membership, deleted bool) journal.Filter {
	return journal.Filter{Deleted: deleted, Links: []lis.Link{
		{Name: lis.LinkCollection, Value: string(m.CollectionSourcedID)}, {Name: lis.LinkPerson, Value: string(m.Person())}}}
}

// distance is in how many elements a wish and a record differ. What is not
// wanted at all is further away than anything that is.
func distance(w wish, have *lis.Record) (int, error) {
	if w.record == nil {
		return 1 << 20, nil
	}
	fields, err := differing(w.record, have)
	return len(fields), err
}

func named(r *lis.Record, id lis.SourcedID) *lis.Record {
	return &lis.Record{ID: id, Agent: r.Agent, Object: r.Object}
}
