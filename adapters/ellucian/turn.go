package ellucian

import "context"

// A turn lets one caller at a time ask the system for what all need, and the
// others wait no longer than their contexts.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return unavailable("wait for a turn: %w", ctx.Err())
	}
}

func (t turn) give() { <-t }
