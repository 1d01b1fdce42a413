package reconcile

import (
	"context"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// nameless compares a membership to which the target gives no id: it is the
// one of the same person in the same collection, in the same role when there
// are several.
func (c *comparison) nameless(ctx context.Context, snap journal.Snapshot, have *lis.Record) error {
	m, ok := have.Object.(*lis.Membership)
	if !ok {
		return nil
	}
	best, chosen, err := c.candidates(ctx, snap, m, have)
	if err != nil {
		return err
	}
	if best == nil {
		return c.compare(snap, nil, wish{}, have)
	}
	c.seen[best.ID] = true
	return c.compare(snap, best, chosen, named(have, best.ID))
}

// candidates returns the entry that a nameless membership is, nil when it is none.
func (c *comparison) candidates(ctx context.Context, snap journal.Snapshot, m *lis.Membership, have *lis.Record) (best *journal.Entry, chosen wish, err error) {
	filter := journal.Filter{Links: []lis.Link{
		{Name: lis.LinkCollection, Value: string(m.CollectionSourcedID)}, {Name: lis.LinkPerson, Value: string(m.Person())}}}
	fewest := -1
	for e, err := range snap.Scan(lis.KindMembership, filter) {
		if err != nil {
			return nil, wish{}, err
		}
		if c.seen[e.ID] {
			continue
		}
		w, err := c.wanted(ctx, snap, e)
		if err != nil {
			return nil, wish{}, err
		}
		n, err := distance(w, have)
		if err != nil {
			return nil, wish{}, err
		}
		if fewest < 0 || n < fewest {
			copied := *e
			best, chosen, fewest = &copied, w, n
		}
	}
	return best, chosen, nil
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
