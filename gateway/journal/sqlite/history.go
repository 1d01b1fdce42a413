package sqlite

import (
	"fmt"
	"iter"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// past begins a query over the sequences of an object's changes, in a table
// past(seq): from the newest, which the query start gives, back to the first,
// over rekeys too.
func past(start string) string {
	return `WITH RECURSIVE past (seq) AS (` + start + `
		UNION SELECT c.prev FROM past CROSS JOIN change c USING (seq) WHERE c.prev > 0
		UNION SELECT c.also FROM past CROSS JOIN change c USING (seq) WHERE c.also > 0) `
}

const newestOf = `SELECT seq FROM record WHERE kind = ? AND id = ?`

// changeColumns are what readChange reads; the table is c.
const changeColumns = `c.seq, c.kind, c.id, c.version, c.act, c.created, c.new_id, c.operation, c.source, c.message,
	iif(c.content = c.seq, c.body, (SELECT body FROM change WHERE seq = c.content))`

func readChange(q *stmt, instance string) lis.Change {
	seq := q.int(0)
	return lis.Change{
		ID: changeID(instance, seq), Seq: seq, Kind: lis.Kind(q.text(1)), Key: lis.SourcedID(q.text(2)), Version: q.int(3),
		Act: lis.Act(q.text(4)), Created: q.bool(5), NewID: lis.SourcedID(q.text(6)), Operation: q.text(7), Source: q.text(8),
		Time: time.UnixMicro(seq).UTC(),
	}
}

// History streams the changes of an object, oldest first.
func (v view) History(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Step, error] {
	query := past(newestOf) + `SELECT ` + changeColumns + ` FROM change c WHERE c.seq IN (SELECT seq FROM past) ORDER BY c.seq`
	read := func(q *stmt) (*journal.Step, error) {
		body, err := unpack(q.raw(10))
		return &journal.Step{Change: readChange(q, v.instance), Message: q.int(9), Body: body}, err
	}
	return stream(v.c, fmt.Sprintf("read history of %s %s", kind, id), read, query, string(kind), string(id))
}

// moment is the time of a column; 0 is no time.
func moment(micro int64) time.Time {
	if micro == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micro).UTC()
}

// micro is the column of a time; no time is 0.
func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// stream makes a stream of the rows of a query. It holds one row at a time.
func stream[T any](c *conn, act string, read func(*stmt) (T, error), query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		q, err := c.query(query, args...)
		if err == nil {
			defer q.close()
			err = each(q, read, yield)
		}
		if err != nil {
			var none T
			yield(none, fmt.Errorf("%s: %w", act, err))
		}
	}
}

func each[T any](q *stmt, read func(*stmt) (T, error), yield func(T, error) bool) error {
	for {
		if more, err := q.next(); !more {
			return err
		}
		v, err := read(q)
		if err != nil {
			return err
		}
		if !yield(v, nil) {
			return nil
		}
	}
}
