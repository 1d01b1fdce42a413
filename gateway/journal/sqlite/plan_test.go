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
var large = []string{"message", "change", "c", "record", "r", "link", "l", "s", "b", "queue", "q", "delivery", "seen",
	"crosswalk", "x", "o", "crosswalk_step", "feed", "p", "n", "f"}

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
	_, err = s.Pair(t.Context(), "lms", lis.KindPerson, "p1")
	must(t, err)
	_, err = s.PairOf(t.Context(), "lms", lis.KindPerson, "42")
	must(t, err)
	_, err = s.Moving(t.Context(), "lms", "p1")
	must(t, err)
	_, err = s.Removals(t.Context(), "lms")
	must(t, err)
	for _, c := range []*conn{s.conn, s.queue.conn, s.lookups.conn, snap.c} {
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
	useHolds(t, s, now)
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

// useHolds runs what parks, holds, decides, coalesces and sends again.
func useHolds(t *testing.T, s *Store, now time.Time) {
	lease := func() journal.Settlement {
		l, err := s.Lease(t.Context(), "lms", 1, now.Add(time.Hour), now.Add(2*time.Hour))
		must(t, err)
		l, err = s.Coalesce(t.Context(), l, now)
		if err != nil || len(l) != 1 {
			t.Fatal(l, err)
		}
		return journal.Settlement{Target: "lms", Seq: l[0].Seq, Fence: l[0].Fence, At: now, Parent: lis.Ref{ID: "q"}, Since: now}
	}
	for _, state := range []journal.State{journal.Waiting, journal.Parked, journal.Parked, journal.Held} {
		mustPut(t, s, "p1")
		n := lease()
		if n.State = state; state == journal.Held {
			n.Parent.Kind = lis.KindPerson
		}
		n.Hold = journal.HoldRemoval
		must(t, s.Settle(t.Context(), []journal.Settlement{n}))
	}
	_, err := s.Decide(t.Context(), "lms", []int64{mustPut(t, s, "p1")}, true, "jo", now)
	n := lease()
	n.State, n.TargetID, n.Parent.Kind = journal.Parked, "42", lis.KindPerson
	must(t, err, s.Settle(t.Context(), []journal.Settlement{n}))
	n = lease()
	n.State, n.Hold = journal.Held, journal.HoldMatch
	must(t, s.Settle(t.Context(), []journal.Settlement{n}))
	_, err = s.Decide(t.Context(), "lms", []int64{n.Seq}, true, "jo", now)
	must(t, err)
	n = lease()
	n.State, n.TargetID = journal.Applied, "42"
	_, err = s.Resend(t.Context(), "lms", []lis.Ref{{Kind: lis.KindPerson, ID: "p1"}})
	must(t, s.Settle(t.Context(), []journal.Settlement{n}), err)
	must(t, s.Write(t.Context(), func(tx journal.Tx) error {
		_, err1 := tx.Job("j")
		_, err2 := tx.Fed("sis", lis.KindPerson, "p1")
		must(t, err1, err2, tx.PutJob(&journal.Job{ID: "j"}), tx.PutFed("sis", lis.KindPerson, "p1", journal.Feed{}))
		return tx.SetPair(journal.Pair{Target: "lms", Kind: lis.KindPerson, ID: "p1", TargetID: "43"}, "test")
	}))
}

// lookHolds runs all that reads of the queue and the crosswalk.
func lookHolds(t *testing.T, s *snapshot) {
	for _, target := range []string{"lms", ""} {
		for _, state := range []journal.State{journal.Waiting, journal.Parked, journal.Held} {
			_, err := lis.Collect(s.Queue(target, state))
			must(t, err)
		}
		_, err := lis.Collect(s.Newest(target, lis.KindPerson, "p"))
		must(t, err)
	}
	_, err1 := s.Standing("lms")
	_, err2 := s.Mapped("lms", 1)
	_, err3 := lis.Collect(s.Pairs("lms", lis.KindPerson))
	_, err4 := lis.Collect(s.PairHistory("lms", lis.KindPerson, "p1"))
	_, err5 := lis.Collect(s.Unfed("sis", lis.KindPerson, 1))
	_, err6 := s.FedCount("sis", lis.KindPerson)
	_, err7 := lis.Collect(s.Jobs("replay"))
	_, err8 := s.Stopped("lms")
	must(t, err1, err2, err3, err4, err5, err6, err7, err8)
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
	lookHolds(t, s)
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
