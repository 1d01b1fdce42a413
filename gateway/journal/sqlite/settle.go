package sqlite

import (
	"context"
	"fmt"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Settle records what became of leased deliveries.
func (s *Store) Settle(ctx context.Context, settled []journal.Settlement) error {
	err := s.do(ctx, func(t *tx) error {
		for i := range settled {
			if err := t.settle(&settled[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	return nil
}

// A waiting is a row of the queue.
type waiting struct {
	place
	kind     lis.Kind
	chain    string
	attempts int64
}

func (t *tx) settle(s *journal.Settlement) error {
	if !t.claim(s) {
		return nil
	}
	w, err := t.waiting(s.Target, s.Seq)
	if w == nil {
		return err
	}
	if s.State == journal.Waiting {
		return t.exec(`UPDATE queue SET due = iif(due IS NULL, NULL, ?), attempts = attempts + ?, reason = ?, detail = ?, at = ?
			WHERE target = ? AND kind = ? AND chain = ? AND seq = ?`,
			max(1, micro(s.Due)), s.Attempts(), s.Reason, s.Detail, micro(s.At), w.target, string(w.kind), w.chain, w.seq)
	}
	return t.finish(s, w)
}

// claim checks the fencing number of a settlement, and sees to it that the
// lease ends with the transaction.
func (t *tx) claim(s *journal.Settlement) bool {
	q := t.s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.leases.places[place{s.Target, s.Seq}]
	if l == nil || l.fence != s.Fence || l.settling {
		return false
	}
	l.settling = true
	t.onCommit = append(t.onCommit, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.leases.drop(l)
	})
	t.onRollback = append(t.onRollback, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		l.settling = false
	})
	return true
}

// waiting finds the row of a change in the queue of a target, or nil.
func (t *tx) waiting(target string, seq int64) (*waiting, error) {
	q, err := t.c.query(`SELECT q.kind, q.chain, q.attempts FROM change c CROSS JOIN record r ON r.kind = c.kind AND r.id = c.id
		CROSS JOIN queue q ON q.target = ? AND q.kind = c.kind AND q.chain = r.chain AND q.seq = c.seq WHERE c.seq = ?`, target, seq)
	if err != nil {
		return nil, err
	}
	defer q.close()
	if more, err := q.next(); !more {
		return nil, err
	}
	return &waiting{place{target, seq}, lis.Kind(q.text(0)), q.text(1), q.int(2)}, nil
}

// finish takes a delivery out of the queue, writes down what became of it,
// and makes the next of its chain due.
func (t *tx) finish(s *journal.Settlement, w *waiting) error {
	if err := t.exec(`DELETE FROM queue WHERE target = ? AND kind = ? AND chain = ? AND seq = ?`, w.target, string(w.kind), w.chain, w.seq); err != nil {
		return err
	}
	if err := t.exec(`UPDATE queue SET due = 0 WHERE target = ?1 AND kind = ?2 AND chain = ?3 AND due IS NULL
		AND seq = (SELECT min(seq) FROM queue WHERE target = ?1 AND kind = ?2 AND chain = ?3)`, w.target, string(w.kind), w.chain); err != nil {
		return err
	}
	by := journal.Balance{Waiting: -1, Applied: 1}
	if s.State == journal.Dead {
		by = journal.Balance{Waiting: -1, Dead: 1}
	}
	t.count(w.target, w.kind, by)
	return t.exec(`INSERT INTO delivery (seq, target, state, attempts, effect, reason, detail, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		w.seq, w.target, string(s.State), w.attempts+1, string(s.Effect), s.Reason, s.Detail, micro(s.At))
}

// Requeue makes dead deliveries wait again, before what follows them.
func (s *Store) Requeue(ctx context.Context, target string, seqs []int64) (n int, err error) {
	err = s.do(ctx, func(t *tx) error {
		n = 0
		for _, seq := range seqs {
			again, err := t.requeue(target, seq)
			if err != nil {
				return err
			}
			n += again
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("requeue for %s: %w", target, err)
	}
	return n, nil
}

func (t *tx) requeue(target string, seq int64) (int, error) {
	if err := t.exec(`DELETE FROM delivery WHERE seq = ? AND target = ? AND state = 'dead'`, seq, target); err != nil || t.c.changed() == 0 {
		return 0, err
	}
	q, err := t.c.query(`SELECT r.kind, r.chain FROM change c CROSS JOIN record r ON r.kind = c.kind AND r.id = c.id WHERE c.seq = ?`, seq)
	if err != nil {
		return 0, err
	}
	more, err := q.next()
	kind, chain := q.text(0), q.text(1)
	q.close()
	if !more {
		return 0, err
	}
	return 1, t.comeBack(&waiting{place: place{target, seq}, kind: lis.Kind(kind), chain: chain})
}

// comeBack puts a delivery in its old place in the queue. When it is the
// first there, the one that was first waits behind it.
func (t *tx) comeBack(w *waiting) error {
	if err := t.exec(`UPDATE queue SET due = NULL WHERE target = ? AND kind = ? AND chain = ? AND seq > ?`, w.target, string(w.kind), w.chain, w.seq); err != nil {
		return err
	}
	t.count(w.target, w.kind, journal.Balance{Waiting: 1, Dead: -1})
	return t.exec(`INSERT INTO queue (target, kind, chain, seq, due, attempts, reason, detail, at) VALUES (?1, ?2, ?3, ?4,
		iif(EXISTS (SELECT 1 FROM queue WHERE target = ?1 AND kind = ?2 AND chain = ?3 AND seq < ?4), NULL, 0), 0, '', '', 0)`,
		w.target, string(w.kind), w.chain, w.seq)
}
