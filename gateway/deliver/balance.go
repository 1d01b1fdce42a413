package deliver

import (
	"sync"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/journal"
)

// quietFor is how long a target must have been quiet for its run to be over.
const quietFor = time.Minute

// A tally counts a run: what was settled since the target was last quiet.
type tally struct {
	mu            sync.Mutex
	applied, dead int64
	begun, last   time.Time
}

// count takes a settlement. What is to be tried again is settled later.
func (t *tally) count(s journal.Settlement) {
	if s.State == journal.Waiting {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.begun.IsZero() {
		t.begun = s.At
	}
	t.last = s.At
	if s.State == journal.Dead {
		t.dead++
	} else {
		t.applied++
	}
}

// take returns the counts of a run that is over, and begins anew.
func (t *tally) take(over func(last time.Time) bool) (applied, dead int64, took time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.begun.IsZero() || !over(t.last) {
		return 0, 0, 0, false
	}
	applied, dead, took = t.applied, t.dead, t.last.Sub(t.begun)
	t.applied, t.dead, t.begun, t.last = 0, 0, time.Time{}, time.Time{}
	return applied, dead, took, true
}

// tellRun logs the balance of a run when the target has been quiet for a
// while, or at once when the engine stops.
func (l *lane) tellRun(stopping bool) {
	now := l.engine.now()
	applied, dead, took, ok := l.tally.take(func(last time.Time) bool { return stopping || now.Sub(last) >= quietFor })
	if !ok {
		return
	}
	l.engine.log.Info("run ended", zap.String("target", l.target.Name), zap.Int64("applied", applied),
		zap.Int64("refused", dead), zap.Duration("took", took.Round(time.Millisecond)))
}
