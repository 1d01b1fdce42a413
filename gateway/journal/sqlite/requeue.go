package sqlite

import (
	"context"
	"fmt"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

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
	was, err := t.settled(target, seq)
	if err != nil || was.state != journal.Dead {
		return 0, err
	}
	q, err := t.c.query(`SELECT r.kind, r.chain, c.act FROM change c CROSS JOIN record r ON r.kind = c.kind AND r.id = c.id WHERE c.seq = ?`, seq)
	if err != nil {
		return 0, err
	}
	more, err := q.next()
	w := &waiting{place: place{target, seq}, kind: lis.Kind(q.text(0)), chain: q.text(1), again: was.again, subject: subject{act: lis.Act(q.text(2))}}
	q.close()
	if !more {
		return 0, err
	}
	return 1, t.comeBack(w, was.state)
}

// An ending is what is written down of a delivery that was settled.
type ending struct {
	state journal.State // "" when there is none
	again int64
}

func (t *tx) settled(target string, seq int64) (e ending, err error) {
	q, err := t.c.query(`SELECT state, again FROM delivery WHERE seq = ? AND target = ?`, seq, target)
	if err != nil {
		return e, err
	}
	defer q.close()
	if more, err := q.next(); !more {
		return e, err
	}
	return ending{journal.State(q.text(0)), q.int(1)}, nil
}

// comeBack puts a delivery in its old place in the queue. When it is the
// first there, the one that was first waits behind it.
func (t *tx) comeBack(w *waiting, was journal.State) error {
	by := tally{Balance: journal.Balance{Waiting: 1, Dead: -1}}
	switch was {
	case journal.Applied:
		by.Balance = journal.Balance{Waiting: 1, Applied: -1}
	case "":
		by.Balance = journal.Balance{Waiting: 1, Sent: 1}
	}
	if w.removes() {
		by.removals = 1
	}
	t.tally(w.target, w.kind, by)
	if err := t.exec(`DELETE FROM delivery WHERE seq = ? AND target = ?`, w.seq, w.target); err != nil {
		return err
	}
	if err := t.exec(`UPDATE queue SET due = NULL WHERE target = ? AND kind = ? AND chain = ? AND seq > ?`, w.target, string(w.kind), w.chain, w.seq); err != nil {
		return err
	}
	return t.exec(`INSERT INTO queue (target, kind, chain, seq, due, attempts, reason, detail, at, again, repeat) VALUES (?1, ?2, ?3, ?4,
		iif(EXISTS (SELECT 1 FROM queue WHERE target = ?1 AND kind = ?2 AND chain = ?3 AND seq < ?4), NULL, 0), 0, '', '', 0, ?5, iif(?6, 1, NULL))`,
		w.target, string(w.kind), w.chain, w.seq, orNull(w.again), w.repeat)
}

// Resend puts the newest change of objects in the queue once more.
func (s *Store) Resend(ctx context.Context, target string, objects []lis.Ref) (n int, err error) {
	err = s.do(ctx, func(t *tx) error {
		n = 0
		for _, o := range objects {
			again, err := t.resend(target, o)
			if err != nil {
				return err
			}
			n += again
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("resend to %s: %w", target, err)
	}
	return n, nil
}

func (t *tx) resend(target string, o lis.Ref) (int, error) {
	r, err := t.row(o.Kind, o.ID)
	if err != nil || r == nil {
		return 0, err
	}
	waits, err := t.c.number(`SELECT EXISTS (SELECT 1 FROM queue
		WHERE target = ? AND kind = ? AND chain = ? AND (seq = ? OR hold IS NOT NULL))`, target, string(o.Kind), r.chain, r.seq)
	if err != nil || waits > 0 {
		return 0, err
	}
	was, err := t.settled(target, r.seq)
	if err != nil {
		return 0, err
	}
	w := &waiting{place: place{target, r.seq}, kind: o.Kind, chain: r.chain, again: was.again}
	if drop, err := t.c.number(`SELECT act = 'drop' FROM change WHERE seq = ?`, r.seq); err != nil {
		return 0, err
	} else if drop > 0 {
		w.act, w.repeat = lis.Drop, was.state == journal.Applied
	}
	if was.state != "" {
		w.again++
	}
	return 1, t.comeBack(w, was.state)
}
