package sqlite

import (
	"context"
	"fmt"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Settle records what became of leased deliveries.
func (s *Store) Settle(ctx context.Context, settled []journal.Settlement) error {
	var became []journal.Settlement
	err := s.do(ctx, func(t *tx) error {
		became = slices.Clone(settled)
		for i := range became {
			if err := t.settle(&became[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	copy(settled, became)
	return nil
}

// A waiting is a row of the queue, with what is around it.
type waiting struct {
	place
	kind     lis.Kind
	chain    string
	attempts int64
	again    int64
	approved bool
	repeat   bool
	proxied  bool // see run
	hold     journal.Hold
	match    string
	reason   string
	detail   string
	at       int64

	subject
	next   int64 // the first of the others in its chain, 0 when there is none
	wanted bool  // something is parked for it
	pair   *pair
	owner  string // of the target's id, which may be the object itself
}

// settle records a settlement, and corrects it where it became another.
func (t *tx) settle(s *journal.Settlement) error {
	l := t.claim(s.Target, s.Seq, s.Fence)
	if l == nil {
		s.State = ""
		return nil
	}
	w, err := t.leased(l, s.TargetID)
	if w == nil {
		s.State = ""
		return err
	}
	switch s.State {
	case journal.Waiting:
		return t.goOn(s, w)
	case journal.Parked:
		return t.park(s, w, l.stamp)
	case journal.Held:
		return t.holdBack(s, w)
	case journal.Applied:
		if s.Effect == lis.Superseded {
			break
		}
		reason, err := t.learn(s, w)
		if err != nil {
			return err
		}
		if reason != "" {
			s.State, s.Effect, s.Reason = journal.Dead, "", reason
		}
	}
	return t.finish(s, w)
}

// claim checks the fencing number of a lease, and sees to it that the lease
// ends with the transaction. It returns nil when another has it now.
func (t *tx) claim(target string, seq, fence int64) *lease {
	q := t.s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.leases.places[place{target, seq}]
	if l == nil || l.fence != fence || l.settling {
		return nil
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
	return l
}

// waiting finds the row of a change in the queue of a target, or nil.
// targetID is the target's id of the object, "" when it told none.
func (t *tx) waiting(target string, seq int64, targetID string) (*waiting, error) {
	q, err := t.c.query(`SELECT c.kind, r.chain, c.act, c.id, c.new_id FROM change c CROSS JOIN record r ON r.kind = c.kind AND r.id = c.id
		WHERE c.seq = ?`, seq)
	if err != nil {
		return nil, err
	}
	defer q.close()
	if more, err := q.next(); !more {
		return nil, err
	}
	return t.look(chain{target, q.text(0), q.text(1)}, seq, subject{lis.Act(q.text(2)), q.text(3), q.text(4)}, targetID)
}

// leased finds the row that was leased, or nil. What the lease knows saves two
// look-ups; only a rekey may have made its chain part of another since.
func (t *tx) leased(l *lease, targetID string) (*waiting, error) {
	w, err := t.look(l.chain, l.seq, l.subject, targetID)
	if w != nil || err != nil {
		return w, err
	}
	return t.waiting(l.chain.target, l.seq, targetID)
}

// look reads a row of the queue with all that settling it needs: one query is
// cheaper than four.
func (t *tx) look(c chain, seq int64, about subject, targetID string) (*waiting, error) {
	q, err := t.c.query(`SELECT q.attempts, q.again, q.approved,
		(SELECT n.seq FROM queue n WHERE n.target = ?1 AND n.kind = ?2 AND n.chain = ?3 AND n.seq <> ?4 ORDER BY n.seq LIMIT 1),
		EXISTS (SELECT 1 FROM queue p INDEXED BY queue_parent WHERE p.target = ?1 AND p.parent = ?5),
		(SELECT o.id FROM crosswalk o INDEXED BY crosswalk_owner WHERE o.target = ?1 AND o.kind = ?2 AND o.target_id <> '' AND o.gone = 0
			AND o.target_id = iif(?6 = '', x.target_id, ?6) AND iif(o.kind = 'membership', o.id, '') = ''),
		x.seq IS NOT NULL, `+pairColumns+`, q.hold, q.match, q.reason, q.detail, q.at, q.repeat
		FROM queue q LEFT JOIN crosswalk x ON x.target = ?1 AND x.kind = ?2 AND x.id = ?5
		WHERE q.target = ?1 AND q.kind = ?2 AND q.chain = ?3 AND q.seq = ?4`, c.target, c.kind, c.id, seq, about.id, targetID)
	if err != nil {
		return nil, err
	}
	defer q.close()
	if more, err := q.next(); !more {
		return nil, err
	}
	w := &waiting{place: place{c.target, seq}, kind: lis.Kind(c.kind), chain: c.id, subject: about,
		attempts: q.int(0), again: q.int(1), approved: q.bool(2), next: q.int(3), wanted: q.bool(4), owner: q.text(5), repeat: q.bool(17)}
	if q.bool(6) {
		w.pair = readPair(q, 7, w.target, w.kind, w.id)
	}
	if w.hold = journal.Hold(q.text(12)); w.hold != "" {
		w.match, w.reason, w.detail, w.at = q.text(13), q.text(14), q.text(15), q.int(16)
	}
	return w, nil
}

// goOn has a delivery tried again.
func (t *tx) goOn(s *journal.Settlement, w *waiting) error {
	return t.exec(`UPDATE queue SET due = iif(due IS NULL, NULL, ?), attempts = attempts + ?, reason = ?, detail = ?, at = ?,
		parent = NULL, parent_kind = NULL, person = iif(?, NULL, person) WHERE target = ? AND kind = ? AND chain = ? AND seq = ?`,
		max(1, micro(s.Due)), s.Attempts(), s.Reason, s.Detail, micro(s.At), s.State == journal.Parked || s.Act == lis.Drop || s.Attempts() > 0 && !s.Away, w.target, string(w.kind), w.chain, w.seq)
}

// finish takes a delivery out of the queue, writes down what became of it,
// and makes the next of its chain due.
func (t *tx) finish(s *journal.Settlement, w *waiting) error {
	if err := t.leave(s, w); err != nil {
		return err
	}
	return t.wake(w, w.next)
}

func (t *tx) leave(s *journal.Settlement, w *waiting) error {
	if err := t.exec(`DELETE FROM queue WHERE target = ? AND kind = ? AND chain = ? AND seq = ?`, w.target, string(w.kind), w.chain, w.seq); err != nil {
		return err
	}
	by := tally{Balance: journal.Balance{Waiting: -1, Applied: 1}}
	if s.State != journal.Applied {
		by.Balance = journal.Balance{Waiting: -1, Dead: 1}
	}
	if w.removes() {
		by.removals = -1
	}
	t.tally(w.target, w.kind, by)
	return t.exec(`INSERT INTO delivery (seq, target, state, attempts, effect, reason, detail, at, again, mapped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		w.seq, w.target, string(s.State), w.attempts+s.Attempts(), string(s.Effect), s.Reason, s.Detail, micro(s.At), orNull(w.again), pack(s.Mapped))
}

// removes reports whether a row is counted as a removal that waits.
func (w *waiting) removes() bool {
	return w.act == lis.Drop && w.hold == "" && !w.approved && !w.repeat
}

// wake makes a row due when it is now the first of its chain; one that is
// held stays so.
func (t *tx) wake(w *waiting, seq int64) error {
	if seq == 0 {
		return nil
	}
	return t.exec(`UPDATE queue SET due = attempts > 0 WHERE target = ? AND kind = ? AND chain = ? AND seq = ? AND due IS NULL AND hold IS NULL`,
		w.target, string(w.kind), w.chain, seq)
}

// orNull is a number as a column that is NULL for most rows.
func orNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}
