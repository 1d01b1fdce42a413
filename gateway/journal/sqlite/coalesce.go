package sqlite

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Coalesce replaces leased deliveries by the newest that wait behind them.
func (s *Store) Coalesce(ctx context.Context, leased []journal.Delivery, at time.Time) (now []journal.Delivery, err error) {
	err = s.do(ctx, func(t *tx) error {
		now = slices.Clone(leased)
		for i := range leased {
			if err := t.coalesce(&now[i], at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("coalesce: %w", err)
	}
	return now, nil
}

func (t *tx) coalesce(d *journal.Delivery, at time.Time) error {
	if !t.s.queue.has(d.Target, d.Seq, d.Fence) {
		return nil
	}
	w, err := t.waiting(d.Target, d.Seq, "")
	if w == nil {
		return err
	}
	run, err := t.run(w)
	if err != nil {
		return err
	}
	if run = notProxied(d, w, run); len(run) == 0 {
		return nil
	}
	old := t.claim(d.Target, d.Seq, d.Fence)
	if old == nil {
		return nil
	}
	last, err := t.replace(w, run, at)
	if err != nil {
		return err
	}
	*d, err = readDelivery(t.c, t.s.instance, t.handOver(old, last))
	return err
}

// notProxied leaves of a run what may go in the place of a delivery whose object
// the target may know by an identifier of its own only.
func notProxied(d *journal.Delivery, w *waiting, run []*waiting) []*waiting {
	if w.pair != nil && !w.pair.Gone {
		return run
	}
	if journal.Proxied(&d.Change) {
		return nil
	}
	if i := slices.IndexFunc(run, func(n *waiting) bool { return n.proxied }); i >= 0 {
		return run[:i]
	}
	return run
}

// handOver gives a lease that ends with the transaction to another row.
func (t *tx) handOver(old *lease, to *waiting) *lease {
	q := t.s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	n := &lease{chain: chain{to.target, string(to.kind), to.chain}, seq: to.seq, fence: q.leases.fence(), until: old.until, stamp: old.stamp}
	t.onCommit = append(t.onCommit, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.leases.put(n)
	})
	t.promise(to.place) // until the lease is put
	return n
}

// has reports whether a lease is still the one of a fencing number.
func (q *queue) has(target string, seq, fence int64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.leases.places[place{target, seq}]
	return l != nil && l.fence == fence && !l.settling
}

// run returns what may go in the place of a row: those behind it in its chain
// that are of the same object, up to a rekey, what is held, and what a person
// let through, which is not passed over.
func (t *tx) run(w *waiting) (run []*waiting, err error) {
	if w.approved || w.act == lis.Rekey || w.next == 0 {
		return nil, nil
	}
	q, err := t.c.query(`SELECT q.seq, q.attempts, q.again, q.approved, q.repeat, c.act, c.id = ? AND q.hold IS NULL,
		c.created, c.operation FROM queue q CROSS JOIN change c ON c.seq = q.seq
		WHERE q.target = ? AND q.kind = ? AND q.chain = ? AND q.seq > ? ORDER BY q.seq`, w.id, w.target, string(w.kind), w.chain, w.seq)
	if err != nil {
		return nil, err
	}
	defer q.close()
	for {
		more, err := q.next()
		if !more {
			return run, err
		}
		n := &waiting{place: place{w.target, q.int(0)}, kind: w.kind, chain: w.chain, attempts: q.int(1), again: q.int(2), approved: q.bool(3), repeat: q.bool(4), subject: subject{act: lis.Act(q.text(5))}}
		n.proxied = journal.Proxied(&lis.Change{Kind: w.kind, Created: q.bool(7), Operation: q.text(8)})
		if !q.bool(6) || n.act == lis.Rekey {
			return run, nil
		}
		if run = append(run, n); n.approved {
			return run, nil
		}
	}
}

// replace settles a row and all of the run behind it but the last, which
// takes its place and is returned.
func (t *tx) replace(w *waiting, run []*waiting, at time.Time) (last *waiting, err error) {
	last = run[len(run)-1]
	for _, old := range append([]*waiting{w}, run[:len(run)-1]...) {
		if err := t.leave(superseded(old, at), old); err != nil {
			return nil, err
		}
	}
	if w.next < w.seq { // one that was requeued goes before both
		return last, nil
	}
	return last, t.wake(w, last.seq)
}
