package deliver

import "time"

const (
	mostQueue  = 256                    // changes leased ahead of the workers
	lookAhead  = 500 * time.Millisecond // and for how long they would be busy
	mostAhead  = 20000                  // changes leased ahead where they go in batches
	quickBatch = 2 * time.Second        // a batch that takes longer is leased only when a worker is free for it
)

// room returns how many changes may be leased now.
func (l *lane) room() (n int, probe bool) {
	if open, until := l.breaker.state(); open {
		if l.outstanding.Load() > 0 || l.engine.now().Before(until) {
			return 0, false
		}
		return 1, true // a new one, where there is one; see journal.Store.Lease
	}
	queued, _ := l.queue.len()
	size := l.size()
	if n = size - queued; queued > size/2 || n < 2 {
		return 0, false // a lease of one would get nothing but new ones
	}
	return n, false
}

// size returns how long the queue should be: what keeps the workers busy for
// a short while, since what is leased here is out of reach of others.
func (l *lane) size() int {
	pace := time.Duration(l.pace.Load())
	if rows := l.measure().rows; rows > 1 {
		return l.sizeOfBatches(rows, pace)
	}
	if pace == 0 {
		return 4 * l.target.Workers
	}
	ahead := int(lookAhead * time.Duration(l.target.Workers) / pace)
	return max(2*l.target.Workers, min(ahead, mostQueue))
}

// sizeOfBatches returns the same where changes go in batches: one for each
// worker that is free, and one for each that soon will be.
func (l *lane) sizeOfBatches(rows int, pace time.Duration) int {
	_, batches := l.queue.len()
	if pace > 0 && pace*time.Duration(rows) <= quickBatch {
		batches += l.target.Workers
	}
	return min(rows*batches, max(rows, mostAhead))
}
