package registrar

import (
	"context"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A Renaming gives an object another sourcedId.
type Renaming struct {
	Caller   string // who wants it; the changes themselves have no source
	Kind     lis.Kind
	From, To lis.SourcedID
	Tell     []string       // the targets to tell of it, these and no others
	Pairs    []journal.Pair // written to the crosswalk with it
	Why      string
	After    func(journal.Tx) error // what it writes is kept together with the changes; nil for nothing
}

// Rename changes an identifier of the gateway's own accord, as when a system
// allots its own id to what another made. Only those that it names are told of
// the change itself; the objects that refer to it follow, and they go where
// their routes say. An id that is in use is refused.
func (r *Registrar) Rename(ctx context.Context, n Renaming) error {
	q := &Request{Caller: n.Caller, Call: &lis.Call{
		Operation: lis.OperationFor(n.Kind, lis.ChangeIdentifier), ID: n.From, NewID: n.To,
	}}
	_, err := r.own(ctx, q, func(tx journal.Tx) (*plan, error) { return n.plan(tx, q.Call) }, n.finish)
	return err
}

func (n *Renaming) plan(v journal.View, c *lis.Call) (*plan, error) {
	if err := checkRename(n.Kind, c.ID, c.NewID); err != nil {
		return nil, err
	}
	e, err := v.Get(n.Kind, c.NewID)
	switch {
	case err != nil:
		return nil, err
	case e != nil && !e.Deleted:
		return nil, taken(n.Kind, c.NewID)
	}
	p, err := rekeying(v, n.Kind, c.ID, c.NewID)
	if err != nil {
		return nil, err
	}
	p.own, p.description = true, n.Why
	p.steps[0].only = exactly(n.Tell)
	return p, nil
}

// finish writes the pairs, those that end first: an id of a target is free
// for another object only then.
func (n *Renaming) finish(tx journal.Tx) error {
	pairs := slices.Clone(n.Pairs)
	slices.SortStableFunc(pairs, func(a, b journal.Pair) int {
		switch {
		case a.Gone == b.Gone:
			return 0
		case a.Gone:
			return -1
		}
		return 1
	})
	for _, p := range pairs {
		if err := tx.SetPair(p, n.Why); err != nil {
			return err
		}
	}
	if n.After == nil {
		return nil
	}
	return n.After(tx)
}
