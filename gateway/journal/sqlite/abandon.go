package sqlite

import (
	"context"
	"fmt"
	"time"

	"lisgate/gateway/journal"
)

// Abandon settles what waits or is parked as Dropped.
func (s *Store) Abandon(ctx context.Context, target string, seqs []int64, why string, at time.Time) (n int, err error) {
	err = s.do(ctx, func(t *tx) error {
		n = 0
		for _, seq := range seqs {
			done, err := t.abandon(place{target, seq}, why, at)
			if err != nil {
				return err
			}
			if done {
				n++
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("abandon for %s: %w", target, err)
	}
	return n, nil
}

func (t *tx) abandon(p place, why string, at time.Time) (bool, error) {
	w, err := t.waiting(p.target, p.seq, "")
	if err != nil || w == nil || w.hold != "" || !t.withdraw(p, at) {
		return false, err
	}
	return true, t.finish(&journal.Settlement{Target: p.target, Seq: p.seq, State: journal.Dropped, Reason: why, At: at, Untried: true}, w)
}

// withdraw sees to it that nobody can lease a row before the transaction ends,
// and reports whether nobody has it now. One whose outcome is in the same
// transaction already is nobody's any more.
func (t *tx) withdraw(p place, at time.Time) bool {
	q := t.s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.leases.places[p]
	if q.leases.promised[p] || l != nil && !l.settling && l.until.After(at) {
		return false
	}
	t.promise(p)
	if l != nil {
		t.onCommit = append(t.onCommit, func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			q.leases.drop(l)
		})
	}
	return true
}

// promise keeps a row from others until the transaction ends. The caller holds
// the lock of the queue.
func (t *tx) promise(p place) {
	q := t.s.queue
	q.leases.promised[p] = true
	end := func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.leases.promised, p)
	}
	t.onCommit, t.onRollback = append(t.onCommit, end), append(t.onRollback, end)
}
