package cps

import (
	"context"
	"errors"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// giveUp ends a change that the SIS does not take. What waits there must not go
// any more: the planner is told that it was refused.
func (d *Desk) giveUp(ctx context.Context, p *plan, a *heardOf) error {
	if a.waits {
		n, err := d.Store.Abandon(ctx, p.SIS, []int64{a.standing.Sent.Seq}, "the planner was told that the SIS refuses it", d.Now())
		if err != nil {
			return err
		}
		if n == 0 { // it is on its way just now; the next look will tell
			a.settled = false
			return nil
		}
	}
	return d.setBack(ctx, p, a.standing, a.status)
}

// setBack makes of a section what it was before the SIS refused it.
func (d *Desk) setBack(ctx context.Context, p *plan, s *Standing, st lis.Status) error {
	back := registrar.Correction{
		Caller: p.Name, Ref: lis.Ref{Kind: lis.KindCourseSection, ID: s.Section}, Version: s.Sent.Version,
		Why:   "set back, for " + p.SIS + " does not take it",
		After: func(tx journal.Tx) error { return d.refused(tx, s.Section, p.SIS, st.Description) },
	}
	if len(s.Sent.Before) > 0 {
		record, err := lis.UnmarshalRecord(lis.KindCourseSection, s.Section, s.Sent.Before)
		if err != nil {
			return err
		}
		back.Record = record
	}
	_, err := d.Registrar.Correct(ctx, back)
	if errors.Is(err, registrar.ErrMoved) { // somebody has changed it since, and so be it
		err = d.Store.Write(ctx, back.After)
	}
	if err == nil && s.Sent.Waiting {
		err = d.callBack(ctx, p, s.Section)
	}
	return err
}

// refused keeps that a plan came to nothing, and why.
func (d *Desk) refused(tx journal.Tx, section lis.SourcedID, by, why string) error {
	s, err := standing(tx, section)
	if err != nil || s == nil {
		return err
	}
	s.Sent, s.Reason = nil, why
	s.note(d.Now(), lis.PlanRefused, by, why)
	return put(tx, s)
}
