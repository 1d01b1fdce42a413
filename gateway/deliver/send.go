package deliver

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// patience is how long an attempt may take to return after it was told to.
const patience = time.Second

// errDeserted means that an adapter does not return although its context has ended.
var errDeserted = errors.New("the adapter does not return")

type batcher = adapters.Batcher

// An answer is what an adapter returned for one change.
type answer struct {
	outcome lis.Outcome
	err     error
}

// send has the adapter apply the changes, in the order in which they may
// depend on each other.
func (l *lane) send(w way, parcels []*parcel) {
	slices.SortStableFunc(parcels, byDependency)
	l.attempt(w, parcels)
}

// attempt makes one call of the adapter, and more when it refused a whole
// batch: then it is halved until the row that is to blame stands alone.
func (l *lane) attempt(w way, parcels []*parcel) {
	began := l.engine.now()
	for i, a := range l.call(w.cut, parcels) {
		parcels[i].outcome, parcels[i].err, parcels[i].tried = a.outcome, a.err, true
	}
	l.note(parcels, l.engine.now().Sub(began))
	if w.cut.Err() != nil {
		l.cutOff(parcels)
		return
	}
	l.bisect(w, parcels)
}

// cutOff settles what was on its way when the engine ended, and may have
// arrived.
func (l *lane) cutOff(parcels []*parcel) {
	for _, p := range parcels {
		if p.err == nil || adapters.ClassOf(p.err) != adapters.Unavailable {
			continue
		}
		if p.lost = errors.Is(p.err, errDeserted); !p.lost {
			p.settle(l.again(p.item))
		}
	}
}

// call has the adapter apply changes, and waits no longer than the timeout
// and a little patience, whether the adapter minds its context or not.
func (l *lane) call(cut context.Context, parcels []*parcel) []answer {
	ctx, cancel := context.WithTimeout(cut, l.target.Timeout)
	defer cancel()
	changes := make([]lis.Change, len(parcels))
	for i, p := range parcels {
		changes[i] = p.change
	}
	came := make(chan []answer, 1)
	go func() { came <- l.apply(ctx, changes) }()
	var answers []answer
	select {
	case answers = <-came:
	case <-ctx.Done():
		answers = last(came, len(changes))
	}
	if ctx.Err() != nil {
		l.late(answers)
	}
	return answers
}

// last waits for answers that should come at once.
func last(came <-chan []answer, n int) []answer {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case answers := <-came:
		return answers
	case <-timer.C:
		return all(n, errDeserted)
	}
}

// late says of what was not answered that the time was over.
func (l *lane) late(answers []answer) {
	for i := range answers {
		if err := answers[i].err; err != nil && adapters.ClassOf(err) == adapters.Unavailable {
			answers[i].err = &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf("no answer within %s: %w", l.target.Timeout, err)}
		}
	}
}

func all(n int, err error) []answer { return slices.Repeat([]answer{{err: err}}, n) }

// apply calls the adapter and turns a panic into a refusal: the record that
// brought it about would do so again.
func (l *lane) apply(ctx context.Context, changes []lis.Change) (answers []answer) {
	defer func() {
		if p := recover(); p != nil {
			l.panicked(changes[0].Seq)
			answers = all(len(changes), &adapters.Error{Class: adapters.Refused, Whole: true, Err: fmt.Errorf("the adapter panicked: %v", p)})
		}
	}()
	if len(changes) == 1 {
		outcome, err := l.target.Adapter.Apply(ctx, changes[0])
		return []answer{{outcome, err}}
	}
	outcomes, errs := l.target.Adapter.(batcher).ApplyAll(ctx, changes)
	return pair(outcomes, errs, len(changes))
}

// pair puts outcomes and errors together. A change for which there is neither
// was not carried out.
func pair(outcomes []lis.Outcome, errs []error, n int) []answer {
	answers := make([]answer, n)
	for i := range answers {
		if i < len(errs) {
			answers[i].err = errs[i]
		}
		switch {
		case i < len(outcomes):
			answers[i].outcome = outcomes[i]
		case answers[i].err == nil:
			answers[i].err = errors.New("the adapter says nothing of this change")
		}
	}
	return answers
}

func (l *lane) panicked(seq int64) {
	l.engine.log.Error("adapter panicked", zap.String("target", l.target.Name),
		zap.Int64("seq", seq), zap.ByteString("stack", debug.Stack()))
}
