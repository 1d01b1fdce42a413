package deliver

import (
	"sync"
	"time"
)

// tolerated is how many changes in a row may find a target unavailable at
// their first attempt before it is left alone. Fewer would let one bad record
// stop all others; and one that failed before proves nothing by failing again.
const tolerated = 3

// doubted is how many different changes that failed before may fail again, and
// nothing succeed, before the target is left alone all the same: after a
// restart all that waits has failed before.
const doubted = 8

// A breaker leaves a target alone when it cannot be reached or asks for time.
// While it is open nothing is sent but one probe after each pause; only the
// answer to a probe closes it again, because other answers may be to what
// was asked before the trouble began.
type breaker struct {
	delay func(failures int) time.Duration

	mu       sync.Mutex
	open     bool
	until    time.Time      // end of the pause
	failures int            // in a row, while closed
	again    map[int64]bool // changes that failed before and failed again since the last answer, while closed
	pauses   int            // in a row, while open
}

// state returns whether the breaker is open, and the end of its pause.
func (b *breaker) state() (open bool, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open, b.until
}

// answered notes that the target was there, and reports whether that closed
// the breaker.
func (b *breaker) answered(probe bool) (closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open && !probe {
		return false
	}
	closed = b.open
	b.open, b.failures, b.pauses, b.again = false, 0, 0, nil
	return closed
}

// unavailable notes that the target was not there for a change, and reports
// whether a pause begins. before is the change when it had failed before, else 0.
func (b *breaker) unavailable(now time.Time, probe bool, before int64) (paused bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.open && !probe:
		return false // tried before it opened, and known by now
	case b.open:
		b.pauses++
	case before != 0:
		if b.again == nil {
			b.again = map[int64]bool{}
		}
		if b.again[before] = true; len(b.again) < doubted {
			return false
		}
	default:
		if b.failures++; b.failures < tolerated {
			return false
		}
	}
	b.open, b.until = true, later(b.until, now.Add(b.delay(b.pauses)))
	return true
}

// busy notes that the target asked to be left alone until a time.
func (b *breaker) busy(until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open, b.until = true, later(b.until, until)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
