package deliver

import (
	"math"
	"sync"
)

// A queue holds what is leased ahead of the workers, in order.
type queue struct {
	mu     sync.Mutex
	more   sync.Cond
	items  []item
	idle   int // workers that wait for something
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.more.L = &q.mu
	return q
}

// put adds items, all at once: a worker that waits takes as many as it can.
func (q *queue) put(items ...item) {
	if len(items) == 0 {
		return // who is woken for nothing would ask for more
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, items...)
	q.more.Broadcast()
}

// take waits for items and returns what goes in one call: the first one, and
// those behind it that fit the limits and may go with it. It calls
// hungry when it has to wait, and returns nil when there will be no more.
func (q *queue) take(m measure, hungry func()) (load []item, left int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 && !q.closed {
		q.idle++
		hungry()
		q.wait()
		q.idle--
	}
	if len(q.items) == 0 {
		return nil, 0
	}
	load, q.items = m.part(q.items)
	return load, len(q.items)
}

func (q *queue) wait() {
	for len(q.items) == 0 && !q.closed {
		q.more.Wait()
	}
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.more.Broadcast()
}

// len returns how many wait in the queue, and how many workers wait for some.
func (q *queue) len() (queued, idle int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items), q.idle
}

// A measure is what goes in one call at most; no bytes means any number.
type measure struct{ rows, bytes int }

// How many changes go in one call at most, whatever a target says; fewer where
// each is read back, because that takes a call each.
const (
	mostRows     = 10000
	mostReadBack = 200
)

// measure returns what the target takes in one call: one change, unless it
// is a Batcher.
func (l *lane) measure() measure {
	b, ok := l.target.Adapter.(batcher)
	if !ok || l.target.BatchRows == 1 {
		return measure{rows: 1}
	}
	rows, bytes := b.Limits()
	if l.target.BatchRows > 0 {
		rows = min(rows, l.target.BatchRows)
	}
	if l.target.Verify != nil {
		rows = min(rows, mostReadBack)
	}
	return measure{rows: max(1, min(rows, mostRows)), bytes: max(0, bytes)}
}

// part parts the items in those that go in one call, at least the first, and
// the rest, in order. Those that may not go with the first are passed over: a
// lease mixes what is new with what was tried before.
func (m measure) part(items []item) (load, rest []item) {
	most := m.bytes
	if most == 0 {
		most = math.MaxInt
	}
	var passed []item
	rows, bytes, n := m.share(items[0].Attempts), 0, 0
	for ; n < len(items) && len(load) < rows; n++ {
		if m.share(items[n].Attempts) != rows {
			passed = append(passed, items[n])
			continue
		}
		if bytes += len(items[n].Body); bytes > most && len(load) > 0 {
			break
		}
		load = append(load, items[n])
	}
	clear(items[:n]) // their content is not to be kept
	rest = items[n-len(passed):]
	copy(rest, passed)
	return load, rest
}

// share is how many changes go together that were tried so often. What fails
// again and again goes with fewer each time, and in the end alone: one change
// that makes every call fail must not hold up those that are sent with it.
func (m measure) share(attempts int) int {
	return max(1, m.rows>>(2*min(15, max(0, attempts-1))))
}
