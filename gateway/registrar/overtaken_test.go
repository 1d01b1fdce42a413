package registrar

import (
	"strings"
	"testing"
	"time"

	"lisgate/gateway/lis"
)

// A delete that overtakes its create is answered as ever, leaves a tombstone
// and is told; its repeat adds nothing.
func TestDeleteOfWhatWasNeverThere(t *testing.T) {
	each(t, func(t *testing.T, k lis.Kind) {
		h := newHouse(t)
		for range 2 {
			if got := h.do(call(lis.Delete, k, "x", "")); got.Status.CodeMinor != lis.UnknownObject || got.Status.CodeMajor != lis.Failure {
				t.Errorf("answered %+v", got.Status)
			}
		}
		if e := h.entry(k, "x"); e == nil || !e.Deleted || e.Version != 1 || len(e.Body) > 0 {
			t.Errorf("left %+v, want one tombstone without content", e)
		}
		h.expect(h.queued(), []string{"drop " + string(k) + " x"}, "changes")
		h.expect(h.woken, []string{"lms"}, "woken")

		past := &lis.Call{Operation: lis.OperationFor(k, lis.ReadPluralFrom), SavePoint: "2020-01-01"}
		if got := h.do(past); got.Status.CodeMinor != lis.NoSourcedIDs || len(got.records) != 0 {
			t.Errorf("a plural read tells of it: %+v", got.Status)
		}
		past.Operation = lis.OperationFor(k, lis.ReadIDsFrom)
		h.expect(h.do(past).ids, []string{"x"}, "ids that changed")

		h.must(call(lis.Create, k, "x", "new"))
		if says(h.object(k, "x")) != "new" {
			t.Error("without a sequence a create counts when it comes")
		}
	})
}

func TestDeleteBeforeItsCreate(t *testing.T) {
	h := newHouse(t, stamped)
	stale := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	h.do(call(lis.Delete, lis.KindGroup, "g", ""))
	got := h.must(at(stale, call(lis.Create, lis.KindGroup, "g", "late")))
	if h.object(lis.KindGroup, "g") != nil {
		t.Errorf("the create revived it: %+v", got.Status)
	}
	fresh := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	h.must(at(fresh, call(lis.Create, lis.KindGroup, "g", "new")))
	if says(h.object(lis.KindGroup, "g")) != "new" {
		t.Error("a create from after the delete must count")
	}
}

// Whoever may delete must not fill the journal with long names of nothing.
func TestNoTombstoneForALongName(t *testing.T) {
	h := newHouse(t)
	for _, n := range []int{1024, 1025} {
		id := lis.SourcedID(strings.Repeat("x", n))
		h.Do(t.Context(), &Request{Call: &lis.Call{Operation: "deletePerson", ID: id}, Caller: "sis"})
		snap, err := h.store.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		e, err := snap.Get(lis.KindPerson, id)
		snap.Close()
		if err != nil || (e != nil) != (n == 1024) {
			t.Errorf("%d letters: %v, %v", n, e, err)
		}
	}
}
