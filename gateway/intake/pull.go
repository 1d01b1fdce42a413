package intake

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

// ErrUnderWay is returned by Pull when the feed is being pulled already.
var ErrUnderWay = errors.New("a pull is under way; wait for its end")

// Pull asks a source now, and returns when all that it has to say is on disk.
// The report is there after an error too, and counts what came before it.
func (in *Intake) Pull(ctx context.Context, name string) (*Report, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	f, err := in.find(name)
	if err != nil {
		return nil, err
	}
	turn := in.turn(name)
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	default:
		return nil, fmt.Errorf("pull %s: %w", name, ErrUnderWay)
	}
	return in.pull(ctx, f)
}

// A pull is one Pull under way.
type pull struct {
	*Intake
	feed   *feed
	kept   state // as it is on disk
	ahead  state // as it is with what is in the batch
	report *Report

	lists   bool // it said a list, or a part of one
	came    bool // a list ended, or what came was taken before
	batch   []entry
	unheard []adapters.Rejection // that the source has not been told of yet
}

func (in *Intake) pull(ctx context.Context, f *feed) (*Report, error) {
	p, err := in.begin(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("pull %s: %w", f.Name, err)
	}
	from := p.kept.Cursor
	if err = p.read(ctx); err == nil {
		err = p.removals(ctx)
	}
	p.report.More = err == nil && p.kept.Cursor != from && !p.lists && p.report.Total().Read > 0
	if err = p.end(ctx, err); err != nil {
		err = fmt.Errorf("pull %s: %w", f.Name, err)
	}
	return p.report, err
}

// begin gives the pull its run, which no other pull has, even after a crash.
func (in *Intake) begin(ctx context.Context, f *feed) (*pull, error) {
	p := &pull{Intake: in, feed: f}
	err := in.store.Write(ctx, func(tx journal.Tx) error {
		j, err := tx.Job(jobOf(f.Name))
		if err != nil {
			return err
		}
		if p.kept, err = readState(j); err != nil {
			return err
		}
		p.kept.Run++
		return p.kept.put(tx, f.Name, in.now())
	})
	p.ahead = p.kept.clone()
	p.report = &Report{Feed: f.Name, Run: p.kept.Run, Began: in.now(), Counts: map[lis.Kind]*Counts{}}
	return p, err
}

// end notes how the pull ended. A stop of the gateway is no trouble.
func (p *pull) end(ctx context.Context, trouble error) error {
	p.report.Ended = p.now()
	p.tell(trouble)
	if trouble != nil && ctx.Err() != nil {
		return trouble
	}
	s := p.kept.clone()
	if trouble != nil {
		s.Counts, s.Rejected, s.Useless = p.report.Counts, p.report.Rejected, false
		s.LastTrouble, s.TroubleAt = words(trouble), p.report.Ended
	} else {
		s.judge(p)
	}
	err := p.store.Write(ctx, func(tx journal.Tx) error { return s.put(tx, p.feed.Name, p.report.Ended) })
	return errors.Join(trouble, err)
}

// tell logs how the pull ended: numbers only, because a source's rows are
// about people.
func (p *pull) tell(trouble error) {
	t := p.report.Total()
	fields := []zap.Field{zap.String("feed", p.feed.Name), zap.Int64("run", p.report.Run), zap.Int64("read", t.Read),
		zap.Int64("changed", t.Changed), zap.Int64("unchanged", t.Unchanged), zap.Int64("removed", t.Removed),
		zap.Int64("refused", t.Refused), zap.Int64("held", t.Held), zap.Duration("took", p.report.Ended.Sub(p.report.Began))}
	if trouble != nil {
		p.log.Warn("pull failed", append(fields, zap.String("class", string(adapters.ClassOf(trouble))), zap.Error(trouble))...)
		return
	}
	if t.useless() {
		p.log.Warn("nothing of what was pulled can be used", fields...)
		return
	}
	p.log.Info("pulled", fields...)
}

// read has the source say what is new. What came before an error is kept.
func (p *pull) read(ctx context.Context) error {
	err := p.stream(ctx)
	var ours *keeping
	if err != nil && (errors.As(err, &ours) || ctx.Err() != nil) {
		return err
	}
	return errors.Join(err, p.flush(ctx))
}

// keeping is an error in keeping what was read, or in telling the source so:
// after it there is no more to be kept.
type keeping struct{ err error }

func (k *keeping) Error() string { return k.err.Error() }
func (k *keeping) Unwrap() error { return k.err }

// stream takes item by item. A source that panics is one that cannot be
// reached; the next pull goes on from the cursor.
func (p *pull) stream(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			p.log.Error("source panicked", zap.String("feed", p.feed.Name), zap.ByteString("stack", debug.Stack()))
			err = &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf("the source panicked: %v", r)}
		}
	}()
	listening, silent, done := patience(ctx, p.feed.Timeout)
	defer done()
	for item, err := range p.feed.Source.Pull(listening, p.kept.Cursor) {
		silent.Stop()
		if err != nil {
			return heard(listening, err)
		}
		p.take(item)
		if len(p.batch) >= p.feed.Batch {
			if err := p.flush(ctx); err != nil {
				return err
			}
		}
		silent.Reset(p.feed.Timeout)
	}
	return heard(listening, nil)
}

// patience returns a context that ends when its timer is not reset in time.
func patience(ctx context.Context, d time.Duration) (context.Context, *time.Timer, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	t := time.AfterFunc(d, func() {
		cancel(&adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf("the source said nothing for %s", d),
			Hint: "see whether it works, or give the feed a longer timeout"})
	})
	return ctx, t, func() {
		t.Stop()
		cancel(nil)
	}
}

// heard is the error of a stream: that of our own patience, when it ended. A
// source that just stops when it is told to has not said all.
func heard(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
