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

// hints tell people what can be done about a dead letter, where the adapter
// says nothing better.
var hints = map[adapters.Class]string{
	adapters.Refused:     "correct the record at its source, or requeue it once the target would take it",
	adapters.Unsupported: "route this kind of change to another target, or requeue it once the target has a place for it",
	adapters.Unavailable: "requeue it once the target can be reached",
	adapters.Busy:        "requeue it once the target has time",
	adapters.Missing:     "send what it needs first, then requeue it",
}

// matchHint tells people what can be done about what looks the same.
const matchHint = "if the two are one, approve it (lisgate hold approve) and they are linked; if not, drop it and correct the record at its source"

// conclude settles what the stages before it have an answer to.
func (l *lane) conclude(_ way, parcels []*parcel) {
	for _, p := range parcels {
		if p.err == nil {
			p.settle(l.applied(p))
		} else {
			p.settle(l.verdict(p, p.err))
		}
	}
}

// verdict decides what becomes of a change that was not applied: the one
// place that knows what an error class means for the queue.
func (l *lane) verdict(p *parcel, err error) journal.Settlement {
	switch e := classified(err); {
	case e.Class == adapters.Refused && e.Match != "":
		return l.heldForMatch(p, err)
	case e.Class == adapters.Refused || e.Class == adapters.Unsupported:
		if p.Attempts+1 >= l.target.MaxAttempts {
			return l.dead(p.item, err)
		}
		return l.waiting(p.item, err, l.retry(p.item, l.target.FirstDelay))
	case e.Class == adapters.Missing && e.Parent != "":
		return l.orGiveUp(p.item, err, l.parked(p, err))
	case e.Class == adapters.Missing:
		// The parent is often only a moment behind, on another worker.
		return l.orGiveUp(p.item, err, l.waiting(p.item, err, l.retry(p.item, l.target.FirstDelay/10)))
	case e.Class == adapters.Busy:
		s := l.waiting(p.item, err, l.behind(l.engine.now().Add(l.askedFor(e, p.item))))
		s.Away = true
		return l.orGiveUp(p.item, err, s)
	default:
		s := l.waiting(p.item, err, l.behind(l.retry(p.item, l.target.FirstDelay)))
		s.Away = !e.Narrow
		return l.orGiveUp(p.item, err, s)
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

func (l *lane) orGiveUp(it item, err error, s journal.Settlement) journal.Settlement {
	age := l.engine.now().Sub(it.Time)
	if l.target.GiveUpAfter > 0 && age >= l.target.GiveUpAfter {
		return l.dead(it, fmt.Errorf("%w (given up after %s)", err, age.Round(time.Second)))
	}
	return s
}

func (l *lane) applied(p *parcel) journal.Settlement {
	s, o := l.settlement(p.item, journal.Applied), p.outcome
	s.Effect, s.Detail, s.TargetID = o.Effect, clip(o.Detail), o.TargetID
	s.Hash, s.Mapped = p.hash(), p.mapped()
	if s.Effect == "" {
		s.Effect = lis.Applied
	}
	if o.TargetID != "" && o.TargetID != string(p.Key) {
		s.Detail = clip(strings.TrimSpace("known there as " + o.TargetID + ". " + o.Detail))
	}
	return s
}

func (l *lane) waiting(it item, err error, due time.Time) journal.Settlement {
	s := l.settlement(it, journal.Waiting)
	s.Due, s.Reason, s.Detail = due, reason(err, ""), clip(classified(err).Answer)
	return s
}

// parked lets a change wait for its parent. When that is there it is due at
// once; now and then it is tried in any case, should the parent have come in
// another way. Nothing failed, so it does not count as an attempt: what was
// parked for long goes with as many others as what is new.
func (l *lane) parked(p *parcel, err error) journal.Settlement {
	e := classified(err)
	s := l.waiting(p.item, err, l.inAnyCase(p.item))
	s.State, s.Since, s.Untried = journal.Parked, p.began, true
	s.Parent = lis.Ref{Kind: e.ParentKind, ID: e.Parent}
	return s
}

// heldForMatch asks a person whether two objects are one.
func (l *lane) heldForMatch(p *parcel, err error) journal.Settlement {
	s := l.settlement(p.item, journal.Held)
	s.Hold, s.Match = journal.HoldMatch, classified(err).Match
	s.Reason, s.Detail = reason(err, matchHint), clip(classified(err).Answer)
	return s
}

func (l *lane) dead(it item, err error) journal.Settlement {
	e := classified(err)
	l.tellDead(it, e.Class)
	s := l.settlement(it, journal.Dead)
	s.Reason, s.Detail = reason(err, hints[e.Class]), clip(e.Answer)
	return s
}

func (l *lane) tellDead(it item, class adapters.Class) {
	l.engine.log.Warn("dead letter", zap.String("target", l.target.Name), zap.String("class", string(class)),
		zap.String("kind", string(it.Kind)), zap.String("operation", it.Operation), zap.Int64("seq", it.Seq),
		zap.String("see", "/admin/v1/dead?target="+url.QueryEscape(l.target.Name)))
}

// untried gives a change back without an attempt, for whoever comes next, but
// behind what was not on its way yet.
func (l *lane) untried(it item, due time.Time) journal.Settlement {
	s := l.again(it)
	s.Due, s.Untried = due, true
	return s
}

// again gives back what was on its way, and may have arrived.
func (l *lane) again(it item) journal.Settlement {
	s := l.settlement(it, journal.Waiting)
	s.Due, s.Reason = s.At, "not tried to the end; it is tried again"
	return s
}

func (l *lane) settlement(it item, state journal.State) journal.Settlement {
	return journal.Settlement{Target: l.target.Name, Seq: it.Seq, Fence: it.Fence, State: state, At: l.engine.now()}
}

// reason says what went wrong, and what can be done about it: what the
// adapter says, or else the hint.
func reason(err error, hint string) string {
	e, text := classified(err), err.Error()
	if e.Class == adapters.Missing && e.Parent != "" {
		text = fmt.Sprintf("%v (waits for %s)", err, e.Parent)
	}
	if e.Hint != "" {
		hint = e.Hint
	}
	return adapters.Advise(clip(text), clip(hint))
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
