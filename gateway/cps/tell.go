package cps

import (
	"context"
	"errors"
	"slices"

	"lisgate/gateway/lis"
)

// tell has what the SIS took go where a change of the SIS's own would.
func (d *Desk) tell(ctx context.Context, p *plan, taken []*heardOf) error {
	refs := map[string][]lis.Ref{}
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return err
	}
	for _, a := range taken {
		ref := lis.Ref{Kind: lis.KindCourseSection, ID: a.now}
		targets, err := d.others(snap, p, ref)
		if err != nil {
			return errors.Join(err, snap.Close())
		}
		if a.working {
			targets = nil
		}
		for _, to := range targets {
			refs[to] = append(refs[to], ref)
		}
	}
	if err := snap.Close(); err != nil { // before anything is written
		return err
	}
	return d.resend(ctx, refs)
}

func (d *Desk) resend(ctx context.Context, refs map[string][]lis.Ref) error {
	var errs []error
	var woken []string
	for to, list := range refs {
		_, err := d.Store.Resend(ctx, to, list)
		errs, woken = append(errs, err), append(woken, to)
	}
	slices.Sort(woken)
	d.Wake(woken)
	return errors.Join(errs...)
}

// callBackAll tells a planner that waits for word of what the SIS took. It comes
// after the states are kept, for these are what it is sent.
func (d *Desk) callBackAll(ctx context.Context, p *plan, taken []*heardOf) error {
	var refs []lis.Ref
	for _, a := range taken {
		if !a.working && a.standing.Sent.Waiting {
			refs = append(refs, lis.Ref{Kind: lis.KindCourseSection, ID: a.now})
		}
	}
	if len(refs) == 0 || !d.Reached(p.Planner) {
		return nil
	}
	return d.resend(ctx, map[string][]lis.Ref{p.Planner: refs})
}

// callBack tells a planner that was answered processing how it ended.
func (d *Desk) callBack(ctx context.Context, p *plan, section lis.SourcedID) error {
	if !d.Reached(p.Planner) {
		return nil // it reads plan.state
	}
	return d.resend(ctx, map[string][]lis.Ref{p.Planner: {{Kind: lis.KindCourseSection, ID: section}}})
}
