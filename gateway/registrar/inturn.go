package registrar

import (
	"context"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A line is what goes in turn in one transaction.
type line struct {
	steps  []bulkStep
	wanted func(journal.Tx, int) (bool, error)
	after  func(journal.Tx, []Outcome) error
	whole  bool // all or none
	look   bool // for Outcome.Version and Before
}

// inTurn carries out a line. With ErrNotWhole the outcomes are told too.
func (r *Registrar) inTurn(ctx context.Context, l *line) ([]Outcome, error) {
	var outcomes []Outcome
	var woken []string
	err := r.Store.Write(ctx, func(tx journal.Tx) (err error) {
		outcomes, woken, err = r.turns(tx, l)
		switch {
		case err != nil:
			return err
		case l.whole && !allOK(outcomes):
			return ErrNotWhole
		case l.after != nil:
			return l.after(tx, outcomes)
		}
		return nil
	})
	if err != nil {
		return outcomes, err
	}
	r.wake(woken)
	return outcomes, nil
}

func (r *Registrar) turns(tx journal.Tx, l *line) ([]Outcome, []string, error) {
	outcomes := make([]Outcome, len(l.steps))
	var woken []string
	for i := range l.steps {
		if l.wanted != nil {
			if yes, err := l.wanted(tx, i); err != nil {
				return nil, nil, err
			} else if !yes {
				continue
			}
		}
		o, targets, err := r.turn(tx, &l.steps[i], l.look)
		if err != nil {
			return nil, nil, err
		}
		outcomes[i] = *o
		woken = union(woken, targets)
	}
	return outcomes, woken, nil
}

// turn carries out one request of a line.
func (r *Registrar) turn(tx journal.Tx, s *bulkStep, look bool) (*Outcome, []string, error) {
	o, p := new(Outcome), new(plan)
	subject := subjectOf(s.q.Call, s.op)
	if look && subject.ID != "" {
		e, err := tx.Get(subject.Kind, subject.ID)
		if err != nil {
			return nil, nil, err
		}
		o.before(e)
	}
	a, targets, err := r.carryOut(tx, s.q, s.op, func(tx journal.Tx) (*plan, error) {
		decided, err := s.decide(tx)
		if err == nil {
			p = decided
			p.subject = subject
			if a := p.answer.ID; a != "" { // what an id was allotted to
				p.subject.ID = a
			}
		}
		return decided, err
	})
	if err != nil {
		return nil, nil, err
	}
	o.Status, o.Changes, o.ID, o.Seq = a.Status, len(p.steps), a.ID, p.first
	if look && p.version > 0 {
		o.Version = p.version
	}
	return o, targets, nil
}

// before notes what an object was. A tombstone is no content, but has a version.
func (o *Outcome) before(e *journal.Entry) {
	if e == nil {
		return
	}
	if o.Version = e.Version; !e.Deleted {
		o.Before = e.Body
	}
}

// subjectOf returns the object that a write is about. An id that the caller
// of a createByProxy gave means none.
func subjectOf(c *lis.Call, op lis.Operation) lis.Ref {
	ref := lis.Ref{Kind: op.Kind}
	switch op.Verb {
	case lis.CreateByProxy, lis.ReplacePlural:
	case lis.CreateFrom:
		ref.ID = c.NewID
	default:
		ref.ID = about(c)
	}
	return ref
}

func allOK(outcomes []Outcome) bool {
	for i := range outcomes {
		if !outcomes[i].OK() {
			return false
		}
	}
	return true
}
