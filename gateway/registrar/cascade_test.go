package registrar

import (
	"fmt"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

func TestDeletePersonTakesMembershipsAndLeavesResults(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindPerson, "p", "Ann"),
		put("m1", member("s1", "p", "Learner")), put("m2", member("s2", "p", "Learner")), put("m3", member("s1", "q", "Learner")),
		put("r", &lis.Result{LineItemSourcedID: "li", PersonSourcedID: "p"}))
	h.queued()
	got := h.must(call(lis.Delete, lis.KindPerson, "p", ""))
	if want := "deleted, and with it 2 memberships"; got.Status.Description != want {
		t.Errorf("said %q, want %q", got.Status.Description, want)
	}
	h.expect(h.queued(), []string{"drop membership m1", "drop membership m2", "drop person p"}, "changes, children first")
	if h.object(lis.KindMembership, "m3") == nil || h.object(lis.KindResult, "r") == nil {
		t.Error("another's membership and the person's results must stay")
	}
}

func TestDeleteLineItemAnswersItsResults(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindLineItem, "li", "Exam"), put("r1", &lis.Result{LineItemSourcedID: "li"}),
		put("r2", &lis.Result{LineItemSourcedID: "li"}), put("r3", &lis.Result{LineItemSourcedID: "other"}),
		put("r4", &lis.Result{LineItemSourcedID: "li"}), call(lis.Delete, lis.KindResult, "r4", "")) // gone before
	del := call(lis.Delete, lis.KindLineItem, "li", "")
	h.expect(h.must(del).ids, []string{"r1", "r2"}, "resultIdSet")
	h.expect(h.must(del).ids, []string{"r1", "r2"}, "resultIdSet of the repeat")
	if h.object(lis.KindResult, "r3") == nil {
		t.Error("a result of another line item went too")
	}
}

// What goes with each collection, and what only loses its reference.
func TestDeleteCollections(t *testing.T) {
	h := newHouse(t)
	of := func(ids ...lis.SourcedID) *lis.SectionAssociation {
		return &lis.SectionAssociation{CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: ids}}
	}
	for _, k := range collections { // one id for all: the type tells whose member it is
		h.must(call(lis.Create, k, "c", "x"), put("m-"+lis.SourcedID(k), memberOf(string(k), "c", "p", "Learner")))
	}
	h.must(put("a1", of("c", "d")), put("a2", of("c")), put("kid", &lis.Group{Relationship: []lis.Relationship{
		{RelationID: "r", Relation: "Parent", SourcedID: "c"}, {RelationID: "q", Relation: "Parent", SourcedID: "d"}}}),
		put("sec", &lis.CourseSection{ParentOfferingID: "c"}), put("off", &lis.CourseOffering{ParentTemplateID: "c", AcademicSession: text("c")}),
		put("li", &lis.LineItem{Context: &lis.Context{ContextIdentifier: "c", ContextType: "CourseSection"}}))
	h.queued()
	cases := map[lis.Kind][]string{
		lis.KindGroup:              {"drop membership m-group", "put group kid", "drop group c"},
		lis.KindCourseSection:      {"drop membership m-courseSection", "put sectionAssociation a1", "put sectionAssociation a2", "drop courseSection c"},
		lis.KindCourseTemplate:     {"drop membership m-courseTemplate", "drop courseTemplate c"},
		lis.KindCourseOffering:     {"drop membership m-courseOffering", "drop courseOffering c"},
		lis.KindSectionAssociation: {"drop membership m-sectionAssociation", "drop sectionAssociation c"},
	}
	for _, k := range collections {
		h.must(call(lis.Delete, k, "c", ""))
		h.expect(h.queued(), cases[k], "delete of "+string(k))
	}
	h.expect(h.object(lis.KindSectionAssociation, "a1").(*lis.SectionAssociation).Sections(), []string{"d"}, "sections left")
	h.expect(len(h.object(lis.KindSectionAssociation, "a2").(*lis.SectionAssociation).Sections()), 0, "no sections left")
	h.expect(len(h.object(lis.KindGroup, "kid").(*lis.Group).Relationship), 1, "relationships left")
}

func TestDeleteOfAGroupRelatedToItself(t *testing.T) {
	h := newHouse(t)
	h.must(put("g", &lis.Group{Relationship: []lis.Relationship{{RelationID: "r", SourcedID: "g"}}}))
	h.must(call(lis.Delete, lis.KindGroup, "g", ""))
	h.expect(h.queued(), []string{"put group g", "drop group g"}, "changes")
}

// changeIdentifier of each kind, with every reference that leads to it.
func TestChangeIdentifierIsFollowed(t *testing.T) {
	context := func(k lis.Kind) lis.Object {
		return &lis.LineItem{Context: &lis.Context{ContextIdentifier: "old", ContextType: "http://example.edu/" + string(k)}}
	}
	cases := map[lis.Kind]map[lis.SourcedID]lis.Object{
		lis.KindPerson: {"m": member("s", "old", "Learner"), "r": &lis.Result{LineItemSourcedID: "l", PersonSourcedID: "old"}},
		lis.KindGroup: {"m": memberOf("Group", "old", "p", "Member"),
			"g": &lis.Group{Relationship: []lis.Relationship{{RelationID: "1", SourcedID: "old"}, {RelationID: "2", SourcedID: "other"}}},
			"o": &lis.CourseOffering{AcademicSession: text("old")}, "s": &lis.CourseSection{AcademicSession: text("old")}},
		lis.KindMembership:         {},
		lis.KindCourseTemplate:     {"m": memberOf("courseTemplate", "old", "p", "x"), "o": &lis.CourseOffering{ParentTemplateID: "old"}},
		lis.KindCourseOffering:     {"m": memberOf("courseOffering", "old", "p", "x"), "s": &lis.CourseSection{ParentOfferingID: "old"}, "l": context(lis.KindCourseOffering)},
		lis.KindCourseSection:      {"m": memberOf("", "old", "p", "x"), "a": &lis.SectionAssociation{CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: []lis.SourcedID{"x", "old"}}}, "l": context(lis.KindCourseSection)},
		lis.KindSectionAssociation: {"m": memberOf("sectionAssociation", "old", "p", "x")},
		lis.KindLineItem:           {"r": &lis.Result{LineItemSourcedID: "old"}},
		lis.KindResult:             {},
		lis.KindResultValue:        {"l": &lis.LineItem{ResultValueSourcedID: "old"}, "r": &lis.Result{LineItemSourcedID: "l", ResultValueSourcedID: "old"}},
	}
	each(t, func(t *testing.T, k lis.Kind) {
		h := newHouse(t)
		h.must(call(lis.Create, k, "old", "x"))
		stranger := memberOf("courseTemplate", "old", "somebody", "x") // of another collection under the same id
		if k != lis.KindCourseTemplate {
			h.must(put("stranger", stranger))
		}
		for id, o := range cases[k] {
			h.must(put(id, o))
		}
		h.queued()
		change := &lis.Call{Operation: lis.OperationFor(k, lis.ChangeIdentifier), ID: "old", NewID: "new"}
		h.must(change)
		if h.object(k, "old") != nil || says(h.object(k, "new")) != "x" {
			t.Error("the object did not move")
		}
		queue := h.queued()
		if len(queue) != 1+len(cases[k]) || queue[0] != "rekey "+string(k)+" old" {
			t.Errorf("changes %v, want the rekey and then %d others", queue, len(cases[k]))
		}
		for id, o := range cases[k] {
			links := fmt.Sprint(h.object(o.Kind(), id).Links())
			if strings.Contains(links, " old}") || !strings.Contains(links, " new}") {
				t.Errorf("%s %s now has %s", o.Kind(), id, links)
			}
		}
		if got := h.do(change); !got.Status.OK() {
			t.Errorf("the repeat: %+v", got.Status)
		}
		if n := len(h.queued()); n != 0 {
			t.Errorf("the repeat made %d changes", n)
		}
	})
}

func TestChangeIdentifierRefusals(t *testing.T) {
	each(t, func(t *testing.T, k lis.Kind) {
		h := newHouse(t)
		h.must(call(lis.Create, k, "a", "x"), call(lis.Create, k, "b", "x"), call(lis.Create, k, "gone", "x"), call(lis.Delete, k, "gone", ""))
		try := func(from, to lis.SourcedID, want lis.CodeMinor) {
			t.Helper()
			got := h.do(&lis.Call{Operation: lis.OperationFor(k, lis.ChangeIdentifier), ID: from, NewID: to})
			if got.Status.CodeMinor != want {
				t.Errorf("%s to %s: %+v, want %s", from, to, got.Status, want)
			}
		}
		try("a", "b", lis.IDAllocInUseFail)
		try("a", "a", lis.InvalidData)
		try("nobody", "c", lis.UnknownObject)
		try("gone", "c", lis.UnknownObject)
		try("a", "gone", lis.FullSuccess)
		try("gone", "a", lis.FullSuccess) // and back
	})
}

func TestChangeIdentifierOfAGroupThatSpeaksOfItself(t *testing.T) {
	h := newHouse(t)
	h.must(put("g", &lis.Group{Relationship: []lis.Relationship{{RelationID: "r", SourcedID: "g"}}}))
	h.must(&lis.Call{Operation: "changeGroupIdentifier", ID: "g", NewID: "h"})
	h.expect(h.object(lis.KindGroup, "h").Links(), []lis.Link{{Name: "parent", Value: "h"}}, "links")
}

func TestLargeFanOut(t *testing.T) {
	if testing.Short() {
		t.Skip("20,000 memberships")
	}
	const many = 20000
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindCourseSection, "s", "x"))
	items := func(yield func(*BulkItem, error) bool) {
		for i := range many {
			id := lis.SourcedID(fmt.Sprintf("m%05d", i))
			if !yield(&BulkItem{Call: put(id, member("s", lis.SourcedID(fmt.Sprint("p", i)), "Learner"))}, nil) {
				return
			}
		}
	}
	if report, err := h.Import(t.Context(), "sis", "t", items); err != nil || *report.Applied != many {
		t.Fatal(report, err)
	}
	got := h.must(&lis.Call{Operation: "changeCourseSectionIdentifier", ID: "s", NewID: "z"})
	if !strings.Contains(got.Status.Description, "20000 memberships") {
		t.Error(got.Status.Description)
	}
	if n := len(h.must(&lis.Call{Operation: "readMembershipIdsForCollection", Of: "z"}).ids); n != many {
		t.Errorf("%d memberships follow", n)
	}
	h.must(call(lis.Delete, lis.KindCourseSection, "z", ""))
	if n := len(h.do(call(lis.ReadAllIDs, lis.KindMembership, "", "")).ids); n != 0 {
		t.Errorf("%d memberships are left", n)
	}
}
