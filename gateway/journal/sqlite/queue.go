package sqlite

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"lisgate/gateway/journal"
)

// A queue hands out deliveries. It reads over a connection of its own, so
// that it never stands in the way of the writer.
type queue struct {
	reading sync.Mutex // guards conn
	conn    *conn
	mine    string // the instance of the store
	stamp   *atomic.Int64
	opened  int64 // the newest change when the store was opened

	mu     sync.Mutex
	leases leases
}

func newQueue(file string, stamp *atomic.Int64) (*queue, error) {
	c, err := dial(file, readOnly, tuning...)
	if err != nil {
		return nil, err
	}
	mine, err := instance(c)
	return &queue{conn: c, mine: mine, stamp: stamp, leases: newLeases()}, err
}

func (q *queue) close() error {
	q.reading.Lock()
	defer q.reading.Unlock()
	err := q.conn.close()
	q.conn = nil
	return err
}

// A head is the first delivery of its chain.
type head struct {
	chain    chain
	seq, due int64
}

// Lease hands out what is due. Half of it is what was never given back, which
// has the first place, and half what was, so that neither keeps the other
// waiting for ever when the limit is two or more.
//
// It reads the queue after it has looked at the leases, and a lease goes only
// after its outcome is committed: what the read does not know to be settled,
// the leases know to be on its way.
func (s *Store) Lease(ctx context.Context, target string, limit int, now, until time.Time) ([]journal.Delivery, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	d, err := s.queue.lease(target, limit, now, until)
	if err != nil {
		return nil, fmt.Errorf("lease for %s: %w", target, err)
	}
	return d, nil
}

func (q *queue) lease(target string, limit int, now, until time.Time) ([]journal.Delivery, error) {
	q.reading.Lock()
	defer q.reading.Unlock()
	if q.conn == nil {
		return nil, journal.ErrClosed
	}
	if err := q.conn.exec("BEGIN"); err != nil {
		return nil, err
	}
	defer func() { _ = q.conn.exec("COMMIT") }() // it only read
	taken, err := q.take(target, limit, now, until)
	if err != nil {
		return nil, err
	}
	deliveries, err := q.fetch(taken)
	if err != nil {
		q.free(taken)
	}
	return deliveries, err
}

func (q *queue) free(taken []*lease) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, l := range taken {
		q.leases.drop(l)
	}
}

// take chooses deliveries and leases them.
func (q *queue) take(target string, limit int, now, until time.Time) ([]*lease, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	again, err := q.heads(target, limit, 1, now)
	if err != nil {
		return nil, err
	}
	fresh, err := q.heads(target, limit, 0, now)
	if err != nil {
		return nil, err
	}
	var taken []*lease
	for len(taken) < limit && len(again)+len(fresh) > 0 {
		if len(fresh) == 0 || len(again) > 0 && len(taken)%2 == 1 {
			fresh, again = again, fresh
		}
		l := &lease{chain: fresh[0].chain, seq: fresh[0].seq, fence: q.leases.fence(), until: until, stamp: q.stamp.Load()}
		l.unsure = l.seq <= q.opened || q.leases.places[place{target, l.seq}] != nil
		q.leases.put(l)
		taken, fresh = append(taken, l), fresh[1:]
	}
	return taken, nil
}

// heads returns at most limit heads that are due and free; those that were
// tried before when from is 1, the others when it is 0.
func (q *queue) heads(target string, limit int, from int64, now time.Time) ([]head, error) {
	upto := int64(0)
	if from > 0 {
		upto = micro(now)
	}
	rows, err := q.conn.query(`SELECT kind, chain, seq, due FROM queue WHERE target = ? AND due BETWEEN ? AND ? ORDER BY due, seq`, target, from, upto)
	if err != nil {
		return nil, err
	}
	defer rows.close()
	var heads []head
	for len(heads) < limit {
		more, err := rows.next()
		if !more {
			return heads, err
		}
		h := head{chain{target, rows.text(0), rows.text(1)}, rows.int(2), rows.int(3)}
		if q.leases.free(h.chain, now) && !q.leases.promised[place{target, h.seq}] {
			heads = append(heads, h)
		}
	}
	return heads, nil
}

// fetch reads what was leased.
func (q *queue) fetch(taken []*lease) ([]journal.Delivery, error) {
	deliveries := make([]journal.Delivery, 0, len(taken))
	for _, l := range taken {
		d, err := readDelivery(q.conn, q.mine, l)
		if err != nil {
			return nil, err
		}
		deliveries = append(deliveries, d)
	}
	return deliveries, nil
}

// NextDue returns when the earliest waiting change of a target is due.
func (s *Store) NextDue(ctx context.Context, target string) (due time.Time, ok bool, err error) {
	if err := ctx.Err(); err != nil {
		return due, false, err
	}
	if due, ok, err = s.queue.next(target); err != nil {
		return due, false, fmt.Errorf("read next due of %s: %w", target, err)
	}
	return due, ok, nil
}

func (q *queue) next(target string) (due time.Time, ok bool, err error) {
	q.reading.Lock()
	defer q.reading.Unlock()
	if q.conn == nil {
		return due, false, journal.ErrClosed
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	rows, err := q.conn.query(`SELECT kind, chain, due FROM queue WHERE target = ? AND due IS NOT NULL ORDER BY due, seq`, target)
	if err != nil {
		return due, false, err
	}
	defer rows.close()
	for {
		more, err := rows.next()
		if !more {
			return due, ok, err
		}
		at, l := time.UnixMicro(rows.int(2)).UTC(), q.leases.chains[chain{target, rows.text(0), rows.text(1)}]
		if l != nil && l.until.After(at) {
			at = l.until
		}
		if !ok || at.Before(due) {
			due, ok = at, true
		}
		if l == nil { // those that follow are due later
			return due, true, nil
		}
	}
}
