package deliver

import (
	"sync"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// An Observer counts what happens. Its methods are called often and at the
// same time from many goroutines.
type Observer interface {
	// Attempted tells of an attempt: its outcome is "applied", "unchanged"
	// or the class of the error.
	Attempted(target, outcome string, took time.Duration)
	// Paused tells that a target is left alone for a while, or with zero
	// that it is not, or not any more. Each target begins with zero.
	Paused(target string, pause time.Duration)
}

type blind struct{}

func (blind) Attempted(string, string, time.Duration) {}
func (blind) Paused(string, time.Duration)            {}

// note tells the observer, the breaker and the pace of an attempt.
func (l *lane) note(it item, outcome lis.Outcome, err error, took time.Duration) {
	l.pace.Store((l.pace.Load()*7 + int64(took) + 8) / 8)
	word := string(outcome.Effect)
	if err != nil {
		word = string(adapters.ClassOf(err))
	} else if word == "" {
		word = string(lis.Applied)
	}
	l.engine.observe.Attempted(l.target.Name, word, took)
	l.tell(it, err)
}

// tell tells the breaker. A refusal is an answer too: the target was there.
func (l *lane) tell(it item, err error) {
	now := l.engine.now()
	switch e := classified(err); {
	case err == nil || e.Class == adapters.Refused || e.Class == adapters.Unsupported || e.Class == adapters.Missing:
		if l.breaker.answered(it.probe) {
			l.engine.log.Info("target is back", zap.String("target", l.target.Name), zap.Duration("away", l.absence.end(now)))
			l.engine.observe.Paused(l.target.Name, 0)
		}
	case e.Class == adapters.Busy:
		l.breaker.busy(now.Add(l.askedFor(e, it)))
		l.paused(e.Class, now)
	case l.breaker.unavailable(now, it.probe, it.Attempts > 0):
		l.paused(e.Class, now)
	}
}

// remindAfter is how often the log tells of a target that stays away.
const remindAfter = time.Minute

// paused tells of a pause: the log of the first, and then now and then.
func (l *lane) paused(why adapters.Class, now time.Time) {
	_, until := l.breaker.state()
	fields := []zap.Field{zap.String("target", l.target.Name), zap.String("class", string(why)), zap.Duration("pause", until.Sub(now))}
	switch away, remind := l.absence.note(now); {
	case away == 0 && remind:
		l.engine.log.Warn("target is left alone for a while", fields...)
	case remind:
		l.engine.log.Warn("target is still away", append(fields, zap.Duration("away", away))...)
	}
	l.engine.observe.Paused(l.target.Name, until.Sub(now))
}

// An absence is the time from the first pause of a target to its return.
type absence struct {
	mu          sync.Mutex
	since, told time.Time
}

// note notes a pause. It returns how long the target has been away, and
// whether that is to be told.
func (a *absence) note(now time.Time) (away time.Duration, remind bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.since.IsZero() {
		a.since = now
	} else if now.Sub(a.told) < remindAfter {
		return now.Sub(a.since), false
	}
	a.told = now
	return now.Sub(a.since), true
}

// end ends it and returns how long it was.
func (a *absence) end(now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	since := a.since
	a.since = time.Time{}
	if since.IsZero() {
		return 0
	}
	return now.Sub(since)
}
