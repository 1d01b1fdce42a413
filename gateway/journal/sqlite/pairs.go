package sqlite

import (
	"context"
	"fmt"
	"iter"
	"math"
	"sync"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// lookups read one row at a time, many times a second: over a connection that
// they share, without the cost of a snapshot.
type lookups struct {
	mu   sync.Mutex
	conn *conn
}

func newLookups(file string) (*lookups, error) {
	c, err := dial(file, readOnly, append([]string{readerCache}, tuning...)...)
	return &lookups{conn: c}, err
}

func (l *lookups) do(ctx context.Context, f func(*conn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		return journal.ErrClosed
	}
	return f(l.conn)
}

func (l *lookups) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		return nil
	}
	err := l.conn.close()
	l.conn = nil
	return err
}

// Pair returns the entry of the crosswalk for an object, or nil.
func (s *Store) Pair(ctx context.Context, target string, kind lis.Kind, id lis.SourcedID) (p *journal.Pair, err error) {
	err = s.lookups.do(ctx, func(c *conn) (err error) {
		p, err = pairFor(c, target, kind, string(id))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read pair of %s %s at %s: %w", kind, id, target, err)
	}
	return p, nil
}

// PairOf returns the entry that has an id of the target, or nil.
func (s *Store) PairOf(ctx context.Context, target string, kind lis.Kind, targetID string) (p *journal.Pair, err error) {
	err = s.lookups.do(ctx, func(c *conn) (err error) {
		p, err = pairOf(c, target, kind, targetID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read pair of %s %s at %s: %w", kind, targetID, target, err)
	}
	return p, nil
}

func pairFor(c *conn, target string, kind lis.Kind, id string) (*pair, error) {
	return onePair(c, target, kind, `SELECT `+pairColumns+`, x.id FROM crosswalk x WHERE x.target = ? AND x.kind = ? AND x.id = ?`, id)
}

func pairOf(c *conn, target string, kind lis.Kind, targetID string) (*pair, error) {
	return onePair(c, target, kind, `SELECT `+pairColumns+`, x.id FROM crosswalk x INDEXED BY crosswalk_owner
		WHERE x.target = ? AND x.kind = ? AND x.target_id = ? AND x.target_id <> '' AND x.gone = 0 ORDER BY x.at DESC, x.seq DESC LIMIT 1`, targetID)
}

func onePair(c *conn, target string, kind lis.Kind, query, id string) (*pair, error) {
	q, err := c.query(query, target, string(kind), id)
	if err != nil {
		return nil, err
	}
	defer q.close()
	if more, err := q.next(); !more {
		return nil, err
	}
	return readPair(q, 0, target, kind, q.text(5)), nil
}

// Pairs streams the crosswalk of a target for a kind, by id.
func (s *snapshot) Pairs(target string, kind lis.Kind) iter.Seq2[*journal.Pair, error] {
	read := func(q *stmt) (*journal.Pair, error) { return readPair(q, 0, target, kind, q.text(5)), nil }
	return stream(s.c, "read crosswalk of "+target, read, `SELECT `+pairColumns+`, x.id FROM crosswalk x
		WHERE x.target = ? AND x.kind = ? ORDER BY x.id`, target, string(kind))
}

// PairHistory streams what became of one object in the crosswalk, oldest first.
func (v view) PairHistory(target string, kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.PairStep, error] {
	read := func(q *stmt) (*journal.PairStep, error) {
		p := journal.Pair{Target: target, Kind: kind, ID: id, TargetID: q.text(1), Gone: q.bool(2), At: moment(q.int(3))}
		return &journal.PairStep{Pair: p, Why: q.text(4)}, nil
	}
	return stream(v.c, fmt.Sprintf("read history of the pair of %s %s", kind, id), read,
		`SELECT n, target_id, gone, changed, why FROM crosswalk_step WHERE target = ?1 AND kind = ?2 AND id = ?3
		UNION ALL SELECT ?4, target_id, gone, changed, why FROM crosswalk WHERE target = ?1 AND kind = ?2 AND id = ?3 ORDER BY 1`,
		target, string(kind), string(id), int64(math.MaxInt64))
}
