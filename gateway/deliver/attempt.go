package deliver

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// patience is how long an attempt may take to return after it was told to.
const patience = time.Second

// errDeserted means that an adapter does not return although its context has ended.
var errDeserted = errors.New("the adapter does not return")

// work applies what is in the queue. What was leased before the target was
// found to be away, or would outlast its lease, or comes after the end of
// ctx, is given back untried.
func (l *lane) work(ctx, cut context.Context, results chan<- settled) {
	for it := range l.queue {
		if len(l.queue) == l.size()/2 {
			l.nudge()
		}
		s, ok := l.try(ctx, cut, it)
		if ok {
			results <- settled{l, s}
		} else {
			l.outstanding.Add(-1) // its lease has to run out
		}
	}
}

// try attempts one change if it may. It is not ok when the attempt was cut
// off by the end and may still be going on: its lease then has to run out.
func (l *lane) try(ctx, cut context.Context, it item) (journal.Settlement, bool) {
	open, _ := l.breaker.state()
	left := it.until.Sub(l.engine.now())
	if ctx.Err() != nil || open && !it.probe || left < l.target.Timeout+leaseLeft {
		return l.untried(it), true
	}
	return l.attempt(cut, it)
}

func (l *lane) attempt(cut context.Context, it item) (journal.Settlement, bool) {
	c, err := content(it.Delivery)
	if err != nil {
		return l.dead(it, err, ""), true
	}
	began := l.engine.now()
	outcome, err := l.call(cut, c)
	if cut.Err() != nil && err != nil && adapters.ClassOf(err) == adapters.Unavailable {
		s := l.untried(it)
		s.Untried = false // it was on its way, and may have arrived
		return s, !errors.Is(err, errDeserted)
	}
	l.note(it, outcome, err, l.engine.now().Sub(began))
	return l.verdict(it, outcome, err), true
}

// content returns the change as adapters want it. What cannot be read today
// cannot be read tomorrow, so it is a refusal.
func content(d journal.Delivery) (lis.Change, error) {
	c := d.Change
	if len(d.Body) == 0 {
		if c.Act == lis.Put {
			return c, &adapters.Error{Class: adapters.Refused, Err: errors.New("the journal has no content for this change")}
		}
		return c, nil
	}
	id := c.Key
	if c.Act == lis.Rekey {
		id = c.NewID
	}
	record, err := lis.UnmarshalRecord(c.Kind, id, d.Body)
	if err != nil {
		return c, &adapters.Error{Class: adapters.Refused, Err: err}
	}
	c.Record = record
	return c, nil
}

// An answer is what an adapter returned.
type answer struct {
	outcome lis.Outcome
	err     error
}

// call has the adapter apply a change, and waits no longer than the timeout
// and a little patience, whether the adapter minds its context or not.
func (l *lane) call(cut context.Context, c lis.Change) (lis.Outcome, error) {
	ctx, cancel := context.WithTimeout(cut, l.target.Timeout)
	defer cancel()
	answers := make(chan answer, 1)
	go func() { answers <- l.apply(ctx, c) }()
	var a answer
	select {
	case a = <-answers:
	case <-ctx.Done():
		a = last(answers)
	}
	if a.err != nil && ctx.Err() != nil && adapters.ClassOf(a.err) == adapters.Unavailable {
		a.err = &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf("no answer within %s: %w", l.target.Timeout, a.err)}
	}
	return a.outcome, a.err
}

// last waits for an answer that should come at once.
func last(answers <-chan answer) answer {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case a := <-answers:
		return a
	case <-timer.C:
		return answer{err: errDeserted}
	}
}

// apply calls the adapter and turns a panic into a refusal: the record that
// brought it about would do so again.
func (l *lane) apply(ctx context.Context, c lis.Change) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			l.engine.log.Error("adapter panicked", zap.String("target", l.target.Name),
				zap.Int64("seq", c.Seq), zap.ByteString("stack", debug.Stack()))
			a = answer{err: &adapters.Error{Class: adapters.Refused, Err: fmt.Errorf("the adapter panicked: %v", p)}}
		}
	}()
	outcome, err := l.target.Adapter.Apply(ctx, c)
	return answer{outcome, err}
}
