package deliver

import (
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
	// that it is not any more.
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
			l.engine.log.Info("target is back", zap.String("target", l.target.Name))
			l.engine.observe.Paused(l.target.Name, 0)
		}
	case e.Class == adapters.Busy:
		l.breaker.busy(now.Add(l.askedFor(e, it)))
		l.paused(e.Class, now)
	case l.breaker.unavailable(now, it.probe, it.Attempts > 0):
		l.paused(e.Class, now)
	}
}

func (l *lane) paused(why adapters.Class, now time.Time) {
	_, until := l.breaker.state()
	l.engine.log.Warn("target is left alone for a while", zap.String("target", l.target.Name),
		zap.String("class", string(why)), zap.Duration("pause", until.Sub(now)))
	l.engine.observe.Paused(l.target.Name, until.Sub(now))
}
