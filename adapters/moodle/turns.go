package moodle

import (
	"context"
	"slices"
	"sync"
)

// turns lets one at a time work at a thing: what the records say of an
// enrolment and what Moodle is told must not be overtaken by an older answer.
type turns struct {
	mu    sync.Mutex
	taken map[string]chan struct{}
}

// take waits until none of the keys is taken and takes all of them at once, so
// that two who want some of the same cannot block each other.
func (t *turns) take(ctx context.Context, keys []string) (release func(), err error) {
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for {
		busy := t.tryTake(keys)
		if busy == nil {
			return func() { t.release(keys) }, nil
		}
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// tryTake takes the keys, or returns what is closed when one of them is free.
func (t *turns) tryTake(keys []string) <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, key := range keys {
		if busy := t.taken[key]; busy != nil {
			return busy
		}
	}
	if t.taken == nil {
		t.taken = map[string]chan struct{}{}
	}
	for _, key := range keys {
		t.taken[key] = make(chan struct{})
	}
	return nil
}

func (t *turns) release(keys []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, key := range keys {
		close(t.taken[key])
		delete(t.taken, key)
	}
}
