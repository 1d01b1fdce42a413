package cps

import (
	"context"
	"errors"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// Publish makes sections Active, so that everybody may see them: those named,
// or all of a plan that the SIS has confirmed. The SIS and the planner are told,
// and so are the targets under publish, with all that hangs on the sections.
func (d *Desk) Publish(ctx context.Context, name string, sections []lis.SourcedID, by string) (*Published, error) {
	p := d.named(name)
	if p == nil {
		return nil, errors.New("there is no plan " + quote(lis.SourcedID(name)) + "; lisgate plan list names them")
	}
	ready, left, err := d.ready(ctx, p, sections)
	if err != nil {
		return nil, err
	}
	done := &Published{Left: left}
	for _, s := range ready {
		err := d.publish(ctx, p, s, by)
		if errors.Is(err, registrar.ErrMoved) {
			done.Left = append(done.Left, Decided{Section: s.Section, State: s.State, Text: "it was changed just now; publish it again"})
			continue
		}
		if err != nil && done.Published == 0 {
			return nil, err
		}
		if err != nil { // what is published is told of all the same
			done.Left = append(done.Left, Decided{Section: s.Section, State: s.State, Failed: true, Text: err.Error()})
			break
		}
		done.Published++
	}
	return done, d.open(ctx, p, idsOf(ready))
}

func idsOf(all []*Standing) []lis.SourcedID {
	ids := make([]lis.SourcedID, len(all))
	for i, s := range all {
		ids[i] = s.Section
	}
	return ids
}

// ready returns the standings of the sections that can be published, and why
// the others cannot. A section of which no planner has spoken has none yet.
func (d *Desk) ready(ctx context.Context, p *plan, sections []lis.SourcedID) (ready []*Standing, left []Decided, err error) {
	consider := func(s *Standing) {
		switch {
		case s.State == lis.PlanPublished:
		case !s.Agreed || s.Sent != nil: // a later proposal may have been refused: the plan before it stands
			left = append(left, Decided{Section: s.Section, State: s.State, Text: or(s.Reason, "the SIS has not confirmed it")})
		default:
			ready = append(ready, s)
		}
	}
	if len(sections) == 0 {
		for s, err := range d.Standings(ctx, p.Name, "") {
			if err != nil {
				return nil, nil, err
			}
			consider(s)
		}
		return ready, left, nil
	}
	for _, id := range sections {
		s, err := d.Standing(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		if s == nil {
			left = append(left, Decided{Section: id, Text: "no planner has sent a plan of it"})
			continue
		}
		consider(s)
	}
	return ready, left, nil
}

// publish makes one section Active.
func (d *Desk) publish(ctx context.Context, p *plan, s *Standing, by string) error {
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return err
	}
	c, targets, err := d.active(snap, p, s)
	if err = errors.Join(err, snap.Close()); err != nil || c == nil {
		return err
	}
	c.Caller, c.Tell, c.Why = by, targets, "published"
	c.After = func(tx journal.Tx) error {
		s, err := standing(tx, s.Section)
		if err != nil || s == nil {
			return err
		}
		s.note(d.Now(), lis.PlanPublished, by, "")
		return put(tx, s)
	}
	if _, err = d.Registrar.Correct(ctx, *c); err == nil {
		d.Wake(targets)
	}
	return err
}

// active returns the correction that makes a section Active, and whom to tell.
func (d *Desk) active(snap journal.Snapshot, p *plan, s *Standing) (*registrar.Correction, []string, error) {
	ref := lis.Ref{Kind: lis.KindCourseSection, ID: s.Section}
	e, err := snap.Get(ref.Kind, ref.ID)
	if err != nil || e == nil || e.Deleted {
		return nil, nil, err
	}
	record, err := lis.UnmarshalRecord(ref.Kind, ref.ID, e.Body)
	if err != nil {
		return nil, nil, err
	}
	record.Object.(*lis.CourseSection).Status = lis.StatusActive
	targets, err := d.asSIS(snap, p, &lis.Change{Kind: ref.Kind, Key: ref.ID, Act: lis.Put, Record: record,
		Operation: lis.OperationFor(ref.Kind, lis.UpdateStatus)})
	targets = append(targets, p.SIS)
	if d.Reached(p.Planner) {
		targets = append(targets, p.Planner)
	}
	return &registrar.Correction{Ref: ref, Record: record, Version: e.Version}, targets, err
}

// open tells the targets under publish of what hangs on sections that have
// become Active: until now it was kept from them.
func (d *Desk) open(ctx context.Context, p *plan, sections []lis.SourcedID) error {
	if len(p.Publish) == 0 || len(sections) == 0 {
		return nil
	}
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return err
	}
	refs := map[string][]lis.Ref{}
	for _, id := range sections {
		if err = d.hanging(snap, p, id, refs); err != nil {
			break
		}
	}
	if err = errors.Join(err, snap.Close()); err != nil {
		return err
	}
	return d.resend(ctx, refs)
}

// hanging are the objects by which a section is referred to, by link.
var hanging = map[lis.Kind]string{lis.KindMembership: lis.LinkCollection, lis.KindSectionAssociation: lis.LinkSection}

func (d *Desk) hanging(snap journal.Snapshot, p *plan, section lis.SourcedID, refs map[string][]lis.Ref) error {
	for kind, link := range hanging {
		for e, err := range snap.Scan(kind, journal.Filter{Links: []lis.Link{{Name: link, Value: string(section)}}, IDsOnly: true}) {
			if err != nil {
				return err
			}
			ref := lis.Ref{Kind: kind, ID: e.ID}
			targets, err := d.others(snap, p, ref)
			if err != nil {
				return err
			}
			for _, to := range d.hidden(targets) {
				refs[to] = append(refs[to], ref)
			}
		}
	}
	return nil
}
