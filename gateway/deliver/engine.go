// Package deliver brings changes from the journal to their targets: it
// leases the first waiting change of each object, carries it through the
// stages of carry.go, of which one is the adapter's, and settles what became
// of it.
//
// The journal is the queue; nothing here needs to survive a crash. What was
// leased and not settled is tried again under a higher fencing number, and
// the change's ID lets the target know it. A wake-up that is lost costs a
// second, because the journal is looked at every second anyway.
//
// What can wait does: a change whose parent is not there is parked until the
// parent is, removals are held when they are too many, and what looks like
// another object waits for a person. A run ends with a balance.
package deliver

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/journal"
)

// A stop has ten seconds in all: attempts under way may finish in the first
// seven, then are cut and have patience to return, and the rest is for
// recording it.
const (
	finishWithin = 7 * time.Second
	recordWithin = 9 * time.Second
)

// An Engine delivers. Its Run may be called again after it has returned,
// with other targets.
type Engine struct {
	store   journal.Store
	log     *zap.Logger
	now     func() time.Time
	observe Observer

	mu    sync.RWMutex
	lanes map[string]*lane // nil when it does not run
}

// New makes an engine. The observer may be nil.
func New(store journal.Store, log *zap.Logger, now func() time.Time, observe Observer) *Engine {
	if observe == nil {
		observe = blind{}
	}
	return &Engine{store: store, log: log, now: now, observe: observe}
}

// Run delivers to targets until ctx ends, and returns nil within ten seconds
// of that. It closes no adapter. It returns early, with an error, only when
// the targets are not usable or the journal is closed.
func (e *Engine) Run(ctx context.Context, targets []Target) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	lanes, err := e.open(targets, fail)
	if err != nil {
		return err
	}
	defer e.close()

	cut, stop := outlast(ctx, finishWithin)
	defer stop()
	end, stop := outlast(ctx, recordWithin)
	defer stop()

	results := make(chan settled, mostSettled)
	var delivering, settling sync.WaitGroup
	settling.Go(func() { e.settle(end, results) })
	for _, l := range lanes {
		e.observe.Paused(l.target.Name, 0)
		delivering.Go(func() { l.run(ctx, cut, end, results) })
	}
	<-ctx.Done()
	delivering.Wait()
	close(results)
	settling.Wait()
	for _, l := range lanes {
		l.tellRun(end, true)
	}
	if cause := context.Cause(ctx); errors.Is(cause, journal.ErrClosed) {
		return cause
	}
	return nil
}

func (e *Engine) open(targets []Target, fail context.CancelCauseFunc) (map[string]*lane, error) {
	if err := checkTargets(targets); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.lanes != nil {
		return nil, errors.New("deliver: already running")
	}
	lanes := map[string]*lane{}
	for _, t := range targets {
		lanes[t.Name] = newLane(e, t.withDefaults(), fail)
	}
	e.lanes = lanes
	return lanes, nil
}

func (e *Engine) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lanes = nil
}

// outlast returns a context that ends some time after ctx has ended.
func outlast(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	release := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return late, func() { release(); cancel() }
}

// Wake tells that there is work for targets, so that they need not wait to
// find it. It never blocks, and a call that goes missing does no harm.
func (e *Engine) Wake(targets []string) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, name := range targets {
		if l := e.lanes[name]; l != nil {
			l.nudge()
		}
	}
}
