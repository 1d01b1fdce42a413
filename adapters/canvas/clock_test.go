package canvas

import (
	"context"
	"sync"
	"time"
)

// A clock moves only when somebody sleeps by it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// by puts an adapter on the clock, with the waits of real life.
func (c *clock) by(o *Options) {
	o.Now, o.Sleep = c.Now, c.Sleep
	o.Poll, o.Wait, o.StuckAfter = 2*time.Second, time.Minute, 10*time.Minute
}
