package sqlite

import (
	"strings"
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// large are the tables that no query may walk from end to end, but for a scan
// of all records of a kind, which does so by key.
var large = []string{"message", "change", "c", "record", "r", "link", "l", "s", "b", "queue", "q", "delivery", "seen"}

// TestPlans asks SQLite how it would run each query that the store has used.
func TestPlans(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	seq := mustPut(t, s, "p1")
	now := time.Now()
	use(t, s, seq, now)
	snap, err := s.readers.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	look(t, snap, seq)
	queries := map[string]bool{}
	for _, c := range []*conn{s.conn, s.queue.conn, snap.c} {
		for query := range c.stmts {
			queries[query] = true
		}
	}
	for query := range queries {
		plan(t, snap.c, query)
	}
}

// use runs all that writes.
func use(t *testing.T, s *Store, seq int64, now time.Time) {
	l, err := s.Lease(t.Context(), "lms", 5, now.Add(time.Hour), now.Add(2*time.Hour))
	if err != nil || len(l) != 1 {
		t.Fatal(l, err)
	}
	_, _, err = s.NextDue(t.Context(), "lms")
	dead := journal.Settlement{Target: "lms", Seq: seq, Fence: l[0].Fence, State: journal.Dead}
	must(t, err, s.Settle(t.Context(), []journal.Settlement{dead}))
	_, err = s.Requeue(t.Context(), "lms", []int64{seq})
	must(t, err)
	_, err = s.Seen(t.Context(), "n", now, now)
	must(t, err, s.Write(t.Context(), func(tx journal.Tx) error {
		_, err := tx.Repeated([]byte("h"), now)
		must(t, err, tx.PutExchange(&journal.Exchange{TransactionID: "x"}))
		_, err = tx.Last()
		for _, c := range []*lis.Change{{Act: lis.Put, Key: "b"}, {Act: lis.Drop, Key: "b"}, {Act: lis.Rekey, Key: "p1", NewID: "b"}} {
			c.Kind = lis.KindPerson
			must(t, err, tx.Append(c, nil, nil, nil, 0, []string{"lms"}))
		}
		return err
	}))
}

// look runs all that reads.
func look(t *testing.T, s *snapshot, seq int64) {
	links := []lis.Link{{Name: "email", Value: "a"}, {Name: "org", Value: "b"}}
	for _, f := range []journal.Filter{{}, {After: "a"}, {Since: 1}, {Since: 1, Links: links}, {Links: links}, {Links: links, After: "a", IDsOnly: true}, {IDsOnly: true, Deleted: true}} {
		_, err := lis.Collect(s.Scan(lis.KindPerson, f))
		must(t, err)
	}
	_, err1 := lis.Collect(s.History(lis.KindPerson, "p1"))
	_, err2 := lis.Collect(s.Deliveries(lis.KindPerson, "p1"))
	_, err3 := lis.Collect(s.Messages("p1"))
	_, err4 := lis.Collect(s.Dead("lms"))
	_, err5 := lis.Collect(s.Dead(""))
	_, err6 := s.Get(lis.KindPerson, "p1")
	_, err7 := s.ReadMessage(seq)
	_, err8 := s.Kinds("p1")
	_, _, err9 := s.oldest("lms")
	must(t, err1, err2, err3, err4, err5, err6, err7, err8, err9)
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func plan(t *testing.T, c *conn, query string) {
	t.Helper()
	q, err := c.query("EXPLAIN QUERY PLAN " + query)
	if err != nil {
		t.Fatal(query, err)
	}
	defer q.close()
	for {
		more, err := q.next()
		if !more {
			must(t, err)
			return
		}
		step := strings.Fields(q.text(3))
		for _, table := range large {
			if len(step) > 1 && step[0] == "SCAN" && step[1] == table || strings.Contains(q.text(3), "AUTOMATIC") {
				t.Errorf("%s\n  walks all: %s", query, q.text(3))
			}
		}
		if strings.Contains(q.text(3), "TEMP B-TREE") && strings.HasPrefix(query, "SELECT "+entryColumns) {
			t.Errorf("%s\n  sorts: %s", query, q.text(3)) // and so does not stream
		}
	}
}
