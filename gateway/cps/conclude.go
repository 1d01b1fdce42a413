package cps

import (
	"context"
	"errors"
	"slices"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// An outcome is what the SIS made of a change.
type outcome struct {
	settled bool
	taken   bool // the SIS has it
	waits   bool // it is still in the queue, and must not go any more
	working bool // the SIS has it, and will say later what it thinks of it
	status  lis.Status
}

// outcomeOf looks up what became of a change at the SIS.
func outcomeOf(snap journal.Snapshot, p *plan, s *Standing) (outcome, error) {
	for d, err := range snap.Deliveries(lis.KindCourseSection, s.Section) {
		if err != nil {
			return outcome{}, err
		}
		if d.Target == p.SIS && d.Seq == s.Sent.Seq {
			working := d.State == journal.Applied && strings.HasPrefix(d.Detail, string(lis.Processing))
			return outcome{settled(d), d.State == journal.Applied, unlinked(d), working, verdict(d, working)}, nil
		}
	}
	return outcome{settled: true, status: lis.StatusOf(lis.Undeliverable, lis.CMS,
		"no target "+p.SIS+" takes sections; give the plan a SIS that is a target")}, nil
}

// refusals are the code minors that a SIS's refusal is passed on with [ours];
// what it says is kept as the reason of the delivery, and begins with the code.
var refusals = []struct {
	code lis.CodeMinor
	as   lis.Situation
}{
	{lis.IDAllocInUseFail, lis.NewIDInUse},
	{lis.IDAllocFail, lis.NewIDInUse},
	{lis.LinkFailure, lis.Undeliverable},
	{lis.UnknownObject, lis.NotThere},
	{lis.IncompleteData, lis.Incomplete},
	{lis.UnauthorizedRequest, lis.NotAllowed},
}

// verdict is what the planner is answered for a delivery.
func verdict(d *journal.Settled, working bool) lis.Status {
	text := strings.TrimSpace(d.Reason + " " + d.Detail)
	switch {
	case d.State == journal.Applied && !working:
		return lis.StatusOf(lis.Done, lis.CMS, strings.TrimSpace("the SIS has it. "+d.Detail))
	case unlinked(d):
		return lis.StatusOf(lis.Undeliverable, lis.CMS, "the SIS has not what the section belongs to: "+text)
	case d.State == journal.Dead, d.State == journal.Dropped:
		for _, r := range refusals {
			if strings.Contains(text, string(r.code)) {
				return lis.StatusOf(r.as, lis.CMS, "the SIS refuses it: "+text)
			}
		}
		return lis.StatusOf(lis.Invalid, lis.CMS, "the SIS refuses it: "+text)
	}
	return lis.StatusOf(lis.Accepted, lis.CMS, strings.TrimSpace("the SIS has not answered yet; read "+lis.FieldPlanState+" later. "+text))
}

// settled reports whether a delivery has come to an end, as far as a plan is
// concerned. One that waits for its offering has: the planner is told what is
// missing, and sends it again.
func settled(d *journal.Settled) bool {
	return d.State != journal.Waiting && d.State != journal.Held || unlinked(d)
}

// unlinked reports whether the SIS lacks what a section belongs to.
func unlinked(d *journal.Settled) bool {
	return d.State == journal.Parked || d.State == journal.Waiting && d.Attempts > 0 && strings.Contains(d.Reason, string(lis.LinkFailure))
}

// conclude ends what the SIS has answered among the sections, and returns how
// each ended that did.
func (d *Desk) conclude(ctx context.Context, p *plan, sections []lis.SourcedID) (map[lis.SourcedID]lis.Status, error) {
	p.busy.Lock()
	defer p.busy.Unlock()
	answered, err := d.answered(ctx, p, sections)
	if err != nil || len(answered) == 0 {
		return nil, err
	}
	ended := map[lis.SourcedID]lis.Status{}
	var taken []*heardOf
	for _, a := range answered {
		switch {
		case !a.taken:
			err = d.giveUp(ctx, p, a)
		case a.standing.Sent.Created:
			a.now, err = d.rename(ctx, p, a.standing)
			taken = append(taken, a)
		default:
			taken = append(taken, a)
		}
		if err != nil {
			return ended, err
		}
		if a.settled {
			ended[a.standing.Section] = a.status
		}
	}
	if err := d.tell(ctx, p, taken); err != nil {
		return ended, err
	}
	if err := d.confirmAll(ctx, p, taken); err != nil {
		return ended, err
	}
	return ended, d.callBackAll(ctx, p, taken)
}

// A heardOf section is one of which the SIS has given word.
type heardOf struct {
	outcome
	standing *Standing
	now      lis.SourcedID // its id
}

// answered returns those of the sections that the SIS has given word of.
func (d *Desk) answered(ctx context.Context, p *plan, sections []lis.SourcedID) ([]*heardOf, error) {
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	var all []*heardOf
	for _, id := range sections {
		s, err := standing(snap, id)
		if err != nil {
			return nil, err
		}
		if s == nil || s.Sent == nil || s.Sent.Working {
			continue
		}
		o, err := outcomeOf(snap, p, s)
		if err != nil {
			return nil, err
		}
		if o.settled {
			all = append(all, &heardOf{o, s, id})
		}
	}
	return all, nil
}

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

// confirmAll keeps that the SIS has the plans of sections, or is still at work
// on them.
func (d *Desk) confirmAll(ctx context.Context, p *plan, taken []*heardOf) error {
	if len(taken) == 0 {
		return nil
	}
	return d.Store.Write(ctx, func(tx journal.Tx) error {
		for _, a := range taken {
			if err := d.confirm(tx, p, a); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *Desk) confirm(tx journal.Tx, p *plan, a *heardOf) error {
	s, err := standing(tx, a.now)
	if err != nil || s == nil || s.Sent == nil || s.Sent.Seq != a.standing.Sent.Seq {
		return err
	}
	if a.working {
		s.Sent.Working, s.Sent.Waiting = true, true
		s.note(d.Now(), lis.PlanProposed, p.SIS, a.status.Description)
		return put(tx, s)
	}
	return d.settle(tx, s, p.SIS, a.status.Description)
}

// settle keeps that a plan is the SIS's now.
func (d *Desk) settle(tx journal.Tx, s *Standing, by, text string) error {
	e, err := tx.Get(lis.KindCourseSection, s.Section)
	if err != nil {
		return err
	}
	state := lis.PlanConfirmed
	if e != nil && !e.Deleted && isActive(e) {
		state = lis.PlanPublished
	}
	s.Sent, s.Reason = nil, ""
	s.note(d.Now(), state, by, text)
	return put(tx, s)
}

func isActive(e *journal.Entry) bool {
	c, err := content[*lis.CourseSection](e)
	return err == nil && c.Status == lis.StatusActive
}

// rename gives a section the id that the SIS allotted.
func (d *Desk) rename(ctx context.Context, p *plan, s *Standing) (lis.SourcedID, error) {
	pair, err := d.Store.Pair(ctx, p.SIS, lis.KindCourseSection, s.Section)
	if err != nil || pair == nil || pair.TargetID == "" || pair.TargetID == string(s.Section) {
		return s.Section, err
	}
	to := lis.SourcedID(pair.TargetID)
	r := registrar.Renaming{
		Caller: p.Name, Kind: lis.KindCourseSection, From: s.Section, To: to,
		Why: "the id that " + p.SIS + " allotted",
		Pairs: []journal.Pair{{Target: p.SIS, Kind: lis.KindCourseSection, ID: s.Section, TargetID: pair.TargetID, Gone: true, At: d.Now()},
			{Target: p.SIS, Kind: lis.KindCourseSection, ID: to, TargetID: pair.TargetID, Seq: pair.Seq, At: d.Now()}},
		After: func(tx journal.Tx) error { return d.move(tx, p, s.Section, to) },
	}
	if s.PlannerID != "" {
		r.Pairs = append(r.Pairs, journal.Pair{Target: p.Planner, Kind: lis.KindCourseSection, ID: to, TargetID: string(s.PlannerID), At: d.Now()})
	}
	if s.Sent.Waiting && d.Reached(p.Planner) {
		r.Tell = []string{p.Planner}
	}
	return to, d.Registrar.Rename(ctx, r)
}

// move has a standing follow its section.
func (d *Desk) move(tx journal.Tx, p *plan, from, to lis.SourcedID) error {
	s, err := standing(tx, from)
	if err != nil || s == nil {
		return err
	}
	s.Section = to
	s.note(d.Now(), s.State, p.SIS, "the SIS calls it "+string(to))
	if err := put(tx, s); err != nil {
		return err
	}
	return tx.PutJob(&journal.Job{ID: jobID(from), Kind: standingJob, State: moved, Updated: d.Now(), Data: []byte(quote(to))})
}

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
