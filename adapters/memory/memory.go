// Package memory is an adapter that keeps records in memory: the well-behaved
// system that the demo and the tests deliver to, and the ill-behaved one as
// well, when it is told to be.
package memory

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Batcher = (*Adapter)(nil)
	_ adapters.Lister  = (*Adapter)(nil)
	_ adapters.Reader  = (*Adapter)(nil)
)

// An Adapter is a system in memory. Its fields say how it misbehaves and are
// set before its first use; the zero Adapter behaves. Records that go in or
// come out are shared and must not be altered.
type Adapter struct {
	Kinds   []lis.Kind    // what it has a place for; empty for all
	Strict  bool          // a record whose parents are not there is Missing one
	Latency time.Duration // how long each Apply takes, and each ApplyAll

	// BatchRows is how many changes it takes in one call; zero for no batches.
	BatchRows int

	// Fail is asked first; the change is not carried out when it returns an error.
	Fail func(lis.Change) error
	// Hang reports whether to give no answer at all, until ctx ends.
	Hang func(lis.Change) bool
	// Lose is asked after the change was carried out; its error is returned
	// in place of the outcome, as when a connection breaks at the wrong moment.
	Lose func(lis.Change) error

	mu      sync.Mutex
	closed  bool
	records map[object]*lis.Record
	newest  map[object]int64 // Seq of the newest change, of objects that are gone too
	done    map[string]bool  // changes by ID
	effects []Effect
}

// An object is the name of a record.
type object struct {
	kind lis.Kind
	id   lis.SourcedID
}

// An Effect is a change that altered something here.
type Effect struct {
	ID   string // of the change
	Seq  int64
	Act  lis.Act
	Kind lis.Kind
	Key  lis.SourcedID
}

// Apply carries out a change once, whatever number of times it is called.
func (a *Adapter) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	if err := a.respond(ctx, c); err != nil {
		return lis.Outcome{}, err
	}
	if err := a.fail(c); err != nil {
		return lis.Outcome{}, err
	}
	return a.carryOut(c)
}

func (a *Adapter) carryOut(c lis.Change) (lis.Outcome, error) {
	outcome, err := a.apply(c)
	if err != nil {
		return lis.Outcome{}, err
	}
	if a.Lose != nil {
		if err := a.Lose(c); err != nil {
			return lis.Outcome{}, err
		}
	}
	return outcome, nil
}

func (a *Adapter) fail(c lis.Change) error {
	if a.Fail == nil {
		return nil
	}
	return a.Fail(c)
}

func (a *Adapter) wait(ctx context.Context) error {
	if a.Latency == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(a.Latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Check fails after Close only.
func (a *Adapter) Check(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return errClosed
	}
	if err := ctx.Err(); err != nil {
		return &adapters.Error{Class: adapters.Unavailable, Err: err}
	}
	return nil
}

// Close makes every later call fail; what was kept can still be looked at
// with Effects.
func (a *Adapter) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	return nil
}

// Effects returns the changes that altered something, in order.
func (a *Adapter) Effects() []Effect {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.effects)
}

var errClosed = &adapters.Error{Class: adapters.Unavailable, Err: errors.New("the adapter is closed")}
