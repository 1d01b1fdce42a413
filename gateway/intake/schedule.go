package intake

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/gateway/journal"
)

// Run pulls every feed on its schedule until ctx ends: at once, and then Every
// or At. A feed that has only times of day is not asked at once when it was
// read since the last of them. Run returns an error only when the feeds are
// not usable or the journal is closed.
//
// A source that cannot be reached or asks for time is asked again after a
// growing delay; one that refuses, at its next turn; and one that may have more
// to say (Report.More), soon.
func (in *Intake) Run(ctx context.Context) error {
	if err := in.check(); err != nil {
		return err
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var working sync.WaitGroup
	for _, f := range in.feeds {
		if f.Paused {
			continue
		}
		working.Go(func() {
			if err := in.keepUp(ctx, f); errors.Is(err, journal.ErrClosed) {
				fail(err)
			}
		})
	}
	working.Wait()
	if cause := context.Cause(ctx); errors.Is(cause, journal.ErrClosed) {
		return cause
	}
	return nil
}

// keepUp pulls one feed again and again.
func (in *Intake) keepUp(ctx context.Context, f *feed) error {
	due, err := in.firstTurn(ctx, f)
	if err != nil {
		in.log.Warn("state of a feed cannot be read", zap.String("feed", f.Name), zap.Error(err))
	}
	for failures := 0; in.sleepUntil(ctx, f, due); {
		r, err := in.Pull(ctx, f.Name)
		switch {
		case err == nil:
			failures = 0
		case errors.Is(err, journal.ErrClosed) || ctx.Err() != nil:
			return err
		case !errors.Is(err, ErrUnderWay):
			failures++
		}
		now := in.now().In(in.zone)
		if due = f.after(now, failures, err); err == nil && r.More {
			due = sooner(due, now.Add(soon(r)))
		}
	}
	return nil
}

// firstTurn returns when a feed is asked first.
func (in *Intake) firstTurn(ctx context.Context, f *feed) (time.Time, error) {
	now := in.now().In(in.zone)
	if f.Every > 0 || len(f.At) == 0 {
		return now, nil
	}
	all, err := in.Status(ctx)
	for _, s := range all {
		if s.Name == f.Name && s.LastTrouble == "" && !s.LastSuccess.IsZero() && f.nextTurn(s.LastSuccess.In(in.zone)).After(now) {
			return f.nextTurn(now), err
		}
	}
	return now, err
}

// sleepUntil waits for a time, in short sleeps: the clock may be set, and a
// machine may sleep itself. It reports false when ctx has ended; a zero time
// is never.
func (in *Intake) sleepUntil(ctx context.Context, f *feed, due time.Time) bool {
	f.mu.Lock()
	f.next = due
	f.mu.Unlock()
	if due.IsZero() {
		<-ctx.Done()
		return false
	}
	for {
		left := due.Sub(in.now())
		if left <= 0 {
			return ctx.Err() == nil
		}
		timer := time.NewTimer(min(left, time.Minute))
		select {
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-timer.C:
		}
	}
}

// The delay after a first failure, and the longest for a feed that is not
// asked by an interval.
const (
	firstDelay = 5 * time.Second
	mostDelay  = 15 * time.Minute
)

// soon is how long a source with more to say is left alone: longer when it
// said nothing new, because it might say the same for ever.
func soon(r *Report) time.Duration {
	if t := r.Total(); t.Changed+t.Removed > 0 {
		return time.Second
	}
	return firstDelay
}

// after returns when a feed is asked again.
func (f *feed) after(now time.Time, failures int, err error) time.Time {
	turn := f.nextTurn(now)
	if err == nil || errors.Is(err, ErrUnderWay) {
		return turn
	}
	delay := mostDelay
	if f.Every > 0 {
		delay = f.Every
	}
	if failures < 16 {
		delay = min(delay, firstDelay<<(failures-1))
	}
	var e *adapters.Error
	errors.As(err, &e)
	switch adapters.ClassOf(err) {
	case adapters.Unavailable:
	case adapters.Busy:
		if e != nil && e.After > 0 {
			delay = e.After
			turn = now.Add(delay) // not before
		}
	default:
		return turn
	}
	return sooner(turn, now.Add(delay))
}

// sooner returns the first of two times; a zero time is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// nextTurn returns the first turn after a time: of the interval or of the
// times of day, whichever comes first; zero for never.
func (f *feed) nextTurn(now time.Time) time.Time {
	var turn time.Time
	if f.Every > 0 {
		turn = now.Add(f.Every)
	}
	clocks, _ := clockTimes(f.At) // checked before
	for _, c := range clocks {
		at := time.Date(now.Year(), now.Month(), now.Day(), c.Hour(), c.Minute(), 0, 0, now.Location())
		if !at.After(now) {
			at = time.Date(now.Year(), now.Month(), now.Day()+1, c.Hour(), c.Minute(), 0, 0, now.Location())
		}
		turn = sooner(turn, at)
	}
	return turn
}

// clockTimes reads times of day.
func clockTimes(at []string) ([]time.Time, error) {
	clocks := make([]time.Time, len(at))
	for i, s := range at {
		t, err := time.Parse("15:04", s)
		if err != nil {
			return nil, fmt.Errorf("%q is not a time of day such as 02:30", s)
		}
		clocks[i] = t
	}
	return clocks, nil
}
