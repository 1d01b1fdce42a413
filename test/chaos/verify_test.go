package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/lissoap"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/lis"
)

// drainMost is how long the queue may take to become empty.
const drainMost = 90 * time.Second

// verify lets the queue drain and holds the books against each other.
func verify(t *testing.T, g *gateway, l *lms, sent *load) {
	t.Helper()
	drain(t, g)
	kept := readAll(t, g)
	steps, superseded := history(t, g)
	for _, s := range sent.sis {
		for _, text := range s.refused {
			t.Errorf("refused: %s", text)
		}
		acknowledged(t, s, kept, steps)
	}
	same(t, kept, l)
	arrived(t, steps, superseded, l)
	inOrder(t, steps, l)
	for _, text := range l.odd {
		// What was put and dropped while it waited is dropped only; and of a
		// delete of what never came the LMS is told too.
		if !strings.HasPrefix(text, "delete") {
			t.Errorf("the LMS wonders: %s", text)
		}
	}
	total, unanswered := sent.sums()
	t.Logf("%d messages made up, %d calls unanswered, %d changes, %d of them superseded, %d came to the LMS more than once",
		total, unanswered, len(steps), len(superseded), l.again())
	if total < 50 {
		t.Errorf("only %d messages: that proves nothing", total)
	}
}

// drain waits until nothing waits and nothing is dead.
func drain(t *testing.T, g *gateway) {
	t.Helper()
	began := time.Now()
	for {
		var waiting, dead int64
		for _, row := range balance(t, g) {
			waiting, dead = waiting+row.Waiting, dead+row.Dead
		}
		switch {
		case dead > 0:
			t.Fatalf("%d dead letters", dead)
		case waiting == 0:
			t.Logf("drained in %s", time.Since(began).Round(time.Millisecond))
			return
		case time.Since(began) > drainMost:
			t.Fatalf("%d changes still wait after %s\n%s", waiting, drainMost, g.tail())
		}
		<-time.After(20 * time.Millisecond)
	}
}

func balance(t *testing.T, g *gateway) []journal.Balance {
	t.Helper()
	res, err := http.Get("http://" + g.address + "/admin/v1/balance")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var rows []journal.Balance
	if err := json.NewDecoder(res.Body).Decode(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// readAll reads every record through the read services of the gateway.
func readAll(t *testing.T, g *gateway) map[object]*lis.Record {
	t.Helper()
	a, err := lissoap.New(lissoap.Options{URL: "http://" + g.address + "/lis/"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	records := map[object]*lis.Record{}
	for _, kind := range []lis.Kind{lis.KindPerson, lis.KindMembership, lis.KindGroup, lis.KindCourseSection} {
		for r, err := range a.(adapters.Lister).List(t.Context(), kind) {
			if err != nil {
				t.Fatal(err)
			}
			records[object{kind, r.ID}] = r
		}
	}
	return records
}

// history reads every change out of the journal, by its ID, and which of them
// were not sent because a newer one of the same object was.
func history(t *testing.T, g *gateway) (steps map[string]*journal.Step, superseded map[int64]bool) {
	t.Helper()
	reader, err := sqlite.OpenReader(context.Background(), filepath.Join(g.dir, "data"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	snap, err := reader.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	steps, superseded = map[string]*journal.Step{}, map[int64]bool{}
	for _, info := range lis.Kinds {
		for e, err := range snap.Scan(info.Kind, journal.Filter{Deleted: true, IDsOnly: true}) {
			if err != nil {
				t.Fatal(err)
			}
			for s, err := range snap.History(info.Kind, e.ID) {
				if err != nil {
					t.Fatal(err)
				}
				steps[s.ID] = s
			}
			for d, err := range snap.Deliveries(info.Kind, e.ID) {
				if err != nil {
					t.Fatal(err)
				}
				if d.Effect == lis.Superseded {
					superseded[d.Seq] = true
				}
			}
		}
	}
	return steps, superseded
}

// acknowledged checks that the gateway keeps what it told one connection that
// it keeps, each message as one change.
func acknowledged(t *testing.T, s *sis, kept map[object]*lis.Record, steps map[string]*journal.Step) {
	t.Helper()
	for o, f := range s.book {
		if token := tokenOf(kept[o]); !f.allows(token) {
			t.Errorf("%s %s is in state %q, and should be in %s", o.kind, o.id, token, f)
		}
	}
	made := map[string][]string{}
	for id, step := range steps {
		if strings.HasPrefix(step.Operation, "replace") || strings.HasPrefix(step.Operation, "update") {
			token := tokenOf(content(t, step))
			made[token] = append(made[token], id)
		}
	}
	for _, token := range s.acknowledged {
		if ids := made[token]; len(ids) != 1 {
			t.Errorf("the acknowledged message %s made %d changes: %q", token, len(ids), ids)
		}
	}
	for token, ids := range made {
		if len(ids) > 1 {
			t.Errorf("the message %s made %d changes: %q", token, len(ids), ids)
		}
	}
}

func content(t *testing.T, s *journal.Step) *lis.Record {
	t.Helper()
	r, err := lis.UnmarshalRecord(s.Kind, s.Key, s.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// same checks that the LMS has the records of the gateway, and no others.
func same(t *testing.T, kept map[object]*lis.Record, l *lms) {
	t.Helper()
	for o, r := range kept {
		switch there := l.records[o]; {
		case there == nil:
			t.Errorf("%s %s is not at the LMS", o.kind, o.id)
		case !bytes.Equal(text(t, r), text(t, there)):
			t.Errorf("%s %s differs:\n%s\nat the LMS:\n%s", o.kind, o.id, text(t, r), text(t, there))
		}
	}
	for o := range l.records {
		if kept[o] == nil {
			t.Errorf("%s %s is at the LMS and not in the gateway", o.kind, o.id)
		}
	}
}

func text(t *testing.T, r *lis.Record) []byte {
	t.Helper()
	b, err := lis.MarshalRecord(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// arrived checks that the LMS carried out each change of the gateway but those
// that were superseded, and nothing under any other ID.
func arrived(t *testing.T, steps map[string]*journal.Step, superseded map[int64]bool, l *lms) {
	t.Helper()
	for id, s := range steps {
		if l.seen[id] == 0 && !superseded[s.Seq] {
			t.Errorf("the change %s, %s of %s %s, never came to the LMS", id, s.Act, s.Kind, s.Key)
		}
	}
	for id := range l.seen {
		if steps[id] == nil {
			t.Errorf("the LMS got a change %q that the gateway does not know", id)
		}
	}
}

// inOrder checks that no older change of an object was carried out after a
// newer one.
func inOrder(t *testing.T, steps map[string]*journal.Step, l *lms) {
	t.Helper()
	newest := map[object]int64{}
	for _, e := range l.effects {
		s := steps[e.change]
		for _, o := range e.touched {
			if s == nil {
				continue // arrived has told
			}
			if s.Seq <= newest[o] {
				t.Errorf("the change %d of %s %s came after %d", s.Seq, o.kind, o.id, newest[o])
			}
			newest[o] = max(newest[o], s.Seq)
		}
	}
}
