package registrar

import (
	"testing"

	"lisgate/gateway/lis"
)

func TestGroupRelationships(t *testing.T) {
	h := newHouse(t)
	h.must(put("g", &lis.Group{}))
	add := func(id, to lis.SourcedID) *lis.Call {
		return &lis.Call{Operation: "addGroupRelationship", ID: "g", Relationship: &lis.Relationship{RelationID: id, Relation: "Parent", SourcedID: to}}
	}
	remove := func(id lis.SourcedID) *lis.Call {
		return &lis.Call{Operation: "removeGroupRelationship", ID: "g", RelationID: id}
	}
	h.must(add("r1", "a"), add(" r2 ", "b"), add("r1", "c"))
	h.expect(h.object(lis.KindGroup, "g").Links(), []lis.Link{{Name: "parent", Value: "c"}, {Name: "parent", Value: "b"}}, "r1 is replaced")
	h.must(remove("r1"), remove("r1"))
	h.expect(h.object(lis.KindGroup, "g").Links(), []lis.Link{{Name: "parent", Value: "b"}}, "r1 is removed")
	if got := h.do(remove("r9")); got.Status.CodeMinor != lis.UnknownObject {
		t.Errorf("unknown relationId: %+v", got.Status)
	}
	if got := h.do(&lis.Call{Operation: "removeGroupRelationship", ID: "no group", RelationID: "r"}); got.Status.CodeMinor != lis.UnknownObject {
		t.Errorf("unknown group: %+v", got.Status)
	}
}

func TestAssociationSections(t *testing.T) {
	h := newHouse(t)
	h.must(put("a", &lis.SectionAssociation{}))
	add := func(s lis.SourcedID) *lis.Call { return &lis.Call{Operation: "addCourseSectionId", ID: "a", Of: s} }
	remove := func(s lis.SourcedID) *lis.Call {
		return &lis.Call{Operation: "removeCourseSectionId", ID: "a", Of: s}
	}
	sections := func() []lis.SourcedID {
		return h.object(lis.KindSectionAssociation, "a").(*lis.SectionAssociation).Sections()
	}
	h.must(add("s1"), add("s2"), add("s1"))
	h.expect(sections(), []string{"s1", "s2"}, "added once each")
	h.must(remove("s1"), remove("s1"))
	h.expect(sections(), []string{"s2"}, "one is removed")
	if got := h.do(remove("s1x")); got.Status.CodeMinor != lis.UnknownObject {
		t.Errorf("not in it: %+v", got.Status)
	}
	h.must(remove("s2"), add("s3"), remove("s3"))
	h.expect(len(sections()), 0, "none is left")
}

func TestUpdateStatus(t *testing.T) {
	for _, k := range []lis.Kind{lis.KindCourseOffering, lis.KindCourseSection} {
		h := newHouse(t)
		update := &lis.Call{Operation: "update" + lis.InfoOf(k).Name + "Status", ID: "x", Status: "Inactive"}
		if got := h.do(update); got.Status.CodeMinor != lis.UnknownObject {
			t.Errorf("%s absent: %+v", k, got.Status)
		}
		h.must(call(lis.Create, k, "x", "word"), update, update)
		if e := h.entry(k, "x"); e.Version != 2 || says(h.object(k, "x")) != "word" {
			t.Errorf("%s: %+v", k, e)
		}
		h.expect(h.must(&lis.Call{Operation: lis.OperationFor(k, lis.Discover), Query: "status=Inactive"}).ids, []string{"x"}, "found by status")
	}
}

func TestCreateFrom(t *testing.T) {
	for _, k := range []lis.Kind{lis.KindCourseOffering, lis.KindCourseSection} {
		h := newHouse(t)
		name := lis.InfoOf(k).Name
		from := func(id, to lis.SourcedID) *lis.Call {
			return &lis.Call{Operation: "create" + name + "From" + name, ID: id, NewID: to, AcademicSession: text("2027")}
		}
		h.must(call(lis.Create, k, "a", "Physics"), call(lis.Create, k, "b", "Other"), from("a", "c"), from("a", "c"))
		if says(h.object(k, "c")) != "Physics" || says(h.object(k, "a")) != "Physics" {
			t.Errorf("%s: the copy says %q", k, says(h.object(k, "c")))
		}
		h.expect(h.must(&lis.Call{Operation: lis.OperationFor(k, lis.Discover), Query: "session=2027"}).ids, []string{"c"}, "session")
		if got := h.do(from("a", "b")); got.Status.CodeMinor != lis.IDAllocInUseFail {
			t.Errorf("%s to an id in use: %+v", k, got.Status)
		}
		if got := h.do(from("z", "d")); got.Status.CodeMinor != lis.UnknownObject {
			t.Errorf("%s from nothing: %+v", k, got.Status)
		}
	}
}

func TestReplaceResultsForLineItem(t *testing.T) {
	h := newHouse(t)
	res := func(id lis.SourcedID, item lis.SourcedID, score string) *lis.Record {
		return &lis.Record{ID: id, Object: &lis.Result{LineItemSourcedID: item, ResultScore: text(score)}}
	}
	h.must(put("r1", &lis.Result{LineItemSourcedID: "li", ResultScore: text("1")}))
	h.queued()
	c := &lis.Call{Operation: "replaceResultsForLineItem", Of: "li", Records: []*lis.Record{
		res("r1", "li", "10"), res("r2", "", "20"), res("r3", "other", "30"), res("", "li", "40"), res("r2", "", "50"),
		{ID: "r5"}, nil, {ID: "r6", Object: &lis.Group{}},
	}}
	got := h.do(c)
	if got.Status.CodeMinor != lis.PartialDataStorage || !got.Status.OK() {
		t.Errorf("status %+v", got.Status)
	}
	want := []lis.ReplaceCode{{ResultSourcedID: "r1", ReplaceStatus: "fullsuccess"}, {ResultSourcedID: "r2", ReplaceStatus: "createsuccess"}, {ResultSourcedID: "r3", ReplaceStatus: "invalidresult"},
		{ReplaceStatus: "incompletedata"}, {ResultSourcedID: "r2", ReplaceStatus: "invaliddata"}, {ResultSourcedID: "r5", ReplaceStatus: "incompletedata"},
		{ReplaceStatus: "incompletedata"}, {ResultSourcedID: "r6", ReplaceStatus: "invaliddata"}}
	h.expect(got.Codes, want, "codes")
	h.expect(h.queued(), []string{"put result r1", "put result r2"}, "changes")
	if r := h.object(lis.KindResult, "r2").(*lis.Result); r.LineItemSourcedID != "li" || r.ResultScore.String() != "20" {
		t.Errorf("r2 is %+v", r)
	}
	h.expect(h.do(c).Codes, want, "codes of the repeat")
	h.expect(len(h.queued()), 0, "changes of the repeat")

	bad := h.do(&lis.Call{Operation: "replaceResultsForLineItem", Of: "li", Records: []*lis.Record{res("r9", "other", "1")}})
	if bad.Status.CodeMinor != lis.InvalidData || len(bad.Codes) != 1 {
		t.Errorf("all bad: %+v %+v", bad.Status, bad.Codes)
	}
	all := h.do(&lis.Call{Operation: "replaceResultsForLineItem", Of: "li", Records: []*lis.Record{res("r9", "", "1")}})
	if all.Status.CodeMinor != lis.FullSuccess {
		t.Errorf("all good: %+v", all.Status)
	}
}
