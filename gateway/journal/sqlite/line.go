package sqlite

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"lisgate/gateway/journal"
)

// A call is a closure that waits for its transaction.
type call struct {
	f     func(*tx) error
	taken atomic.Bool // by the writer, or by the caller who gave up: the first wins
	err   error
	panic any
	done  chan struct{}
}

// A line is where calls wait for the writer.
type line struct {
	mu     sync.Mutex
	calls  []*call
	closed bool
	wake   chan struct{}
}

func newLine() *line { return &line{wake: make(chan struct{}, 1)} }

// join puts a call at the end of the line.
func (l *line) join(c *call) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return journal.ErrClosed
	}
	l.calls = append(l.calls, c)
	l.ring()
	return nil
}

func (l *line) ring() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// take waits for calls and returns at most n of them in their order. When the
// line is closed it returns those that are left as refused.
func (l *line) take(n int) (calls, refused []*call, closed bool) {
	<-l.wake
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		refused, l.calls = l.calls, nil
		return nil, refused, true
	}
	if len(l.calls) <= n {
		calls, l.calls = l.calls, nil
		return calls, nil, false
	}
	calls, l.calls = l.calls[:n:n], l.calls[n:]
	l.ring()
	return calls, nil, false
}

// gather lets those who were just answered bring their next calls, so that
// they share the next sync and not the one after. It does not wait: it gives
// way to who can run, as long as that makes the line longer.
func (l *line) gather() {
	for before := -1; ; {
		n := l.len()
		if n == before || n >= groupSize {
			return
		}
		before = n
		runtime.Gosched()
	}
}

func (l *line) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.calls)
}

// close ends the line and reports whether it was open.
func (l *line) close() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	was := !l.closed
	l.closed = true
	l.ring()
	return was
}

// Write runs f in the next transaction and waits for its sync.
func (s *Store) Write(ctx context.Context, f func(journal.Tx) error) error {
	return s.do(ctx, func(t *tx) error { return f(t) })
}

// do sends a closure to the writer. A caller whose context ends before the
// writer took its call goes away; after that it waits for the outcome, so
// that it never reports less than what was kept.
func (s *Store) do(ctx context.Context, f func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &call{f: f, done: make(chan struct{})}
	if err := s.line.join(c); err != nil {
		return err
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		if c.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-c.done
	}
	if c.panic != nil {
		panic(c.panic) // in the goroutine of the one whose closure it was
	}
	return c.err
}
