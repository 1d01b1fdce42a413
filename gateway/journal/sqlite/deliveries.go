package sqlite

import (
	"fmt"
	"iter"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// settledColumns and queuedColumns are what readSettled reads, of a delivery d
// and of a row q of the queue, with their change c.
const (
	settledColumns = `d.target, c.kind, c.id, d.seq AS n, d.state, d.attempts, d.effect, d.reason, d.detail, d.at, 0,
		c.act, c.source, d.again, '', '', '', ''`
	queuedColumns = `q.target, c.kind, c.id, q.seq AS n, iif(q.hold IS NOT NULL, 'held', iif(q.parent IS NOT NULL, 'parked', 'waiting')),
		q.attempts, '', q.reason, q.detail, q.at, q.due, c.act, c.source, q.again, q.parent_kind, q.parent, q.hold, q.match`
)

func readSettled(q *stmt) (*journal.Settled, error) {
	return &journal.Settled{
		Target: q.text(0), Kind: lis.Kind(q.text(1)), ID: lis.SourcedID(q.text(2)), Seq: q.int(3), State: journal.State(q.text(4)),
		Attempts: int(q.int(5)), Effect: lis.Effect(q.text(6)), Reason: q.text(7), Detail: q.text(8), At: moment(q.int(9)), Due: moment(q.int(10)),
		Act: lis.Act(q.text(11)), Source: q.text(12), Again: int(q.int(13)),
		Parent: lis.Ref{Kind: lis.Kind(q.text(14)), ID: lis.SourcedID(q.text(15))}, Hold: journal.Hold(q.text(16)), Match: q.text(17),
	}, nil
}

// everyTarget is a table t of the targets that there are.
const everyTarget = `(SELECT DISTINCT target FROM balance) t`

// Deliveries streams what became of the changes of an object, oldest first.
func (s *snapshot) Deliveries(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Settled, error] {
	return s.deliveries(kind, id, everyTarget)
}

// Deliveries does the same in a transaction, whose own targets are not in the
// balance before it commits.
func (t *tx) Deliveries(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Settled, error] {
	targets, named := `(SELECT target FROM balance`, []any{}
	for _, target := range t.told() {
		targets, named = targets+` UNION SELECT ?`, append(named, target)
	}
	if len(named) == 0 {
		return t.deliveries(kind, id, everyTarget)
	}
	return t.deliveries(kind, id, targets+`) t`, named...)
}

// deliveries reads them from the queues of a table t of targets.
func (v view) deliveries(kind lis.Kind, id lis.SourcedID, targets string, named ...any) iter.Seq2[*journal.Settled, error] {
	query := past(newestOf) + `
		SELECT ` + settledColumns + `
		FROM past CROSS JOIN change c USING (seq) CROSS JOIN delivery d ON d.seq = c.seq
		UNION ALL
		SELECT ` + queuedColumns + `
		FROM past CROSS JOIN change c USING (seq) CROSS JOIN record r ON r.kind = c.kind AND r.id = c.id
		CROSS JOIN ` + targets + `
		CROSS JOIN queue q ON q.target = t.target AND q.kind = c.kind AND q.chain = r.chain AND q.seq = c.seq
		ORDER BY n, 1`
	return stream(v.c, fmt.Sprintf("read deliveries of %s %s", kind, id), readSettled, query, append([]any{string(kind), string(id)}, named...)...)
}

// Dead streams the dead letters of a target, or of all when it is "".
func (s *snapshot) Dead(target string) iter.Seq2[*journal.Settled, error] {
	query := `SELECT ` + settledColumns + ` FROM delivery d CROSS JOIN change c ON c.seq = d.seq WHERE d.state = 'dead'`
	if target == "" {
		return stream(s.c, "read dead letters", readSettled, query+` ORDER BY d.target, d.seq`)
	}
	return stream(s.c, "read dead letters of "+target, readSettled, query+` AND d.target = ? ORDER BY d.seq`, target)
}

// Queue streams the deliveries that are in a state, oldest first. What is
// parked or held has an index and is sorted; what waits is found by walking
// the changes from the oldest that waits, so that it streams.
func (s *snapshot) Queue(target string, state journal.State) iter.Seq2[*journal.Settled, error] {
	targets, args := everyTarget, []any{}
	if target != "" {
		targets, args = `(SELECT ? AS target) t`, []any{target}
	}
	query := `SELECT ` + queuedColumns
	switch state {
	case journal.Parked:
		query += ` FROM ` + targets + ` CROSS JOIN queue q INDEXED BY queue_parent ON q.target = t.target AND q.parent IS NOT NULL CROSS JOIN change c ON c.seq = q.seq`
	case journal.Held:
		query += ` FROM ` + targets + ` CROSS JOIN queue q INDEXED BY queue_held ON q.target = t.target AND q.hold IS NOT NULL CROSS JOIN change c ON c.seq = q.seq`
	case journal.Waiting:
		from, err := s.firstQueued(target)
		if err != nil {
			return fails[*journal.Settled](fmt.Errorf("read queue: %w", err))
		}
		query += ` FROM change c CROSS JOIN record r ON r.kind = c.kind AND r.id = c.id CROSS JOIN ` + targets + `
			CROSS JOIN queue q ON q.target = t.target AND q.kind = c.kind AND q.chain = r.chain AND q.seq = c.seq AND q.parent IS NULL AND q.hold IS NULL
			WHERE c.seq >= ?`
		args = append(args, from)
	default:
		return lis.Seq[*journal.Settled](nil)
	}
	return stream(s.c, "read queue", readSettled, query+` ORDER BY n, 1`, args...)
}

func fails[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

// firstQueued returns the sequence of the oldest change in the queue of a
// target, or of any when it is "".
func (s *snapshot) firstQueued(target string) (int64, error) {
	targets := []string{target}
	if target == "" {
		all, err := lis.Collect(stream(s.c, "read targets", func(q *stmt) (string, error) { return q.text(0), nil }, `SELECT DISTINCT target FROM balance`))
		if err != nil {
			return 0, err
		}
		targets = all
	}
	first := never
	for _, target := range targets {
		seq, waits, err := s.oldest(target)
		if err != nil {
			return 0, err
		}
		if waits {
			first = min(first, seq)
		}
	}
	return first, nil
}

// Newest streams where the newest change of each object of a kind stands, by
// id, beginning after one. What was rekeyed goes by its new identifier.
func (s *snapshot) Newest(target string, kind lis.Kind, after lis.SourcedID) iter.Seq2[*journal.Settled, error] {
	targets, args := everyTarget, []any{}
	if target != "" {
		targets, args = `(SELECT ? AS target) t`, []any{target}
	}
	query := `SELECT t.target, r.kind, r.id, r.seq, ifnull(d.state, iif(q.hold IS NOT NULL, 'held', iif(q.parent IS NOT NULL, 'parked', 'waiting'))),
		ifnull(d.attempts, q.attempts), d.effect, ifnull(d.reason, q.reason), ifnull(d.detail, q.detail), ifnull(d.at, q.at), q.due,
		c.act, c.source, ifnull(d.again, q.again), q.parent_kind, q.parent, q.hold, q.match
		FROM record r CROSS JOIN change c ON c.seq = r.seq CROSS JOIN ` + targets + `
		LEFT JOIN delivery d ON d.seq = r.seq AND d.target = t.target
		LEFT JOIN queue q ON q.target = t.target AND q.kind = r.kind AND q.chain = r.chain AND q.seq = r.seq
		WHERE r.kind = ? AND r.id > ? AND NOT (c.act = 'rekey' AND c.id = r.id) AND (d.seq IS NOT NULL OR q.seq IS NOT NULL) ORDER BY r.id, t.target`
	return stream(s.c, fmt.Sprintf("read newest deliveries of %s", kind), readSettled, query, append(args, string(kind), string(after))...)
}

// Mapped returns what was sent where it differed from the record, or nil.
func (s *snapshot) Mapped(target string, seq int64) ([]byte, error) {
	q, err := s.c.query(`SELECT mapped FROM delivery WHERE seq = ? AND target = ?`, seq, target)
	if err != nil {
		return nil, fmt.Errorf("read what was sent for %d: %w", seq, err)
	}
	defer q.close()
	if more, err := q.next(); !more {
		return nil, err
	}
	return unpack(q.raw(0))
}
