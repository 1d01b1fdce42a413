package registrar

import (
	"errors"
	"strings"
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func TestBatch(t *testing.T) {
	h := newHouse(t)
	calls := []*lis.Call{
		call(lis.Replace, lis.KindPerson, "p", "Ann"), put("m", member("s", "p", "Learner")),
		call(lis.Update, lis.KindPerson, "nobody", "x"), {Operation: "readPerson", ID: "p"}, {Operation: "announceBulkDataExchange"},
		call(lis.Replace, lis.KindPerson, "unwanted", "x"), call(lis.Replace, lis.KindPerson, "p", "Ann"), call(lis.Delete, lis.KindPerson, "p", ""),
	}
	var asked []int
	wanted := func(_ journal.Tx, i int) (bool, error) {
		asked = append(asked, i)
		return i != 5, nil
	}
	after := func(tx journal.Tx, o []Outcome) error {
		return tx.PutJob(&journal.Job{ID: "j", Kind: "test", State: string(o[0].CodeMajor)})
	}
	got, err := h.Batch(t.Context(), "feed", calls, wanted, after)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		major   lis.CodeMajor
		changes int
	}{{lis.Success, 1}, {lis.Success, 1}, {lis.Failure, 0}, {lis.Unsupported, 0}, {lis.Unsupported, 0}, {"", 0}, {lis.Success, 0}, {lis.Success, 2}}
	for i := range want {
		if got[i].CodeMajor != want[i].major || got[i].Changes != want[i].changes {
			t.Errorf("call %d: %+v", i, got[i])
		}
	}
	h.expect(asked, []int{0, 1, 2, 3, 4, 5, 6, 7}, "asked, in turn")
	h.expect(h.queued(), []string{"put person p", "put membership m", "drop membership m", "drop person p"}, "changes")
	if m := h.messages("p"); len(m) != 4 || m[0].Caller != "feed" || m[0].Operation != "replacePerson" {
		t.Errorf("kept %+v", m)
	}
	if n := len(h.messages("unwanted")); n != 0 {
		t.Errorf("%d messages of what was not wanted", n)
	}
}

// The message of a call in a batch is its record.
func TestBatchKeepsTheRecordAsMessage(t *testing.T) {
	h := newHouse(t)
	if _, err := h.Batch(t.Context(), "feed", []*lis.Call{call(lis.Replace, lis.KindPerson, "p", "Ann")}, nil, nil); err != nil {
		t.Fatal(err)
	}
	snap, err := h.Store.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	m, err := snap.ReadMessage(h.messages("p")[0].Seq)
	if err != nil || string(m.Body) != string(h.entry(lis.KindPerson, "p").Body) {
		t.Errorf("kept %s: %v", m.Body, err)
	}
}

// Errors of what is asked inside, and of the routes, leave nothing.
func TestBatchIsAllOrNothing(t *testing.T) {
	h := newHouse(t)
	trouble := errors.New("trouble")
	one := func() []*lis.Call { return []*lis.Call{call(lis.Replace, lis.KindPerson, "p", "Ann")} }
	_, err := h.Batch(t.Context(), "feed", one(), nil, func(journal.Tx, []Outcome) error { return trouble })
	_, asked := h.Batch(t.Context(), "feed", one(), func(journal.Tx, int) (bool, error) { return true, trouble }, nil)
	h.Targets = func(journal.View, *lis.Change) ([]string, error) { return nil, trouble }
	_, routed := h.Batch(t.Context(), "feed", one(), nil, nil)
	if !errors.Is(err, trouble) || !errors.Is(asked, trouble) || !errors.Is(routed, trouble) {
		t.Errorf("%v\n%v\n%v", err, asked, routed)
	}
	if h.entry(lis.KindPerson, "p") != nil || len(h.messages("p")) != 0 || len(h.woken) != 0 {
		t.Error("something was left")
	}
	got := h.do(call(lis.Replace, lis.KindPerson, "p", "Ann"))
	if got.Status.CodeMinor != lis.TargetIsBusy || !strings.Contains(got.Status.Description, "find the targets") {
		t.Errorf("a message whose targets cannot be found: %+v", got.Status)
	}
}
