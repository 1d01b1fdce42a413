package gateway

import (
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// leave makes a change of what the routes do not want at a target, or not any
// more, one that removes it there. What is removed is the content that they
// wanted last, for that is what the target holds: it may have no word for what
// the object is now.
func (p *plan) leave(v journal.Snapshot, target string, c lis.Change) (lis.Change, error) {
	if c.Act == lis.Rekey {
		return c, nil
	}
	left, err := p.left(v, target, &c)
	if err != nil {
		return c, err
	}
	if left {
		held, err := p.wantedLast(v, target, &c)
		if err != nil {
			return c, err
		}
		if held != nil {
			c.Record = held
		}
	} else if left, err = p.leftSince(v, target, &c); err != nil || !left {
		return c, err
	}
	c.Act = lis.Drop
	return c, nil
}

func (p *plan) left(v journal.View, target string, c *lis.Change) (bool, error) {
	left, err := p.routes.Left(v, c)
	return slices.Contains(left, target), err
}

// wantedLast returns the newest content before a change that the routes want
// at a target, or nil.
func (p *plan) wantedLast(v journal.Snapshot, target string, c *lis.Change) (*lis.Record, error) {
	var last *lis.Record
	for step, err := range v.History(c.Kind, c.Key) {
		if err != nil {
			return nil, err
		}
		if step.Seq >= c.Seq || step.Act == lis.Drop || len(step.Body) == 0 {
			continue
		}
		then, err := asChange(step, c.Key)
		if err != nil {
			return nil, err
		}
		targets, err := p.routes.Targets(v, then)
		if err != nil {
			return nil, err
		}
		if slices.Contains(targets, target) {
			last = then.Record
		}
	}
	return last, nil
}

// leftSince reports whether a newer change took an object that is still to be
// put away from a target. That change went not there when both were written at
// one time, because nothing was there yet.
func (p *plan) leftSince(v journal.Snapshot, target string, c *lis.Change) (bool, error) {
	e, err := v.Get(c.Kind, c.Key)
	if err != nil || c.Act != lis.Put || e == nil || e.Deleted || e.Seq <= c.Seq {
		return false, err
	}
	var newest *journal.Step
	for step, err := range v.History(c.Kind, c.Key) {
		if err != nil {
			return false, err
		}
		newest = step
	}
	if newest == nil || len(newest.Body) == 0 {
		return false, nil
	}
	now, err := asChange(newest, c.Key)
	if err != nil {
		return false, err
	}
	return p.left(v, target, now)
}

// asChange returns a step of a history with its content.
func asChange(step *journal.Step, id lis.SourcedID) (*lis.Change, error) {
	c := step.Change
	var err error
	c.Record, err = lis.UnmarshalRecord(c.Kind, id, step.Body)
	return &c, err
}
