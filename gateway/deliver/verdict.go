package deliver

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// hints tell people what can be done about a dead letter.
var hints = map[adapters.Class]string{
	adapters.Refused:     "correct the record at its source, or requeue it once the target would take it",
	adapters.Unsupported: "route this kind of change to another target, or requeue it once the target has a place for it",
	adapters.Unavailable: "requeue it once the target can be reached",
	adapters.Busy:        "requeue it once the target has time",
	adapters.Missing:     "send what it needs first, then requeue it",
}

// verdict decides what becomes of a change after an attempt: the one place
// that knows what an error class means for the queue.
func (l *lane) verdict(it item, outcome lis.Outcome, err error) journal.Settlement {
	if err == nil {
		return l.applied(it, outcome)
	}
	switch e := classified(err); e.Class {
	case adapters.Refused, adapters.Unsupported:
		if it.Attempts+1 >= l.target.MaxAttempts {
			return l.dead(it, err, e.Answer)
		}
		return l.waiting(it, err, e.Answer, l.retry(it, l.target.FirstDelay))
	case adapters.Missing:
		// The parent is often only a moment behind, on another worker.
		return l.orGiveUp(it, err, e.Answer, l.retry(it, l.target.FirstDelay/10))
	case adapters.Busy:
		return l.orGiveUp(it, err, e.Answer, l.behind(l.engine.now().Add(l.askedFor(e, it))))
	default:
		return l.orGiveUp(it, err, e.Answer, l.behind(l.retry(it, l.target.FirstDelay)))
	}
}

// classified returns the error with its class; one without is Unavailable.
func classified(err error) *adapters.Error {
	var e *adapters.Error
	if errors.As(err, &e) {
		return e
	}
	return &adapters.Error{Class: adapters.Unavailable, Err: err}
}

// retry returns when a change is to be tried again.
func (l *lane) retry(it item, first time.Duration) time.Time {
	seed := uint64(it.Seq) + uint64(it.Attempts)<<56
	return l.engine.now().Add(backoff(first, l.target.MaxDelay, it.Attempts, seed))
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

func (l *lane) orGiveUp(it item, err error, detail string, due time.Time) journal.Settlement {
	age := l.engine.now().Sub(it.Time)
	if l.target.GiveUpAfter > 0 && age >= l.target.GiveUpAfter {
		return l.dead(it, fmt.Errorf("%w (given up after %s)", err, age.Round(time.Second)), detail)
	}
	return l.waiting(it, err, detail, due)
}

func (l *lane) applied(it item, o lis.Outcome) journal.Settlement {
	s := l.settlement(it, journal.Applied)
	s.Effect, s.Detail = o.Effect, clip(o.Detail)
	if s.Effect == "" {
		s.Effect = lis.Applied
	}
	if o.TargetID != "" && o.TargetID != string(it.Key) {
		s.Detail = clip(strings.TrimSpace("known there as " + o.TargetID + ". " + o.Detail))
	}
	return s
}

func (l *lane) waiting(it item, err error, detail string, due time.Time) journal.Settlement {
	s := l.settlement(it, journal.Waiting)
	s.Due, s.Reason, s.Detail = due, clip(reason(err)), clip(detail)
	return s
}

func (l *lane) dead(it item, err error, detail string) journal.Settlement {
	class := classified(err).Class
	l.engine.log.Warn("dead letter", zap.String("target", l.target.Name), zap.String("class", string(class)),
		zap.String("kind", string(it.Kind)), zap.String("operation", it.Operation), zap.Int64("seq", it.Seq),
		zap.String("see", "/admin/v1/dead?target="+url.QueryEscape(l.target.Name)))
	s := l.settlement(it, journal.Dead)
	s.Reason, s.Detail = clip(reason(err))+"; "+hints[class], clip(detail)
	return s
}

// untried gives a change back: it is due now, for whoever comes next, but
// behind what was not on its way yet.
func (l *lane) untried(it item) journal.Settlement {
	s := l.settlement(it, journal.Waiting)
	s.Due, s.Reason, s.Untried = s.At, "not tried to the end; it is tried again", true
	return s
}

func (l *lane) settlement(it item, state journal.State) journal.Settlement {
	return journal.Settlement{Target: l.target.Name, Seq: it.Seq, Fence: it.Fence, State: state, At: l.engine.now()}
}

func reason(err error) string {
	if e := classified(err); e.Class == adapters.Missing && e.Parent != "" {
		return fmt.Sprintf("%v (waits for %s)", err, e.Parent)
	}
	return err.Error()
}

// clip keeps what people will read of a long text: a target may answer with
// a whole page.
func clip(s string) string {
	const most = 2000
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
