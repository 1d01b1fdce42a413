package registrar

import (
	"context"
	"fmt"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// An Outcome is what became of one call of a Batch or of a Together.
type Outcome struct {
	lis.Status               // zero when the call was not wanted
	Changes    int           // how many changes it made, those of its cascade included
	ID         lis.SourcedID // that the answer names: the one that was allotted
	Seq        int64         // of the first of its changes; 0 when it made none

	// Of the object that the call is about; Together only, for it costs a look.
	Version int64  // after it; 0 for what was never there
	Before  []byte // its content before, nil when it was not there
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
	l := line{steps: make([]bulkStep, len(calls)), wanted: wanted, after: after}
	for i, c := range calls {
		l.steps[i] = r.amongOthers(&Request{Call: c, Caller: caller, Body: bodyOf(c)})
	}
	outcomes, err := r.inTurn(ctx, &l)
	if err != nil {
		return nil, fmt.Errorf("carry out %d calls of %s: %w", len(calls), caller, err)
	}
	return outcomes, nil
}

// bodyOf is the message of a call that came without one.
func bodyOf(c *lis.Call) []byte {
	if c.Record == nil {
		return nil
	}
	body, _ := lis.MarshalRecord(c.Record) // it never fails; a message may lack its body
	return body
}
