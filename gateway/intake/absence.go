package intake

import (
	"context"
	"fmt"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// removalOrder is an order of kinds in which what hangs on another goes first.
var removalOrder = []lis.Kind{
	lis.KindMembership, lis.KindResult, lis.KindLineItem, lis.KindResultValue, lis.KindSectionAssociation,
	lis.KindCourseSection, lis.KindCourseOffering, lis.KindCourseTemplate, lis.KindGroup, lis.KindPerson,
}

// takesAlong says what the delete of a kind takes with it: while that is held,
// the delete is held too, or it would go round the guard.
var takesAlong = map[lis.Kind]lis.Kind{
	lis.KindLineItem: lis.KindResult, lis.KindSectionAssociation: lis.KindMembership, lis.KindCourseSection: lis.KindMembership,
	lis.KindCourseOffering: lis.KindMembership, lis.KindCourseTemplate: lis.KindMembership, lis.KindGroup: lis.KindMembership,
	lis.KindPerson: lis.KindMembership,
}

// removals carries out, or holds, what the lists that have ended tell of
// absences.
func (p *pull) removals(ctx context.Context) error {
	held := map[lis.Kind]bool{}
	for _, k := range removalOrder {
		run, ended := p.ahead.Listed[k]
		if !ended {
			continue
		}
		if err := p.absent(ctx, k, run, held); err != nil {
			return fmt.Errorf("carry out the absences of %s: %w", k, err)
		}
	}
	return nil
}

// absent deals with the absences of one kind.
func (p *pull) absent(ctx context.Context, k lis.Kind, run int64, held map[lis.Kind]bool) error {
	ids, of, err := p.unfed(ctx, p.feed.Name, k, run)
	if err != nil {
		return err
	}
	why := p.feed.Removals.holds(int64(len(ids)), of)
	if also := takesAlong[k]; why == "" && len(ids) > 0 && held[also] {
		why = "it would take along the " + string(also) + "s that are held"
	}
	if why == "" {
		n, err := p.remove(ctx, p.feed.Name, k, run, ids)
		p.report.of(k).Removed += n
		if err != nil {
			return err
		}
	} else {
		held[k] = true
		p.report.of(k).Held += int64(len(ids))
	}
	return p.listed(ctx, &Hold{Source: p.feed.Name, Kind: k, Run: run, Count: int64(len(ids)), Of: of, Why: why, Sample: first(ids, shown)})
}

// listed ends what a list is known for, with what is held of it, if anything.
func (p *pull) listed(ctx context.Context, h *Hold) error {
	s := p.kept.clone()
	delete(s.Listed, h.Kind)
	earlier, err := p.standing(ctx, h.Source, h.Kind)
	if err != nil {
		return err
	}
	var id string
	err = p.store.Write(ctx, func(tx journal.Tx) (err error) {
		if id, err = p.hold(tx, h, earlier); err != nil {
			return err
		}
		return s.put(tx, p.feed.Name, p.now())
	})
	if err != nil {
		return err
	}
	if id != "" {
		p.report.Holds = append(p.report.Holds, id)
	}
	p.kept, p.ahead = s, s.clone()
	return nil
}

func first(ids []lis.SourcedID, n int) []lis.SourcedID { return slices.Clone(ids[:min(n, len(ids))]) }

// unfed returns what a source did not say again since a run, and how much it
// feeds of the kind.
func (in *Intake) unfed(ctx context.Context, source string, k lis.Kind, run int64) ([]lis.SourcedID, int64, error) {
	snap, err := in.store.Snapshot(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer snap.Close()
	of, err := snap.FedCount(source, k)
	if err != nil {
		return nil, 0, err
	}
	ids, err := lis.Collect(snap.Unfed(source, k, run))
	return ids, of, err
}

// remove deletes what a source did not say again since a run, and counts what
// was there to delete. What another feed still has is forgotten only.
func (in *Intake) remove(ctx context.Context, source string, k lis.Kind, run int64, ids []lis.SourcedID) (n int64, err error) {
	const atOnce = 200
	for chunk := range slices.Chunk(ids, atOnce) {
		calls := make([]*lis.Call, len(chunk))
		for i, id := range chunk {
			calls[i] = &lis.Call{Operation: lis.OperationFor(k, lis.Delete), ID: id}
		}
		outcomes, err := in.registrar.Batch(ctx, source, calls,
			func(tx journal.Tx, i int) (bool, error) {
				return in.goes(tx, source, lis.Ref{Kind: k, ID: chunk[i]}, run)
			},
			func(tx journal.Tx, _ []registrar.Outcome) error { return forgetAll(tx, source, k, run, chunk) })
		if err != nil {
			return n, err
		}
		for _, o := range outcomes {
			if o.OK() && o.Changes > 0 {
				n++
			}
		}
	}
	return n, nil
}

// goes reports whether an object is to be deleted: it is there, its source has
// not said it since, and no other feed has it.
func (in *Intake) goes(tx journal.Tx, source string, ref lis.Ref, run int64) (bool, error) {
	f, err := tx.Fed(source, ref.Kind, ref.ID)
	if err != nil || f == nil || f.Run >= run {
		return false, err
	}
	if there, err := present(tx, ref); err != nil || there != alive {
		return false, err
	}
	for _, other := range in.feeds {
		if other.Name == source {
			continue
		}
		if f, err := tx.Fed(other.Name, ref.Kind, ref.ID); err != nil || f != nil && !isAway(f.Hash) {
			return false, err
		}
	}
	return true, nil
}

func forgetAll(tx journal.Tx, source string, k lis.Kind, run int64, ids []lis.SourcedID) error {
	for _, id := range ids {
		f, err := tx.Fed(source, k, id)
		if err != nil {
			return err
		}
		if f == nil || f.Run >= run {
			continue
		}
		if err := forget(tx, source, lis.Ref{Kind: k, ID: id}); err != nil {
			return err
		}
	}
	return nil
}
