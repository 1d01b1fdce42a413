package registrar

import (
	"context"
	"errors"
	"fmt"

	"lisgate/gateway/journal"
)

// ErrNotWhole says that a Together that was to be whole was not: one request
// at least was refused, and nothing of any was kept.
var ErrNotWhole = errors.New("one was refused, so nothing of all was kept; put right what the outcomes refuse and send all again")

// Together carries out requests of any callers in one transaction, in order,
// each with its own message as it came; without a Body its record is that. One
// that is refused leaves nothing but its message, and does not stop the others.
//
// whole makes them all or none: when one is refused the error is ErrNotWhole,
// nothing at all is kept, and the outcomes have the status that each would
// have had, and nothing else. Who wants the refusals kept does so with Refuse.
//
// after, if given, ends the transaction as that of a Batch does.
func (r *Registrar) Together(ctx context.Context, requests []*Request, whole bool, after func(journal.Tx, []Outcome) error) ([]Outcome, error) {
	l := line{steps: make([]bulkStep, len(requests)), after: after, whole: whole, look: true}
	for i, q := range requests {
		kept := *q
		if kept.Body == nil {
			kept.Body = bodyOf(q.Call)
		}
		kept.kept = r.Store.Keep(kept.Body)
		l.steps[i] = r.amongOthers(&kept)
	}
	outcomes, err := r.inTurn(ctx, &l)
	switch {
	case errors.Is(err, ErrNotWhole):
		return statuses(outcomes), fmt.Errorf("carry out %d requests: %w", len(requests), err)
	case err != nil:
		return nil, fmt.Errorf("carry out %d requests: %w", len(requests), err)
	}
	return outcomes, nil
}

// statuses leaves of outcomes what is true when nothing was kept.
func statuses(outcomes []Outcome) []Outcome {
	left := make([]Outcome, len(outcomes))
	for i := range outcomes {
		left[i].Status = outcomes[i].Status
	}
	return left
}
