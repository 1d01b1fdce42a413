package registrar

import (
	"errors"
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

var section = lis.Ref{Kind: lis.KindCourseSection, ID: "s"}

// told returns what a target was told, as house.queued does for lms.
func (h *house) told(target string) []string {
	h.t.Helper()
	snap, err := h.store.Snapshot(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	waiting, err := lis.Collect(snap.Queue(target, journal.Waiting))
	if err != nil {
		h.t.Fatal(err)
	}
	var words []string
	for _, d := range waiting {
		words = append(words, string(d.Act)+" "+string(d.Kind)+" "+string(d.ID)+" of "+d.Source)
	}
	return words
}

// steps returns the history of an object.
func (h *house) steps(k lis.Kind, id lis.SourcedID) []*journal.Step {
	h.t.Helper()
	snap, err := h.store.Snapshot(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	steps, err := lis.Collect(snap.History(k, id))
	if err != nil {
		h.t.Fatal(err)
	}
	return steps
}

func TestCorrect(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindCourseSection, "s", "Good"), call(lis.Replace, lis.KindCourseSection, "s", "Bad"))
	h.queued()
	good := &lis.Record{ID: "other", Object: &lis.CourseSection{Title: text("Good")}}
	kept := 0
	c := Correction{Caller: "desk", Ref: section, Record: good, Version: 2, Tell: []string{"planner"}, Why: "the SIS refused it",
		After: func(tx journal.Tx) error { kept++; return tx.PutJob(&journal.Job{ID: "j", Kind: "test"}) }}
	seq, err := h.Correct(t.Context(), c)
	if err != nil || kept != 1 {
		t.Fatal(seq, err)
	}
	h.expect(h.queued(), nil, "lms was told")
	h.expect(h.told("planner"), []string{"put courseSection s of "}, "planner was told")
	if says(h.object(lis.KindCourseSection, "s")) != "Good" {
		t.Error("it was not set back")
	}
	steps := h.steps(lis.KindCourseSection, "s")
	if last := steps[2]; last.Seq != seq || last.Version != 3 || last.Operation != "replaceCourseSection" {
		t.Errorf("kept %+v", last)
	}
	m := h.messages("s")
	if last := m[2]; last.Caller != "desk" || last.Status.Description != "the SIS refused it" || last.Operation != "replaceCourseSection" ||
		h.body(last) != string(h.entry(lis.KindCourseSection, "s").Body) {
		t.Errorf("message %+v", last)
	}
	h.expect(h.woken[len(h.woken)-1], "planner", "woken")
	if _, err := h.Correct(t.Context(), c); !errors.Is(err, ErrMoved) || len(h.messages("s")) != 3 || kept != 1 {
		t.Errorf("of an older version: %v", err)
	}
	c.Version, c.Tell = 3, nil
	if seq, err := h.Correct(t.Context(), c); err != nil || seq == 0 {
		t.Errorf("the same again, told to nobody: %v", err)
	}
	h.expect(append(h.queued(), h.told("planner")...), []string{"put courseSection s of "}, "told to nobody")
}

func TestCorrectTakesAway(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindCourseSection, "s", "Bad"), put("m", member("s", "p", "Learner")), put("g", memberOf("group", "s", "p", "Learner")),
		put("x", &lis.SectionAssociation{Title: text("x"), CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: []lis.SourcedID{"s"}}}))
	h.queued()
	if _, err := h.Correct(t.Context(), Correction{Caller: "desk", Ref: section, Version: 1, Tell: []string{"planner"}, Why: "refused"}); err != nil {
		t.Fatal(err)
	}
	h.expect(h.told("planner"), []string{"drop membership m of ", "drop courseSection s of "}, "told")
	h.expect(h.queued(), nil, "lms was told")
	if a := h.object(lis.KindSectionAssociation, "x").(*lis.SectionAssociation); len(a.Sections()) != 1 {
		t.Error("the association lost its section")
	}
	if m := h.messages("s"); m[len(m)-1].Operation != "deleteCourseSection" {
		t.Errorf("kept %+v", m[len(m)-1])
	}
	if _, err := h.Correct(t.Context(), Correction{Ref: section, Record: &lis.Record{Object: &lis.CourseSection{Title: text("Good")}}, Version: 2}); err != nil {
		t.Errorf("brought back: %v", err)
	}
	if steps := h.steps(lis.KindCourseSection, "s"); !steps[2].Created || steps[2].Version != 3 {
		t.Errorf("brought back %+v", steps[2])
	}
}

func TestCorrectRefuses(t *testing.T) {
	h := newHouse(t)
	trouble := errors.New("trouble")
	for name, c := range map[string]Correction{
		"no id":      {Ref: lis.Ref{Kind: lis.KindCourseSection}},
		"no kind":    {Ref: lis.Ref{Kind: "room", ID: "r"}},
		"not there":  {Ref: section},
		"other kind": {Ref: section, Record: &lis.Record{Object: &lis.Person{}}},
	} {
		var refusal *lis.Refusal
		c.After = func(journal.Tx) error { t.Errorf("%s: after was called", name); return nil }
		if _, err := h.Correct(t.Context(), c); !errors.As(err, &refusal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if m := h.messages("s"); len(m) != 2 || m[0].Status.OK() {
		t.Errorf("refusals kept: %+v", m)
	}
	c := Correction{Ref: section, Record: &lis.Record{Object: &lis.CourseSection{Title: text("Good")}}, After: func(journal.Tx) error { return trouble }}
	if _, err := h.Correct(t.Context(), c); !errors.Is(err, trouble) || h.entry(lis.KindCourseSection, "s") != nil || len(h.woken) != 0 {
		t.Errorf("trouble after it: %v", err)
	}
}
