package deliver

import (
	"context"
	"time"
)

// Idle returns when nothing is under way to any target and nothing that
// waits is due: all has been delivered, or refused, or waits for a later
// time. It returns an error when ctx ends before that.
func (e *Engine) Idle(ctx context.Context) error {
	for {
		idle, err := e.idle(ctx)
		if idle || err != nil {
			return err
		}
		if !sleep(ctx, 5*time.Millisecond) {
			return ctx.Err()
		}
	}
}

func (e *Engine) idle(ctx context.Context) (bool, error) {
	e.mu.RLock()
	lanes := e.lanes
	e.mu.RUnlock()
	for _, l := range lanes {
		idle, err := l.idle(ctx)
		if !idle || err != nil {
			return false, err
		}
	}
	return lanes != nil, nil
}

// idle asks the journal only when nothing is under way, because a change on
// lease is not due; and believes it only when nothing was leased meanwhile.
func (l *lane) idle(ctx context.Context) (bool, error) {
	leases := l.leases.Load()
	if l.outstanding.Load() != 0 {
		return false, nil
	}
	due, waits, err := l.engine.store.NextDue(ctx, l.target.Name)
	if err != nil {
		return false, err
	}
	quiet := l.outstanding.Load() == 0 && l.leases.Load() == leases
	return quiet && (!waits || due.After(l.engine.now())), nil
}
