package cps

import (
	"context"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

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
			a.now, err = d.rename(ctx, p, a)
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
	s.Sent, s.Reason, s.Agreed = nil, "", true
	s.note(d.Now(), state, by, text)
	return put(tx, s)
}

func isActive(e *journal.Entry) bool {
	c, err := content[*lis.CourseSection](e)
	return err == nil && c.Status == lis.StatusActive
}
