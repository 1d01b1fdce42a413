package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// old makes a store as the first release left it, with rows that wait: a
// person, tried once, with a drop behind it, and a membership.
func old(t *testing.T, dir string) {
	t.Helper()
	must(t, makePrivate(dir))
	c, err := dial(filepath.Join(dir, File), readWrite)
	must(t, err)
	defer func() { must(t, c.close()) }()
	must(t, upgrade(c, 0))
	links := packLinks([]lis.Link{{Name: lis.LinkCollection, Value: "s1"}, {Name: lis.LinkPerson, Value: "p9"}})
	for _, row := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO change (seq, kind, id, version, act, content, body) VALUES (1, 'person', 'p1', 1, 'put', 1, 'b')`, nil},
		{`INSERT INTO change (seq, kind, id, version, act, content, prev) VALUES (2, 'person', 'p1', 2, 'drop', 1, 1)`, nil},
		{`INSERT INTO change (seq, kind, id, version, act, content, body) VALUES (3, 'membership', 'm1', 1, 'put', 3, 'm')`, nil},
		{`INSERT INTO record (kind, id, seq, version, deleted, content, chain) VALUES ('person', 'p1', 2, 2, 1, 1, 'p1')`, nil},
		{`INSERT INTO record (kind, id, seq, version, deleted, content, chain, links) VALUES ('membership', 'm1', 3, 1, 0, 3, 'm1', ?)`, []any{links}},
		{`INSERT INTO link VALUES ('membership', 'collection', 's1', 'm1'), ('membership', 'person', 'p9', 'm1')`, nil},
		{`INSERT INTO queue VALUES ('lms', 'person', 'p1', 1, 5, 1, 'unavailable', '', 1), ('lms', 'person', 'p1', 2, NULL, 0, '', '', 0),
			('lms', 'membership', 'm1', 3, 0, 0, '', '', 0)`, nil},
		{`INSERT INTO balance VALUES ('lms', 'person', 2, 0, 0, 2), ('lms', 'membership', 1, 0, 0, 1)`, nil},
	} {
		must(t, c.exec(row.query, row.args...))
	}
}

// TestMigrate opens a store of schema 1 and delivers what waits in it.
func TestMigrate(t *testing.T) {
	dir := t.TempDir()
	old(t, dir)
	if _, err := OpenReader(t.Context(), dir, Options{}); err == nil {
		t.Error("the old schema was opened for reading")
	}
	s := open(t, dir, Options{})
	moves, err := s.Moving(t.Context(), "lms", "p9")
	if err != nil || !moves {
		t.Errorf("moving %t, %v", moves, err)
	}
	removals, err := s.Removals(t.Context(), "lms")
	if err != nil || removals[lis.KindPerson].Waiting != 1 || removals[lis.KindMembership].Waiting != 0 {
		t.Errorf("removals %+v, %v", removals, err)
	}
	now := time.Now()
	var acts []lis.Act
	for range 3 {
		l, err := s.Lease(t.Context(), "lms", 1, now, now.Add(time.Minute))
		if err != nil || len(l) != 1 {
			t.Fatal(l, err)
		}
		acts = append(acts, l[0].Act)
		must(t, s.Settle(t.Context(), []journal.Settlement{{Target: "lms", Seq: l[0].Seq, Fence: l[0].Fence, State: journal.Applied, TargetID: "42", At: now}}))
	}
	if acts[0] != lis.Put || acts[1] != lis.Put || acts[2] != lis.Drop {
		t.Errorf("delivered %v", acts)
	}
	p, err := s.Pair(t.Context(), "lms", lis.KindMembership, "m1")
	if err != nil || p == nil || p.TargetID != "42" {
		t.Errorf("pair %+v, %v", p, err)
	}
	check(t, s)
}

// TestUnpark has many children of one parent go on in one settlement.
func TestUnpark(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	const children = 2000
	now := time.Now()
	write := func(ids ...string) {
		must(t, s.Write(t.Context(), func(tx journal.Tx) error {
			for _, id := range ids {
				c := &lis.Change{Kind: lis.KindPerson, Key: lis.SourcedID(id), Act: lis.Put}
				must(t, tx.Append(c, []byte("b"), nil, nil, 0, []string{"lms"}))
			}
			return nil
		}))
	}
	settle := func(want int, state journal.State) {
		l, err := s.Lease(t.Context(), "lms", children, now, now.Add(time.Hour))
		if err != nil || len(l) != want {
			t.Fatal(len(l), err)
		}
		settled := make([]journal.Settlement, len(l))
		for i, d := range l {
			settled[i] = journal.Settlement{Target: "lms", Seq: d.Seq, Fence: d.Fence, State: state, Parent: lis.Ref{ID: "parent"}, Due: now.Add(time.Hour), At: now}
		}
		must(t, s.Settle(t.Context(), settled))
	}
	ids := make([]string, children)
	for i := range ids {
		ids[i] = "child" + string(rune('0'+i%10)) + time.Duration(i).String()
	}
	write(ids...)
	settle(children, journal.Parked)
	write("parent")
	began := time.Now()
	settle(1, journal.Applied)
	t.Logf("%d let go on in %v", children, time.Since(began))
	settle(children, journal.Applied)
	check(t, s)
}
