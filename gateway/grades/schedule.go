package grades

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"
)

// Run asks each system on its schedule until ctx ends.
func (d *Desk) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for i := range d.feeds {
		if f := &d.feeds[i]; f.Every > 0 || len(f.At) > 0 {
			all.Go(func() { d.keepAsking(ctx, f) })
		}
	}
	all.Wait()
	return nil
}

func (d *Desk) keepAsking(ctx context.Context, f *Feed) {
	for {
		timer := time.NewTimer(Until(d.now(), f.Every, f.At))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if _, err := d.Pull(ctx, f.Name, nil); err != nil && !errors.Is(err, context.Canceled) {
			d.log.Error("results could not be pulled", zap.String("feed", f.Name), zap.Error(err))
		}
	}
}

// Until returns how long it is to the next turn of a schedule: after every, or
// at the next of the times of the day.
func Until(now time.Time, every time.Duration, at []string) time.Duration {
	wait := every
	for _, text := range at {
		t, err := time.ParseInLocation("15:04", text, now.Location())
		if err != nil {
			continue // config has refused it before
		}
		next := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), 0, 0, now.Location())
		if !next.After(now) {
			next = next.AddDate(0, 0, 1)
		}
		if until := next.Sub(now); wait == 0 || until < wait {
			wait = until
		}
	}
	return wait
}
