package deliver

import (
	"math"
	"time"

	"lisgate/adapters"
)

// retry returns when a change is to be tried again.
func (l *lane) retry(it item, first time.Duration) time.Time {
	seed := uint64(it.Seq) + uint64(it.Attempts)<<56
	return l.engine.now().Add(backoff(first, max(first, l.target.MaxDelay), it.Attempts, seed))
}

// inAnyCase returns when what is parked is to be tried in any case: the older
// it is, the later. There is no hurry, and what waits for people who never
// come may be a whole term: from a minute to an hour, as delays usually are.
func (l *lane) inAnyCase(it item) time.Time {
	now, first := l.engine.now(), max(60*l.target.FirstDelay, 5*time.Second)
	age := max(0, now.Sub(it.Time))
	doubled := int(math.Round(math.Log2(float64(age)/float64(first) + 1)))
	return now.Add(backoff(first, max(first, 12*l.target.MaxDelay), doubled, uint64(it.Seq)+uint64(doubled)<<56))
}

// askedFor returns how long a busy target is to be left alone.
func (l *lane) askedFor(e *adapters.Error, it item) time.Duration {
	if e.After > 0 {
		return e.After
	}
	return backoff(l.target.FirstDelay, l.target.MaxDelay, it.Attempts, uint64(it.Seq))
}

// behind puts a change behind the target's pause, so that the next probe is
// another change: one that always fails must not keep the breaker open.
func (l *lane) behind(due time.Time) time.Time {
	if open, until := l.breaker.state(); open {
		return later(due, until.Add(l.target.FirstDelay))
	}
	return due
}
