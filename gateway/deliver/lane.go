package deliver

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/journal"
)

const (
	poll      = time.Second            // how often the journal is looked at without being told to
	soonest   = 20 * time.Millisecond  // and how often at most, when nothing could be had
	mostQueue = 256                    // changes leased ahead of the workers
	lookAhead = 500 * time.Millisecond // and for how long they would be busy
	leaseOver = 10 * time.Second       // a lease is longer than the timeout by this much,
	leaseLeft = 3 * time.Second        // and this much of it must be left for settling
)

// A lane is the way to one target: one goroutine leases, the workers apply.
type lane struct {
	engine  *Engine
	target  Target
	fail    context.CancelCauseFunc // ends the whole run
	breaker breaker
	queue   chan item
	wake    chan struct{}
	tally   tally
	absence absence

	outstanding atomic.Int64 // leased and not settled, and one while leasing
	leases      atomic.Int64 // how often a lease was asked for
	pace        atomic.Int64 // what an attempt takes, in nanoseconds, smoothed
}

// An item is a leased change.
type item struct {
	journal.Delivery
	until time.Time // end of the lease
	probe bool      // sent to see whether the target is back
}

func newLane(e *Engine, t Target, fail context.CancelCauseFunc) *lane {
	l := &lane{
		engine: e, target: t, fail: fail,
		queue: make(chan item, max(mostQueue, 4*t.Workers)),
		wake:  make(chan struct{}, 1),
	}
	l.breaker.delay = func(failures int) time.Duration {
		return backoff(t.FirstDelay, t.MaxDelay, failures, uint64(failures))
	}
	return l
}

func (l *lane) nudge() {
	select {
	case l.wake <- struct{}{}:
	default: // one is there already
	}
}

// run delivers until ctx ends. Attempts under way then go on until cut ends,
// and the journal can be reached until end ends.
func (l *lane) run(ctx, cut, end context.Context, results chan<- settled) {
	var workers sync.WaitGroup
	for range l.target.Workers {
		workers.Go(func() { l.work(ctx, cut, results) })
	}
	l.feed(ctx, end)
	close(l.queue)
	workers.Wait()
}

// feed keeps the queue filled.
func (l *lane) feed(ctx, end context.Context) {
	for ctx.Err() == nil {
		leased := 0
		if room, probe := l.room(); room > 0 {
			leased = l.lease(end, room, probe)
		}
		l.rest(ctx, leased > 0)
		l.tellRun(false)
	}
}

// room returns how many changes may be leased now.
func (l *lane) room() (n int, probe bool) {
	if open, until := l.breaker.state(); open {
		if l.outstanding.Load() > 0 || l.engine.now().Before(until) {
			return 0, false
		}
		return 1, true // a new one, where there is one; see journal.Store.Lease
	}
	size, queued := l.size(), len(l.queue)
	if n = size - queued; queued > size/2 || n < 2 {
		return 0, false // a lease of one would get nothing but new ones
	}
	return n, false
}

// size returns how long the queue should be: what keeps the workers busy for
// a short while, since what is leased here is out of reach of others.
func (l *lane) size() int {
	pace := time.Duration(l.pace.Load())
	if pace == 0 {
		return 4 * l.target.Workers
	}
	ahead := int(lookAhead * time.Duration(l.target.Workers) / pace)
	return max(2*l.target.Workers, min(ahead, mostQueue))
}

// lease fills the queue with up to n changes and returns how many there were.
func (l *lane) lease(ctx context.Context, n int, probe bool) int {
	l.outstanding.Add(1)
	defer l.outstanding.Add(-1)
	l.leases.Add(1)
	now := l.engine.now()
	until := now.Add(l.target.Timeout + leaseOver)
	deliveries, err := l.engine.store.Lease(ctx, l.target.Name, n, now, until)
	if errors.Is(err, journal.ErrClosed) {
		l.fail(err)
	} else if err != nil {
		l.engine.log.Error("cannot lease", zap.String("target", l.target.Name), zap.Error(err))
	}
	l.outstanding.Add(int64(len(deliveries)))
	for _, d := range deliveries {
		l.queue <- item{Delivery: d, until: until, probe: probe}
	}
	return len(deliveries)
}

// rest waits until there may be more to lease.
func (l *lane) rest(ctx context.Context, leased bool) {
	timer := time.NewTimer(l.pause(ctx, leased))
	defer timer.Stop()
	select {
	case <-l.wake:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// pause returns how long to rest when nobody calls: to the end of the
// target's pause, or until something is due.
func (l *lane) pause(ctx context.Context, leased bool) time.Duration {
	if leased || l.outstanding.Load() > 0 {
		return poll // whoever finishes will call
	}
	now := l.engine.now()
	if open, until := l.breaker.state(); open && now.Before(until) {
		return min(until.Sub(now), poll)
	}
	due, waits, err := l.engine.store.NextDue(ctx, l.target.Name)
	if err != nil || !waits {
		return poll
	}
	return max(soonest, min(due.Sub(now), poll))
}
