package cps

import (
	"bytes"
	"context"
	"errors"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// fromSIS takes what the SIS says of a section: its own change, or its answer
// to a plan.
func (d *Desk) fromSIS(ctx context.Context, p *plan, q *registrar.Request, next Next) *lis.Answer {
	heard, err := d.listen(ctx, p, q)
	if err != nil {
		return d.orBusy(nil, err)
	}
	p = heard.plan
	if heard.status.CodeMajor != "" {
		return d.Registrar.Refuse(ctx, q, heard.status)
	}
	copied := *q
	copied.Call = heard.call
	a := next(ctx, &copied)
	if a.Status.OK() && heard.opens {
		if err := d.open(ctx, p, []lis.SourcedID{heard.id}); err != nil {
			return d.orBusy(nil, err)
		}
	}
	return a
}

// heard is what a message of the SIS means.
type heard struct {
	id     lis.SourcedID
	plan   *plan      // of several of the SIS's, the one in which the section is
	call   *lis.Call  // to be carried out
	status lis.Status // or how it ends
	opens  bool       // it makes the section Active
}

// listen finds out what a message of the SIS about a section means.
func (d *Desk) listen(ctx context.Context, p *plan, q *registrar.Request) (*heard, error) {
	h := &heard{id: about(q.Call), call: q.Call, plan: p}
	in, ok := sectionOf(q.Call)
	op, _ := lis.OperationNamed(q.Call.Operation)
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.settlePlan(snap, h); err != nil {
		return nil, errors.Join(err, snap.Close())
	}
	p = h.plan
	e, err := snap.Get(lis.KindCourseSection, h.id)
	if err == nil && ok {
		err = d.weigh(snap, p, q, h, e, in)
	}
	if err == nil && h.status.CodeMajor == "" {
		becomes := q.Call.Status
		if ok {
			becomes = in.Status
		}
		h.opens = becomes == lis.StatusActive && (e == nil || !isActive(e))
	}
	if closed := snap.Close(); err == nil {
		err = closed
	}
	if err != nil || !ok {
		return h, err
	}
	if asked, _ := in.Plan(); answers(asked) {
		return h, d.hearAnswer(ctx, p, h, asked)
	}
	if h.status.CodeMajor == lis.Processing {
		return h, d.conflict(ctx, p, q, h, e, in)
	}
	if op.Verb == lis.Replace || op.Verb == lis.Create || op.Verb == lis.CreateByProxy {
		h.call = withSection(q.Call, h.said(e, in))
	}
	return h, nil
}

// settlePlan finds the plan in which a section stands: a SIS may have several
// planners.
func (d *Desk) settlePlan(snap journal.Snapshot, h *heard) error {
	s, err := standing(snap, h.id)
	if err != nil || s == nil {
		return err
	}
	if p := d.named(s.Plan); p != nil && p.SIS == h.plan.SIS {
		h.plan = p
	}
	return nil
}

// weigh holds what the SIS says while a change of the planner's is on its way
// to it, unless both say the same.
func (d *Desk) weigh(snap journal.Snapshot, p *plan, q *registrar.Request, h *heard, e *journal.Entry, in *lis.CourseSection) error {
	if e == nil || e.Deleted {
		return nil
	}
	if asked, _ := in.Plan(); answers(asked) {
		return nil
	}
	why, err := onItsWay(snap, p.SIS, e)
	if err != nil || why == "" || h.same(e, in) {
		return err
	}
	h.status = lis.StatusOf(lis.Accepted, lis.CMS, why+"; it waits for a person's decision")
	return nil
}

// said is the section as the SIS wants it.
func (h *heard) said(e *journal.Entry, in *lis.CourseSection) *lis.CourseSection {
	var old *lis.CourseSection
	if e != nil && !e.Deleted {
		old, _ = content[*lis.CourseSection](e) // what cannot be read is overwritten
	}
	out := bySIS(old, in)
	if meetings, err := out.Meetings(); err == nil && len(meetings) > 0 {
		out.SetMeetings(meetings)
	}
	return out
}

// same reports whether the SIS says what the section is.
func (h *heard) same(e *journal.Entry, in *lis.CourseSection) bool {
	r, err := lis.UnmarshalRecord(lis.KindCourseSection, e.ID, e.Body)
	if err != nil {
		return false
	}
	body, err := lis.MarshalRecord(&lis.Record{ID: e.ID, Agent: r.Agent, Object: h.said(e, in)})
	return err == nil && bytes.Equal(body, e.Body)
}

// withSection is a call with another section in it.
func withSection(c *lis.Call, section *lis.CourseSection) *lis.Call {
	copied := *c
	record := *c.Record
	record.Object = section
	copied.Record = &record
	return &copied
}

// conflict keeps what the SIS wants beside what the planner wants.
func (d *Desk) conflict(ctx context.Context, p *plan, q *registrar.Request, h *heard, e *journal.Entry, in *lis.CourseSection) error {
	base, err := content[*lis.CourseSection](e)
	if err != nil {
		return err
	}
	said := h.said(e, in)
	return d.Store.Write(ctx, func(tx journal.Tx) error {
		s, err := standing(tx, h.id)
		if err != nil {
			return err
		}
		if s == nil {
			s = &Standing{Plan: p.Name, Section: h.id, State: lis.PlanProposed}
		}
		s.Held = &Proposal{From: q.Caller, Operation: q.Call.Operation, At: d.Now(), Why: HoldConflict, Rule: h.status.Description,
			Proposed: version(p.SIS, 0, d.Now(), said), Base: version(p.Planner, e.Version, d.Now(), base)}
		s.note(d.Now(), s.State, q.Caller, "held: "+h.status.Description)
		return put(tx, s)
	})
}
