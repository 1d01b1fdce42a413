package cps

import (
	"context"
	"errors"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// Decide ends the wait of what is held: approved, it goes on as if no rule had
// stopped it; refused, the reason goes back to whose change it is.
func (d *Desk) Decide(ctx context.Context, sections []lis.SourcedID, approve bool, by, reason string) ([]Decided, error) {
	var all []Decided
	for _, id := range sections {
		one, err := d.decide(ctx, id, approve, by, reason)
		if err != nil && len(all) == 0 {
			return nil, err
		}
		if err != nil { // what was decided before is told of all the same
			return append(all, Decided{Section: id, Failed: true, Text: err.Error()}), nil
		}
		all = append(all, one)
	}
	return all, nil
}

func (d *Desk) decide(ctx context.Context, id lis.SourcedID, approve bool, by, reason string) (Decided, error) {
	s, err := d.Standing(ctx, id)
	if err != nil {
		return Decided{}, err
	}
	if s == nil || s.Held == nil {
		return Decided{Section: id, Failed: true, Text: "nothing is held of section " + quote(id) + "; see lisgate plan list --state held"}, nil
	}
	p := d.named(s.Plan)
	switch {
	case p == nil:
		return Decided{Section: id, Failed: true, Text: "the config has no plan " + s.Plan + " any more"}, nil
	case !approve:
		return d.turnDown(ctx, p, s, by, reason)
	case s.Held.From == p.SIS:
		return d.giveWay(ctx, p, s, by)
	}
	return d.letThrough(ctx, p, s, by)
}

// turnDown ends a proposal, and tells whose it was.
func (d *Desk) turnDown(ctx context.Context, p *plan, s *Standing, by, reason string) (Decided, error) {
	mine, state := s.Held.From == p.Planner, s.State
	err := d.change(ctx, s.Section, func(_ journal.Tx, s *Standing) error {
		s.Held = nil
		if s.Reason = ""; !mine { // the planner's plan stands, and goes on
			s.note(d.Now(), s.State, by, "the change of the SIS was refused: "+reason)
			return nil
		}
		s.Reason = reason
		s.note(d.Now(), lis.PlanRefused, by, reason)
		return nil
	})
	if err == nil && mine {
		state, err = lis.PlanRefused, d.callBack(ctx, p, s.Section)
	}
	return Decided{Section: s.Section, State: state, Text: reason}, err
}

// letThrough carries out a planner's proposal that a person has approved. The
// checks are made again: the room may have been taken since.
func (d *Desk) letThrough(ctx context.Context, p *plan, s *Standing, by string) (Decided, error) {
	op, _ := lis.OperationNamed(s.Held.Operation)
	body := &lis.Record{ID: s.Section, Object: s.Held.Proposed.Section}
	q := &registrar.Request{Caller: s.Held.From, Call: &lis.Call{Operation: op.Name, ID: s.Section, Record: body, Status: s.Held.Proposed.Section.Status}}
	i := &item{q: q, meaning: op, approver: by, id: s.Section, called: s.PlannerID}
	k := &packet{plan: p, id: s.Packet, mode: lis.PacketItems, items: []*item{i}}
	if err := d.take(ctx, k); err != nil {
		return Decided{}, err
	}
	switch {
	case i.status.CodeMajor == lis.Processing:
		return Decided{Section: i.answer, State: lis.PlanProposed, Text: i.status.Description}, nil
	case i.status.OK():
		return Decided{Section: i.answer, State: lis.PlanConfirmed, Text: i.status.Description}, nil
	case i.seq != 0:
		return Decided{Section: s.Section, State: lis.PlanRefused, Failed: true, Text: i.status.Description}, nil
	}
	return Decided{Section: s.Section, State: s.State, Failed: true, Text: "approved, and yet it cannot be carried out; it is still held: " + i.status.Description}, nil
}

// giveWay carries out the SIS's side of a conflict. What the planner wanted,
// and is still on its way, is overtaken by it.
func (d *Desk) giveWay(ctx context.Context, p *plan, s *Standing, by string) (Decided, error) {
	agent, targets, err := d.fromTheSIS(ctx, p, s)
	if err != nil {
		return Decided{}, err
	}
	c := registrar.Correction{
		Caller: by, Ref: lis.Ref{Kind: lis.KindCourseSection, ID: s.Section}, Tell: targets,
		Record:  &lis.Record{ID: s.Section, Agent: agent, Object: s.Held.Proposed.Section},
		Version: s.Held.Base.Version,
		Why:     "the change of " + p.SIS + " goes before that of " + p.Planner,
		After: func(tx journal.Tx) error {
			s, err := standing(tx, s.Section)
			if err != nil || s == nil {
				return err
			}
			s.Held, s.Sent, s.Reason = nil, nil, "the SIS changed the section at the same time, and its change was preferred"
			s.note(d.Now(), lis.PlanRefused, by, s.Reason)
			return put(tx, s)
		},
	}
	_, err = d.Registrar.Correct(ctx, c)
	if errors.Is(err, registrar.ErrMoved) {
		return Decided{Section: s.Section, State: s.State, Failed: true, Text: "the section has changed since; have the SIS send it again"}, nil
	}
	p.forget(s.Section)
	d.Wake(targets)
	return Decided{Section: s.Section, State: lis.PlanRefused, Text: "the SIS's change is in force"}, err
}

// fromTheSIS returns the agent of a section, and who is told of it as the SIS
// wants it: the SIS too, so that what waits there gives way.
func (d *Desk) fromTheSIS(ctx context.Context, p *plan, s *Standing) (agent string, targets []string, err error) {
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return "", nil, err
	}
	defer snap.Close()
	ref := lis.Ref{Kind: lis.KindCourseSection, ID: s.Section}
	r, err := (&records{snap: snap}).Record(ref.Kind, ref.ID)
	if err != nil {
		return "", nil, err
	}
	if r != nil {
		agent = r.Agent
	}
	targets, err = d.others(snap, p, ref)
	targets = append(targets, p.SIS)
	if d.Reached(p.Planner) {
		targets = append(targets, p.Planner)
	}
	return agent, targets, err
}
