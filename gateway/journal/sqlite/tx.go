package sqlite

import (
	"maps"

	"lisgate/gateway/journal"
)

var _ journal.Tx = (*tx)(nil)

// A tx is the transaction of a group of calls, seen by one of them after the
// other.
type tx struct {
	view
	s *Store

	wrote   bool  // the closure in hand has written
	broken  error // the closure in hand met a storage error
	spoiled bool  // nothing of the transaction can be kept

	notes      []note            // messages of the closure in hand
	moved      map[account]tally // what the balance has to be changed by
	onCommit   []func()
	onRollback []func()
}

// exec runs a statement that writes.
func (t *tx) exec(query string, args ...any) error {
	t.wrote = true
	err := t.c.exec(query, args...)
	if err != nil && t.broken == nil {
		t.broken = err
	}
	return err
}

// next gives out a sequence number: the time in microseconds, but never one
// that is not larger than all before, whatever the clock does.
func (t *tx) next() int64 {
	t.s.last = max(t.s.o.Now().UnixMicro(), t.s.last+1)
	return t.s.last
}

// savepoint makes what the next closure does possible to take back. undo
// does that.
func (t *tx) savepoint() (undo func() error, err error) {
	if err := t.c.exec("SAVEPOINT turn"); err != nil {
		return nil, err
	}
	moved, commits, rollbacks := maps.Clone(t.moved), len(t.onCommit), len(t.onRollback)
	return func() error {
		for _, f := range t.onRollback[rollbacks:] {
			f()
		}
		t.moved, t.onCommit, t.onRollback = moved, t.onCommit[:commits], t.onRollback[:rollbacks]
		if err := t.c.exec("ROLLBACK TO turn"); err != nil {
			return err
		}
		return t.release()
	}, nil
}

func (t *tx) release() error { return t.c.exec("RELEASE turn") }
