package registrar

import (
	"context"
	"fmt"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// own carries out a change of the gateway's own, with what after writes, and
// returns the sequence of the first of its changes. A refusal is kept as the
// answer to its message, and is the error.
func (r *Registrar) own(ctx context.Context, q *Request, decide planner, after func(journal.Tx) error) (int64, error) {
	op := operationOf(q.Call)
	if op.Name == "" {
		return 0, fmt.Errorf("change of the gateway: %w", refuse(lis.Invalid, "there is no operation "+quote(q.Call.Operation)))
	}
	trim(q.Call)
	q.kept = r.Store.Keep(q.Body)
	var p *plan
	var woken []string
	var refused error
	err := r.Store.Write(ctx, func(tx journal.Tx) (err error) {
		_, woken, err = r.carryOut(tx, q, op, func(tx journal.Tx) (*plan, error) {
			p, refused = decide(tx)
			return p, refused
		})
		if err != nil || refused != nil || after == nil {
			return err
		}
		return after(tx)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return 0, fmt.Errorf("%s %s of the gateway's own: %w", op.Name, quote(string(q.Call.ID)), err)
	}
	r.wake(woken)
	return p.first, nil
}

// exactly returns targets for plan.only and step.only, where nil would mean
// all that the routes say.
func exactly(targets []string) []string { return append([]string{}, targets...) }
