package deliver

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"lisgate/gateway/journal"
)

const (
	poll      = time.Second           // how often the journal is looked at without being told to
	soonest   = 20 * time.Millisecond // and how often at most, when nothing could be had
	mostLease = 2500                  // how many changes one transaction leases
	leaseOver = 10 * time.Second      // a lease is longer than the timeout by this much,
	leaseLeft = 3 * time.Second       // and this much of it must be left for settling
)

// A lane is the way to one target: one goroutine leases, the workers deliver.
type lane struct {
	engine  *Engine
	target  Target
	fail    context.CancelCauseFunc // ends the whole run
	breaker breaker
	queue   *queue
	wake    chan struct{}
	tokens  *rate.Limiter // nil when there is no limit
	tally   tally
	meter   meter
	guard   guard
	absence absence

	outstanding atomic.Int64 // leased and not settled, and one while leasing
	leases      atomic.Int64 // how often a lease was asked for
	pace        atomic.Int64 // what a change takes, in nanoseconds, smoothed
}

// An item is a leased change.
type item struct {
	journal.Delivery
	until time.Time // end of the lease
	probe bool      // sent to see whether the target is back
}

func newLane(e *Engine, t Target, fail context.CancelCauseFunc) *lane {
	l := &lane{engine: e, target: t, fail: fail, queue: newQueue(), wake: make(chan struct{}, 1)}
	if t.Rate > 0 {
		l.tokens = rate.NewLimiter(rate.Limit(t.Rate), t.Burst)
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
	l.absence.back = l.engine.now()
	var workers sync.WaitGroup
	for range l.target.Workers {
		workers.Go(func() { l.work(ctx, cut, results) })
	}
	l.feed(ctx, end)
	l.queue.close()
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
		l.tellRun(end, false)
	}
}

// lease fills the queue with up to n changes and returns how many there were.
func (l *lane) lease(ctx context.Context, n int, probe bool) int {
	l.outstanding.Add(1)
	defer l.outstanding.Add(-1)
	l.leases.Add(1)
	now := l.engine.now()
	until := now.Add(l.term(n))
	deliveries := l.coalesce(ctx, l.due(ctx, n, now, until), until, probe)
	l.guard.leased(deliveries)
	l.outstanding.Add(int64(len(deliveries)))
	l.queue.put(deliveries...)
	return len(deliveries)
}

// term returns how long a lease has to be: for the attempt and its
// settlement, for the reading back, and for the wait until the rate lets it go.
func (l *lane) term(n int) time.Duration {
	d := l.target.Timeout + leaseOver
	if l.target.Verify != nil {
		d += l.target.Timeout
	}
	if l.tokens != nil {
		d += time.Duration(float64(l.outstanding.Load()+int64(n)) / l.target.Rate * float64(time.Second))
	}
	return d
}

// due leases up to n changes.
func (l *lane) due(ctx context.Context, n int, now, until time.Time) (all []journal.Delivery) {
	for len(all) < n {
		piece := min(n-len(all), mostLease)
		some, err := l.engine.store.Lease(ctx, l.target.Name, piece, now, until)
		if l.failed("cannot lease", err) {
			return all
		}
		if all = append(all, some...); len(some) < piece {
			return all
		}
	}
	return all
}

// coalesce makes items of what was leased, after it has put the newest of the
// changes of an object in the place of those before it. What was on its way
// before may still arrive: nothing goes past it. A removal that is to
// wait is replaced in any case: who comes back in time was never removed.
func (l *lane) coalesce(ctx context.Context, leased []journal.Delivery, until time.Time, probe bool) []item {
	items := make([]item, 0, len(leased))
	var several []journal.Delivery
	for i := range leased {
		d := &leased[i]
		if d.Behind > 0 && (l.young(d) > 0 || l.target.Coalesce && d.Attempts == 0 && !d.Unsure) {
			several = append(several, *d)
		} else {
			items = append(items, item{Delivery: *d, until: until, probe: probe})
		}
	}
	if len(several) == 0 {
		return items
	}
	newest, err := l.engine.store.Coalesce(ctx, several, l.engine.now())
	if l.failed("cannot coalesce", err) {
		newest = several
	}
	l.tally.superseded(several, newest)
	for i := range newest {
		items = append(items, item{Delivery: newest[i], until: until, probe: probe})
	}
	return items
}

// failed tells of an error of the journal. One that is closed ends the run.
func (l *lane) failed(what string, err error) bool {
	switch {
	case err == nil:
		return false
	case errors.Is(err, journal.ErrClosed):
		l.fail(err)
	default:
		l.engine.log.Error(what, zap.String("target", l.target.Name), zap.Error(err))
	}
	return true
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
