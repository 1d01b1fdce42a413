package registrar

import (
	"context"
	"fmt"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Remove tells targets to drop an object that they hold and the records do not
// know, or know to be deleted: the heal of an extra. No others are told. The
// record is what the target holds, and why says who wanted it gone.
func (r *Registrar) Remove(ctx context.Context, caller string, kind lis.Kind, record *lis.Record, targets []string, why string) error {
	q := &Request{Caller: caller, Call: &lis.Call{Operation: lis.OperationFor(kind, lis.Delete)}}
	if record != nil {
		q.Call.ID = record.ID
	}
	trim(q.Call)
	op, known := lis.OperationNamed(q.Call.Operation)
	if !known {
		return fmt.Errorf("remove: %w", refuse(lis.Invalid, "there is no kind "+quote(string(kind))))
	}
	if len(targets) == 0 {
		return fmt.Errorf("remove %s: %w", kind, refuse(lis.Incomplete, "no target is named; name the ones that hold it"))
	}
	a := r.commit(ctx, q, op, func(tx journal.Tx) (*plan, error) {
		return removing(tx, kind, q.Call.ID, record, targets, why)
	})
	if !a.Status.OK() {
		return fmt.Errorf("remove %s %s: %s", kind, quote(string(q.Call.ID)), a.Status.Description)
	}
	return nil
}

func removing(v journal.View, k lis.Kind, id lis.SourcedID, record *lis.Record, targets []string, why string) (*plan, error) {
	if id == "" {
		return nil, incomplete("sourcedId")
	}
	e, err := v.Get(k, id)
	switch {
	case err != nil:
		return nil, err
	case e != nil && !e.Deleted:
		return nil, refuse(lis.HasChildren, "the records hold this "+string(k)+
			"; delete it there, and every target will be told, or send it to the target again")
	}
	s := step{Change: lis.Change{Kind: k, Key: id, Act: lis.Drop}}
	if e == nil && record.Object != nil {
		if s, err = content(record, k, id); err != nil {
			return nil, err
		}
		s.Act = lis.Drop
	}
	return &plan{description: "removed at " + list(asIDs(targets)) + ": " + why, steps: []step{s}, only: slices.Clone(targets), own: true}, nil
}

func asIDs(names []string) []lis.SourcedID {
	ids := make([]lis.SourcedID, len(names))
	for i, n := range names {
		ids[i] = lis.SourcedID(n)
	}
	return ids
}
