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

// note tells the observer of each change of an attempt, with its share of the
// time, and the breaker of the attempt.
func (l *lane) note(parcels []*parcel, took time.Duration) {
	took /= time.Duration(len(parcels))
	for _, p := range parcels {
		word := string(p.outcome.Effect)
		if p.err != nil {
			word = string(adapters.ClassOf(p.err))
		} else if word == "" {
			word = string(lis.Applied)
		}
		l.engine.observe.Attempted(l.target.Name, word, took)
	}
	l.tell(parcels)
}

// A word is what an attempt says of the target as a whole.
type word struct {
	answered bool          // the target was there for one change at least
	busy     bool          // it asked for time
	after    time.Duration // and how much
	before   int64         // the first change, when every one had failed before
}

// said sums up an attempt. A refusal is an answer too: the target was there.
// So it was where it failed for one change only.
func (l *lane) said(parcels []*parcel) word {
	w := word{before: parcels[0].Seq}
	for _, p := range parcels {
		if p.Attempts == 0 {
			w.before = 0
		}
		switch e := classified(p.err); {
		case p.err == nil || e.Narrow || e.Class != adapters.Unavailable && e.Class != adapters.Busy:
			w.answered = true
		case e.Class == adapters.Busy:
			w.busy, w.after = true, max(w.after, l.askedFor(e, p.item))
		}
	}
	return w
}

// tell tells the breaker.
func (l *lane) tell(parcels []*parcel) {
	now, probe := l.engine.now(), parcels[0].probe
	switch w := l.said(parcels); {
	case w.busy:
		l.breaker.busy(now.Add(w.after))
		l.paused(adapters.Busy, now)
	case w.answered:
		if l.breaker.answered(probe) {
			l.engine.log.Info("target is back", zap.String("target", l.target.Name), zap.Duration("away", l.absence.end(now)))
			l.engine.observe.Paused(l.target.Name, 0)
		}
	case l.breaker.unavailable(now, probe, w.before):
		l.paused(adapters.Unavailable, now)
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
	back        time.Time // end of the last one, or the begin of ours
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

// away reports whether the target is.
func (a *absence) away() bool { return !a.begun().IsZero() }

// ended returns the end of the last one: before it nothing could go.
func (a *absence) ended() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.back
}

// begun returns when it began, the zero time when the target is there.
func (a *absence) begun() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.since
}

// end ends it and returns how long it was.
func (a *absence) end(now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	since := a.since
	a.since, a.back = time.Time{}, now
	if since.IsZero() {
		return 0
	}
	return now.Sub(since)
}
