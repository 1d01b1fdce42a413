package sqlite

import (
	"context"
	"fmt"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Oldest returns the time of the oldest change that waits for a target.
func (s *Store) Oldest(ctx context.Context, target string) (at time.Time, ok bool, err error) {
	snap, err := s.readers.snapshot(ctx)
	if err != nil {
		return at, false, err
	}
	defer snap.Close()
	seq, waits, err := snap.oldest(target)
	if err != nil {
		return at, false, fmt.Errorf("look for the oldest that waits for %s: %w", target, err)
	}
	if !waits {
		return at, false, nil
	}
	return time.UnixMicro(seq).UTC(), true, nil
}

// oldest returns the sequence of the oldest change that waits. It is the
// first of its chain; of those that were never tried the index has the oldest
// first, and those that wait for another try, or are held, are walked, in the
// index too.
func (s *snapshot) oldest(target string) (seq int64, waits bool, err error) {
	q, err := s.c.query(`SELECT min(seq) AS oldest FROM (SELECT min(seq) AS seq FROM queue WHERE target = ?1 AND due = 0
		UNION ALL SELECT min(seq) FROM queue WHERE target = ?1 AND due > 0
		UNION ALL SELECT min(seq) FROM queue INDEXED BY queue_held WHERE target = ?1 AND hold IS NOT NULL) HAVING oldest IS NOT NULL`, target)
	if err != nil {
		return 0, false, err
	}
	defer q.close()
	if waits, err = q.next(); !waits {
		return 0, false, err
	}
	return q.int(0), true, nil
}

// Standing counts what is in the queue of a target. The oldest is that of the
// chains whose first is neither parked nor held. All of it is in indexes.
func (s *snapshot) Standing(target string) (n journal.Standing, err error) {
	q, err := s.c.query(`SELECT (SELECT sum(waiting) FROM balance WHERE target = ?1),
		(SELECT count(*) FROM queue INDEXED BY queue_parent WHERE target = ?1 AND parent IS NOT NULL),
		(SELECT count(*) FROM queue INDEXED BY queue_held WHERE target = ?1 AND hold IS NOT NULL),
		(SELECT count(*) FROM queue INDEXED BY queue_again WHERE target = ?1 AND due > 0 AND parent IS NULL AND hold IS NULL AND attempts > 0),
		(SELECT min(seq) FROM queue WHERE target = ?1 AND due = 0),
		(SELECT min(seq) FROM queue INDEXED BY queue_again WHERE target = ?1 AND due > 0 AND parent IS NULL AND hold IS NULL)`, target)
	if err != nil {
		return n, fmt.Errorf("read standing of %s: %w", target, err)
	}
	defer q.close()
	if more, err := q.next(); !more {
		return n, fmt.Errorf("read standing of %s: %w", target, err)
	}
	n = journal.Standing{Waiting: q.int(0), Parked: q.int(1), Held: q.int(2), Failed: q.int(3)}
	fresh, tried := q.int(4), q.int(5)
	if fresh == 0 || tried != 0 && tried < fresh {
		fresh = tried
	}
	n.Oldest = moment(fresh)
	return n, nil
}

// Stopped counts by kind what is parked and what is held, both in indexes.
func (s *snapshot) Stopped(target string) (map[lis.Kind]journal.Standing, error) {
	q, err := s.c.query(`SELECT kind, sum(parked), sum(held) FROM (
		SELECT kind, 1 AS parked, 0 AS held FROM queue INDEXED BY queue_parent WHERE target = ?1 AND parent IS NOT NULL
		UNION ALL SELECT kind, 0, 1 FROM queue INDEXED BY queue_held WHERE target = ?1 AND hold IS NOT NULL) GROUP BY kind`, target)
	if err != nil {
		return nil, fmt.Errorf("read what is stopped at %s: %w", target, err)
	}
	defer q.close()
	all := map[lis.Kind]journal.Standing{}
	for {
		more, err := q.next()
		if err != nil {
			return nil, fmt.Errorf("read what is stopped at %s: %w", target, err)
		}
		if !more {
			return all, nil
		}
		all[lis.Kind(q.text(0))] = journal.Standing{Parked: q.int(1), Held: q.int(2)}
	}
}

// Removals counts the removals that wait and the objects that are there.
func (s *Store) Removals(ctx context.Context, target string) (map[lis.Kind]journal.Removals, error) {
	all := map[lis.Kind]journal.Removals{}
	err := s.lookups.do(ctx, func(c *conn) error {
		q, err := c.query(`SELECT kind, removals, present FROM balance WHERE target = ?`, target)
		if err != nil {
			return err
		}
		defer q.close()
		for {
			more, err := q.next()
			if !more {
				return err
			}
			if r := (journal.Removals{Waiting: q.int(1), Present: q.int(2)}); r != (journal.Removals{}) {
				all[lis.Kind(q.text(0))] = r
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("count removals at %s: %w", target, err)
	}
	return all, nil
}

// Moving reports whether a Put of a membership of a person waits untried.
func (s *Store) Moving(ctx context.Context, target string, person lis.SourcedID) (moving bool, err error) {
	err = s.lookups.do(ctx, func(c *conn) error {
		n, err := c.number(`SELECT EXISTS (SELECT 1 FROM queue INDEXED BY queue_person WHERE target = ? AND person = ?)`, target, string(person))
		moving = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look for memberships that wait for %s: %w", target, err)
	}
	return moving, nil
}
