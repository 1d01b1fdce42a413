package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		child(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

func TestSuite(t *testing.T) {
	journaltest.Run(t, func(t *testing.T, now func() time.Time) journal.Store {
		return open(t, t.TempDir(), Options{Now: now})
	})
}

// open opens a store that is closed at the end of the test.
func open(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// put writes one person with a message, and returns the sequence of the change.
func put(t testing.TB, s journal.Store, id string, size int) (int64, error) {
	c := &lis.Change{Kind: lis.KindPerson, Key: lis.SourcedID(id), Act: lis.Put}
	err := s.Write(t.Context(), func(tx journal.Tx) error {
		n, err := tx.Message(&journal.Message{ID: c.Key, Body: []byte(id)})
		if err != nil {
			return err
		}
		body := make([]byte, size) // that does not compress
		for i := range body {
			body[i] = byte(rand.Uint32())
		}
		return tx.Append(c, body, []lis.Link{{Name: "email", Value: id + "@b"}}, nil, n, []string{"lms"})
	})
	return c.Seq, err
}

func mustPut(t testing.TB, s journal.Store, id string) int64 {
	t.Helper()
	seq, err := put(t, s, id, 100)
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// check asks SQLite, and our own books, whether all is in order.
func check(t testing.TB, s *Store) {
	t.Helper()
	snap, err := s.readers.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	q, err := snap.c.query("PRAGMA integrity_check")
	if err != nil {
		t.Fatal(err)
	}
	defer q.close()
	if more, err := q.next(); !more || q.text(0) != "ok" {
		t.Errorf("integrity check: %q, %v", q.text(0), err)
	}
	for want, query := range map[string]string{
		"rows that wait":      `SELECT ifnull(sum(waiting), 0) - (SELECT count(*) FROM queue) FROM balance`,
		"dead letters":        `SELECT ifnull(sum(dead), 0) - (SELECT count(*) FROM delivery WHERE state IN ('dead', 'dropped')) FROM balance`,
		"applied":             `SELECT ifnull(sum(applied), 0) - (SELECT count(*) FROM delivery WHERE state = 'applied') FROM balance`,
		"objects at targets":  `SELECT ifnull(sum(present), 0) - (SELECT count(*) FROM crosswalk WHERE gone = 0) FROM balance`,
		"removals":            `SELECT ifnull(sum(removals), 0) - (SELECT count(*) FROM queue q JOIN change c USING (seq) WHERE c.act = 'drop' AND q.hold IS NULL AND q.approved IS NULL) FROM balance`,
		"held that are due":   `SELECT count(*) FROM queue WHERE hold IS NOT NULL AND due IS NOT NULL`,
		"first of each chain": `SELECT count(*) FROM (SELECT min(seq), hold, due FROM queue GROUP BY target, kind, chain) WHERE (hold IS NULL) <> (due IS NOT NULL)`,
		"due behind another":  `SELECT count(due) - (SELECT count(*) FROM (SELECT min(seq), due AS first FROM queue GROUP BY target, kind, chain) WHERE first IS NOT NULL) FROM queue`,
	} {
		if n, err := snap.c.number(query); n != 0 || err != nil {
			t.Errorf("%s: %d too many or too few, %v", want, n, err)
		}
	}
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), dir, Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	first := mustPut(t, s, "p1")
	leased, err := s.Lease(t.Context(), "lms", 1, now, now.Add(time.Hour))
	if err != nil || len(leased) != 1 {
		t.Fatal(leased, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(-time.Hour) // the clock jumped back while it was down
	s = open(t, dir, Options{Now: func() time.Time { return now }})
	if second := mustPut(t, s, "p2"); second <= first {
		t.Errorf("sequence %d after %d", second, first)
	}
	again, err := s.Lease(t.Context(), "lms", 1, now, now.Add(time.Hour))
	if err != nil || len(again) != 1 || again[0].Seq != first || again[0].Fence <= leased[0].Fence || again[0].ID != leased[0].ID {
		t.Errorf("leased again %+v, %v; before %+v", again, err, leased)
	}
	check(t, s)
}

func TestSecondWriterIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	if _, err := Open(t.Context(), dir, Options{}); !errors.Is(err, errServing) {
		t.Errorf("second open: %v", err)
	}
	mustPut(t, s, "p1")
	r, err := OpenReader(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	snap, err := r.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	if e, err := snap.Get(lis.KindPerson, "p1"); e == nil || err != nil {
		t.Errorf("read while served: %+v, %v", e, err)
	}
}

func TestReaderOfClosedStore(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenReader(t.Context(), dir, Options{}); err == nil || !strings.Contains(err.Error(), "no store") {
		t.Errorf("no store: %v", err)
	}
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustPut(t, s, "p1")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReader(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.do(t.Context(), func(t *tx) error { return t.exec(`UPDATE meta SET value = 99 WHERE name = 'schema'`) })
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, Options{}); err == nil || !strings.Contains(err.Error(), "schema 99") {
		t.Errorf("open: %v", err)
	}
	if _, err := OpenReader(t.Context(), dir, Options{}); err == nil || !strings.Contains(err.Error(), "schema 99") {
		t.Errorf("open for reading: %v", err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	dir := t.TempDir() + "/data"
	s := open(t, dir, Options{})
	mustPut(t, s, "p1")
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

// TestDiskFull fills a small store, from many callers at once, and gives it
// room again: nothing is half kept, reads go on, and writing resumes.
func TestDiskFull(t *testing.T) {
	s := open(t, t.TempDir(), Options{MaxSize: 400 * pageSize})
	var mu sync.Mutex
	kept := map[string]bool{}
	fill := func() {
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 100 {
					id := fmt.Sprint("p", w, "-", i, "-", time.Now().UnixNano())
					_, err := put(t, s, id, 3000)
					if err != nil && !errors.Is(err, journal.ErrFull) {
						t.Errorf("got %v, want ErrFull", err)
					}
					mu.Lock()
					kept[id] = err == nil
					mu.Unlock()
				}
			})
		}
		wg.Wait()
	}
	verify := func() (n int64) {
		t.Helper()
		snap, err := s.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer snap.Close()
		for id, want := range kept {
			e, err := snap.Get(lis.KindPerson, lis.SourcedID(id))
			if err != nil || (e != nil) != want {
				t.Errorf("%s: acknowledged %v, there %v, %v", id, want, e != nil, err)
			}
			if want {
				n++
			}
		}
		b, err := snap.Balance()
		if err != nil || len(b) != 1 || b[0].Sent != n {
			t.Errorf("balance %+v, %v; want %d sent", b, err, n)
		}
		check(t, s)
		return n
	}
	fill()
	full := verify()
	if full == 0 || full == int64(len(kept)) {
		t.Fatalf("kept %d of %d: the limit did not bite", full, len(kept))
	}
	for { // make room
		err := s.do(t.Context(), func(t *tx) error { _, err := t.c.number("PRAGMA max_page_count=100000"); return err })
		if err == nil {
			break
		}
	}
	fill()
	if n := verify(); n != full+800 {
		t.Errorf("kept %d, want %d: writing did not resume", n, full+800)
	}
}

func TestGoexitInClosure(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	err := s.Write(t.Context(), func(tx journal.Tx) error {
		if err := tx.PutExchange(&journal.Exchange{TransactionID: "lost"}); err != nil {
			return err
		}
		runtime.Goexit()
		return nil
	})
	if !errors.Is(err, errGone) {
		t.Errorf("got %v", err)
	}
	mustPut(t, s, "p1")
	check(t, s)
}

// TestCancelledInLine has a caller give up while the writer is busy.
func TestCancelledInLine(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	busy, leave := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = s.do(t.Context(), func(*tx) error { close(busy); <-leave; return nil })
	})
	<-busy
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() { time.Sleep(10 * time.Millisecond); cancel() })
	ran := false
	if err := s.Write(ctx, func(journal.Tx) error { ran = true; return nil }); !errors.Is(err, ctx.Err()) || err == nil {
		t.Errorf("got %v", err)
	}
	close(leave)
	wg.Wait()
	mustPut(t, s, "p1")
	if ran {
		t.Error("a call that was given up ran")
	}
}
