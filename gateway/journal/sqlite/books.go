package sqlite

import (
	"fmt"
	"iter"
	"math"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// never is later than any change.
const never int64 = math.MaxInt64

const jobColumns = `id, kind, state, seq, updated, data`

func readJob(q *stmt) (*journal.Job, error) {
	return &journal.Job{ID: q.text(0), Kind: q.text(1), State: q.text(2), Seq: q.int(3), Updated: moment(q.int(4)), Data: q.blob(5)}, nil
}

// Job returns a job, or nil.
func (v view) Job(id string) (*journal.Job, error) {
	q, err := v.c.query(`SELECT `+jobColumns+` FROM job WHERE id = ?`, id)
	if err != nil {
		return nil, fmt.Errorf("read job %s: %w", id, err)
	}
	defer q.close()
	if more, err := q.next(); err != nil {
		return nil, fmt.Errorf("read job %s: %w", id, err)
	} else if !more {
		return nil, nil
	}
	return readJob(q)
}

// PutJob keeps a job. One that is new gets its place in the order of arrival.
func (t *tx) PutJob(j *journal.Job) error {
	old, err := t.Job(j.ID)
	if err != nil {
		return err
	}
	if j.Seq = t.next(); old != nil {
		j.Seq = old.Seq
	}
	if j.Updated.IsZero() {
		j.Updated = time.UnixMicro(t.s.last).UTC()
	}
	if err := t.exec(`INSERT OR REPLACE INTO job (`+jobColumns+`) VALUES (?, ?, ?, ?, ?, ?)`,
		j.ID, j.Kind, j.State, j.Seq, micro(j.Updated), j.Data); err != nil {
		return fmt.Errorf("keep job %s: %w", j.ID, err)
	}
	return nil
}

// Jobs streams the jobs of a kind, or all when it is "", oldest first.
func (s *snapshot) Jobs(kind string) iter.Seq2[*journal.Job, error] {
	const query = `SELECT ` + jobColumns + ` FROM job`
	if kind == "" {
		return stream(s.c, "read jobs", readJob, query+` ORDER BY seq`)
	}
	return stream(s.c, "read jobs "+kind, readJob, query+` WHERE kind = ? ORDER BY seq`, kind)
}

// Fed returns what a source said last of an object, or nil.
func (t *tx) Fed(source string, kind lis.Kind, id lis.SourcedID) (*journal.Feed, error) {
	q, err := t.c.query(`SELECT hash, run FROM feed WHERE source = ? AND kind = ? AND id = ?`, source, string(kind), string(id))
	if err != nil {
		return nil, fmt.Errorf("read what %s said of %s %s: %w", source, kind, id, err)
	}
	defer q.close()
	if more, err := q.next(); err != nil {
		return nil, fmt.Errorf("read what %s said of %s %s: %w", source, kind, id, err)
	} else if !more {
		return nil, nil
	}
	return &journal.Feed{Hash: q.blob(0), Run: q.int(1)}, nil
}

// PutFed keeps what a source says of an object, or forgets it.
func (t *tx) PutFed(source string, kind lis.Kind, id lis.SourcedID, f journal.Feed) (err error) {
	if len(f.Hash) == 0 {
		err = t.exec(`DELETE FROM feed WHERE source = ? AND kind = ? AND id = ?`, source, string(kind), string(id))
	} else {
		err = t.exec(`INSERT OR REPLACE INTO feed (source, kind, id, hash, run) VALUES (?, ?, ?, ?, ?)`, source, string(kind), string(id), f.Hash, f.Run)
	}
	if err != nil {
		return fmt.Errorf("keep what %s said of %s %s: %w", source, kind, id, err)
	}
	return nil
}

// Unfed streams the ids of what a source did not say again in a run, by id.
func (s *snapshot) Unfed(source string, kind lis.Kind, run int64) iter.Seq2[lis.SourcedID, error] {
	read := func(q *stmt) (lis.SourcedID, error) { return lis.SourcedID(q.text(0)), nil }
	return stream(s.c, "read what "+source+" no longer says", read,
		`SELECT id FROM feed WHERE source = ? AND kind = ? AND run < ? ORDER BY id`, source, string(kind), run)
}

// FedCount counts the objects of a kind that a source said something of.
func (s *snapshot) FedCount(source string, kind lis.Kind) (int64, error) {
	n, err := s.c.number(`SELECT count(*) FROM feed WHERE source = ? AND kind = ?`, source, string(kind))
	if err != nil {
		return 0, fmt.Errorf("count what %s said: %w", source, err)
	}
	return n, nil
}
