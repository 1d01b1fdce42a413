package registrar

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// from makes a request of a caller, with a message of its own.
func from(caller string, c *lis.Call) *Request {
	q := requestOf(c)
	q.Caller, q.MessageID = caller, caller+"-"+c.Operation
	return q
}

// asked are the requests of the tests: two callers, an id that is allotted, a
// change of what the packet itself made, and a delete with its cascade.
func asked() []*Request {
	proxied := from("planner", call(lis.CreateByProxy, lis.KindCourseSection, "", "New"))
	proxied.Allotted = "S-9"
	bare := from("planner", put("s", &lis.CourseSection{Title: text("Bare")}))
	bare.Body = nil
	return []*Request{
		from("sis", call(lis.Replace, lis.KindCourseSection, "s", "Old")),
		from("planner", call(lis.Update, lis.KindCourseSection, "s", "Newer")), proxied,
		from("sis", put("m", member("s", "p", "Learner"))), bare,
		from("sis", call(lis.Replace, lis.KindCourseSection, "s", "Old")),
		from("planner", call(lis.Delete, lis.KindCourseSection, "s", "")),
	}
}

func TestTogether(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Replace, lis.KindCourseSection, "s", "Old"))
	old := string(h.entry(lis.KindCourseSection, "s").Body)
	h.queued()
	requests := append(asked(), from("planner", call(lis.Update, lis.KindCourseSection, "nobody", "x")))
	var told []Outcome
	got, err := h.Together(t.Context(), requests, false, func(tx journal.Tx, o []Outcome) error {
		told = o
		return tx.PutJob(&journal.Job{ID: "j", Kind: "test"})
	})
	if err != nil {
		t.Fatal(err)
	}
	h.expect(got, told, "what after was told, and what came back")
	want := []string{
		"true 0 changes, allotted , version 1, was Old", "true 1 changes, allotted , version 2, was Old",
		"true 1 changes, allotted S-9, version 1, was ", "true 1 changes, allotted , version 1, was ",
		"true 1 changes, allotted , version 3, was Newer", "true 1 changes, allotted , version 4, was Bare",
		"true 2 changes, allotted , version 5, was Old", "false 0 changes, allotted , version 0, was ",
	}
	for i, o := range got {
		title := ""
		if o.Before != nil {
			rec, err := lis.UnmarshalRecord(requests[i].kind(), "x", o.Before)
			if err != nil {
				t.Fatal(err)
			}
			title = says(rec.Object)
		}
		if text := fmt.Sprintf("%v %d changes, allotted %s, version %d, was %s", o.OK(), o.Changes, o.ID, o.Version, title); text != want[i] {
			t.Errorf("%d: %s\nwant %s", i, text, want[i])
		}
		if (o.Seq > 0) != (o.Changes > 0) || i > 1 && o.Seq > 0 && o.Seq <= got[1].Seq {
			t.Errorf("%d: %d changes from %d", i, o.Changes, o.Seq)
		}
	}
	if string(got[0].Before) != old {
		t.Errorf("before was %s", got[0].Before)
	}
	h.expect(h.queued(), []string{"put courseSection s", "put courseSection S-9", "put membership m", "put courseSection s",
		"put courseSection s", "drop membership m", "drop courseSection s"}, "changes, in order")
	m := h.messages("s")
	if len(m) != 6 || m[2].Caller != "planner" || m[2].MessageID != "planner-updateCourseSection" || string(m[2].Hash) != string(requests[1].Hash) {
		t.Errorf("%d messages, %+v", len(m), m[2])
	}
	if len(h.messages("nobody")) != 1 {
		t.Error("a refusal was not kept")
	}
	if h.body(m[2]) != string(requests[1].Body) || !strings.Contains(h.body(m[3]), "Bare") {
		t.Errorf("kept %s and %s", h.body(m[2]), h.body(m[3]))
	}
}

func (q *Request) kind() lis.Kind { return operationOf(q.Call).Kind }

// body returns the body of a message.
func (h *house) body(m *journal.Message) string {
	h.t.Helper()
	snap, err := h.store.Snapshot(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	whole, err := snap.ReadMessage(m.Seq)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(whole.Body)
}

func TestTogetherWhole(t *testing.T) {
	h := newHouse(t)
	if got, err := h.Together(t.Context(), asked(), true, nil); err != nil || len(got) != 7 || got[6].Changes != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	h = newHouse(t)
	requests := append(asked()[:4], from("planner", call(lis.Update, lis.KindCourseSection, "nobody", "x")), from("sis", call(lis.Replace, lis.KindPerson, "p", "Ann")))
	got, err := h.Together(t.Context(), requests, true, func(journal.Tx, []Outcome) error {
		t.Error("after was called")
		return nil
	})
	if !errors.Is(err, ErrNotWhole) || len(got) != 6 {
		t.Fatalf("%+v, %v", got, err)
	}
	for i, o := range got {
		if o.OK() != (i != 4) || o.CodeMajor == "" || o.Seq != 0 || o.Changes != 0 || o.Version != 0 || o.ID != "" {
			t.Errorf("%d: %+v", i, o)
		}
	}
	if h.entry(lis.KindCourseSection, "s") != nil || len(h.messages("s")) != 0 || len(h.messages("nobody")) != 0 || len(h.woken) != 0 {
		t.Error("something was kept")
	}
	h.Refuse(t.Context(), requests[4], got[4].Status)
	if m := h.messages("nobody"); len(m) != 1 || m[0].Status.OK() {
		t.Errorf("refusals kept: %+v", m)
	}
}

// The same packet again has no effect, and allots no second id.
func TestTogetherTwice(t *testing.T) {
	h := newHouse(t)
	for i := range 2 {
		requests := asked()[2:3]
		requests[0].Allotted += lis.SourcedID(fmt.Sprint(i))
		got, err := h.Together(t.Context(), requests, true, nil)
		if err != nil || got[0].ID != "S-90" || got[0].Version != int64(1-i) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	h.expect(h.queued(), []string{"put courseSection S-90"}, "changes")
}

func TestAllottedInUse(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindCourseSection, "S-9", "Old"))
	if a := h.send(asked()[2]); a.Status.CodeMinor != lis.IDAllocInUseFail && a.Status.CodeMinor != lis.IDAllocFail {
		t.Errorf("answered %+v", a.Status)
	}
	q := asked()[2]
	q.Allotted = "S-10"
	if a := h.send(q); !a.Status.OK() || a.ID != "S-10" {
		t.Errorf("answered %+v", a)
	}
}

// A tombstone has a version, and no content.
func TestTogetherAfterADelete(t *testing.T) {
	h := newHouse(t)
	got, err := h.Together(t.Context(), []*Request{
		from("sis", call(lis.Create, lis.KindPerson, "p", "Ann")), from("sis", call(lis.Delete, lis.KindPerson, "p", "")),
		from("sis", call(lis.Create, lis.KindPerson, "p", "Ben")),
	}, false, nil)
	if err != nil || got[1].Before == nil || got[2].Before != nil || got[1].Version != 2 || got[2].Version != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}
