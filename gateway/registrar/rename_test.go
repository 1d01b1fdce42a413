package registrar

import (
	"errors"
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func pairOf(id lis.SourcedID, targetID string, gone bool) journal.Pair {
	return journal.Pair{Target: "sis", Kind: lis.KindCourseSection, ID: id, TargetID: targetID, Gone: gone}
}

func TestRename(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindCourseSection, "P-1", "New"), put("m", member("P-1", "p", "Instructor")))
	h.queued()
	if err := h.store.Write(t.Context(), func(tx journal.Tx) error { return tx.SetPair(pairOf("P-1", "S-9", false), "allotted") }); err != nil {
		t.Fatal(err)
	}
	var sources []string
	h.Targets = func(_ journal.View, c *lis.Change) ([]string, error) {
		sources = append(sources, string(c.Kind)+" of "+c.Source)
		return []string{"lms"}, nil
	}
	n := Renaming{Caller: "desk", Kind: lis.KindCourseSection, From: "P-1", To: "S-9", Tell: []string{"planner"}, Why: "the SIS allotted it",
		Pairs: []journal.Pair{pairOf("S-9", "S-9", false), pairOf("P-1", "S-9", true)},
		After: func(tx journal.Tx) error { return tx.PutJob(&journal.Job{ID: "j", Kind: "test"}) }}
	if err := h.Rename(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	h.expect(h.told("planner"), []string{"rekey courseSection P-1 of "}, "planner was told")
	h.expect(h.queued(), []string{"put membership m"}, "lms was told")
	h.expect(sources, []string{"membership of "}, "routed")
	if m := h.object(lis.KindMembership, "m").(*lis.Membership); m.CollectionSourcedID != "S-9" || says(h.object(lis.KindCourseSection, "S-9")) != "New" {
		t.Errorf("it is %+v", m)
	}
	for id, want := range map[lis.SourcedID]bool{"S-9": false, "P-1": true} {
		p, err := h.store.Pair(t.Context(), "sis", lis.KindCourseSection, id)
		if err != nil || p == nil || p.Gone != want || p.TargetID != "S-9" {
			t.Errorf("pair of %s is %+v, %v", id, p, err)
		}
	}
	if m := h.messages("P-1"); m[len(m)-1].Status.Description != "the SIS allotted it" || m[len(m)-1].Operation != "changeCourseSectionIdentifier" {
		t.Errorf("kept %+v", m[len(m)-1])
	}
}

// What refuses, or fails, leaves all as it was.
func TestRenameRefuses(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindCourseSection, "P-1", "New"), call(lis.Create, lis.KindCourseSection, "S-9", "Old"))
	h.queued()
	for name, to := range map[string]lis.SourcedID{"taken": "S-9", "none": "", "the same": "P-1"} {
		var refusal *lis.Refusal
		n := Renaming{Kind: lis.KindCourseSection, From: "P-1", To: to, Pairs: []journal.Pair{pairOf("P-1", "x", false)}}
		if err := h.Rename(t.Context(), n); !errors.As(err, &refusal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var refusal *lis.Refusal
	if err := h.Rename(t.Context(), Renaming{Kind: lis.KindCourseSection, From: "nobody", To: "S-1"}); !errors.As(err, &refusal) || refusal.Situation != lis.NotThere {
		t.Errorf("of nothing: %v", err)
	}
	n := Renaming{Kind: lis.KindCourseSection, From: "P-1", To: "S-8", Pairs: []journal.Pair{pairOf("a", "7", false), pairOf("b", "7", false)}}
	if err := h.Rename(t.Context(), n); err == nil {
		t.Error("two objects have one id of the SIS")
	}
	if h.object(lis.KindCourseSection, "P-1") == nil || h.entry(lis.KindCourseSection, "S-8") != nil {
		t.Error("something was done")
	}
	h.expect(h.queued(), nil, "told")
}
