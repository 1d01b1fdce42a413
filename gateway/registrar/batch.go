package registrar

import (
	"context"
	"fmt"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// An Outcome is what became of one call of a Batch.
type Outcome struct {
	lis.Status     // zero when the call was not wanted
	Changes    int // how many changes it made, those of its cascade included
}

// Batch carries out calls of one caller in one transaction, in order. One that
// is refused leaves nothing but its message, and does not stop the others.
//
// The message of a call is its record, as kept. There is no telling of repeats
// by content here: a caller who may say things twice sends calls that can be
// carried out twice.
//
// wanted, if given, is asked inside the transaction, just before its turn,
// whether a call is still to be carried out. after, if given, ends the
// transaction: what it writes is kept together with the calls. Both may run
// more than once.
func (r *Registrar) Batch(ctx context.Context, caller string, calls []*lis.Call,
	wanted func(journal.Tx, int) (bool, error), after func(journal.Tx, []Outcome) error) ([]Outcome, error) {
	steps := make([]bulkStep, len(calls))
	for i, c := range calls {
		steps[i] = r.alone(caller, c)
	}
	var outcomes []Outcome
	var woken []string
	err := r.Store.Write(ctx, func(tx journal.Tx) (err error) {
		if outcomes, woken, err = r.inTurn(tx, steps, wanted); err != nil || after == nil {
			return err
		}
		return after(tx, outcomes)
	})
	if err != nil {
		return nil, fmt.Errorf("carry out %d calls of %s: %w", len(calls), caller, err)
	}
	r.wake(woken)
	return outcomes, nil
}

// alone makes a call ready that came without a message.
func (r *Registrar) alone(caller string, c *lis.Call) bulkStep {
	s := r.ready(caller, "", &BulkItem{Call: c})
	s.q.MessageID = ""
	if c.Record != nil {
		s.q.Body, _ = lis.MarshalRecord(c.Record) // it never fails; a message may lack its body
	}
	return s
}

func (r *Registrar) inTurn(tx journal.Tx, steps []bulkStep, wanted func(journal.Tx, int) (bool, error)) ([]Outcome, []string, error) {
	outcomes := make([]Outcome, len(steps))
	var woken []string
	for i, s := range steps {
		if wanted != nil {
			if yes, err := wanted(tx, i); err != nil {
				return nil, nil, err
			} else if !yes {
				continue
			}
		}
		a, targets, err := r.carryOut(tx, s.q, s.op, func(tx journal.Tx) (*plan, error) {
			p, err := s.decide(tx)
			if err == nil {
				outcomes[i].Changes = len(p.steps)
			}
			return p, err
		})
		if err != nil {
			return nil, nil, err
		}
		outcomes[i].Status = a.Status
		woken = union(woken, targets)
	}
	return outcomes, woken, nil
}
