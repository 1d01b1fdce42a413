package cps

import (
	"context"
	"iter"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// Where a plan stands travels with the section and is not part of it: a record
// does not change because somebody has confirmed it. So plan.* is put on a
// section when it is read by a party or sent to one.

// overlay puts plan.* on the sections of an answer.
func (d *Desk) overlay(ctx context.Context, p *plan, op lis.Operation, a *lis.Answer) *lis.Answer {
	if op.Kind != lis.KindCourseSection {
		return a
	}
	if a.Record != nil {
		if record, err := d.shown(ctx, p, a.Record); err == nil {
			a.Record = record
		}
	}
	if a.Records != nil {
		a.Records = d.shownEach(ctx, p, a.Records)
	}
	return a
}

func (d *Desk) shownEach(ctx context.Context, p *plan, records iter.Seq2[*lis.Record, error]) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for r, err := range records {
			if err == nil {
				r, err = d.shown(ctx, p, r)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// shown is a section with where its plan stands, in the vocabulary of the
// parties.
func (d *Desk) shown(ctx context.Context, p *plan, r *lis.Record) (*lis.Record, error) {
	c, ok := r.Object.(*lis.CourseSection)
	if !ok || c == nil {
		return r, nil
	}
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return r, err
	}
	defer snap.Close()
	state, err := d.planOf(snap, r.ID, c)
	if err != nil {
		return r, err
	}
	copied := copyOf(c)
	copied.SetPlan(state)
	if p.Vocabulary != "" && copied.Extension != nil {
		copied.Extension.NameVocabulary = p.Vocabulary
	}
	return &lis.Record{ID: r.ID, Agent: r.Agent, Object: copied}, nil
}

// planOf is where the plan of a section stands.
func (d *Desk) planOf(snap journal.Snapshot, id lis.SourcedID, c *lis.CourseSection) (lis.Plan, error) {
	s, err := standing(snap, id)
	if err != nil {
		return lis.Plan{}, err
	}
	e, err := snap.Get(lis.KindCourseSection, id)
	if err != nil {
		return lis.Plan{}, err
	}
	var out lis.Plan
	if e != nil {
		out.Version = e.Version
	}
	switch {
	case s != nil:
		out.State, out.Reason, out.Packet = s.State, s.Reason, s.Packet
	case speaks(c, lis.FieldMeetingDays):
		out.State = lis.PlanConfirmed
	case speaks(c, lis.FieldRequestMinutes):
		out.State = lis.PlanRequested
	default:
		out.State = lis.PlanDraft
	}
	return out, nil
}

// Shape puts plan.* on a section that goes to a party.
func (d *Desk) Shape(ctx context.Context, target string, c lis.Change) (lis.Change, error) {
	p, as := d.party(target)
	if as == nobody || c.Kind != lis.KindCourseSection || c.Act == lis.Drop || c.Record == nil {
		return c, nil
	}
	record, err := d.shown(ctx, p, c.Record)
	if err == nil {
		c.Record = record
	}
	return c, err
}

// Bare takes plan.* off a section, so that what a party holds can be compared
// with the records.
func Bare(r *lis.Record) *lis.Record {
	c, ok := r.Object.(*lis.CourseSection)
	if !ok || c == nil || !speaks(c, lis.FieldPlanState) {
		return r
	}
	copied := copyOf(c)
	copied.SetPlan(lis.Plan{})
	return &lis.Record{ID: r.ID, Agent: r.Agent, Object: copied}
}

// Extract puts plan.* on the sections of an extract that a party fetches.
func (d *Desk) Extract(ctx context.Context, caller string, items iter.Seq2[*registrar.BulkItem, error]) iter.Seq2[*registrar.BulkItem, error] {
	p, as := d.party(caller)
	if as == nobody || items == nil {
		return items
	}
	return func(yield func(*registrar.BulkItem, error) bool) {
		for b, err := range items {
			if err == nil && b.Call != nil && b.Call.Record != nil {
				b, err = d.shownItem(ctx, p, b)
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

func (d *Desk) shownItem(ctx context.Context, p *plan, b *registrar.BulkItem) (*registrar.BulkItem, error) {
	record, err := d.shown(ctx, p, b.Call.Record)
	if err != nil || record == b.Call.Record {
		return b, err
	}
	item, call := *b, *b.Call
	call.Record = record
	item.Call = &call
	return &item, nil
}
