package registrar

import (
	"fmt"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// school is a small school with something for every filtered read.
func school(t *testing.T) *house {
	h := newHouse(t)
	item := func(context lis.SourcedID, kind, itemType string) *lis.LineItem {
		return &lis.LineItem{Context: &lis.Context{ContextIdentifier: context, ContextType: kind}, LineItemType: &lis.LineItemType{LineItemTypeValue: text(itemType)}, ResultValueSourcedID: "scale"}
	}
	result := func(item, person lis.SourcedID, status string) *lis.Result {
		return &lis.Result{LineItemSourcedID: item, PersonSourcedID: person, StatusOfResult: &lis.ResultStatus{ResultStatusValue: text(status)}}
	}
	term := &lis.Group{GroupType: &lis.GroupType{TypeValue: []lis.TypeValue{{Type: text("TERM")}}}, Description: &lis.Description{ShortDescription: text("Fall 2026")}}
	teacher := memberOf("courseSection", "s1", "ann", "Instructor")
	teacher.Member.Role[0].SubRole = "Lecturer"
	h.must(
		put("T1", term), put("g1", &lis.Group{Email: "x"}),
		put("tpl", &lis.CourseTemplate{Title: text("Physics")}),
		put("o1", &lis.CourseOffering{ParentTemplateID: "tpl", AcademicSession: text("T1"), Status: "Active"}),
		put("o2", &lis.CourseOffering{ParentTemplateID: "tpl", AcademicSession: text("Fall 2026")}),
		put("o3", &lis.CourseOffering{ParentTemplateID: "tpl", AcademicSession: text("T1"), Status: "inactive"}),
		put("o4", &lis.CourseOffering{ParentTemplateID: "other", AcademicSession: text("T2")}),
		put("s1", &lis.CourseSection{ParentOfferingID: "o1"}), put("s2", &lis.CourseSection{ParentOfferingID: "o1"}),
		put("m1", teacher), put("m2", memberOf("courseSection", "s1", "ben", "Learner")), put("m3", memberOf("Group", "g1", "ann", "Member")),
		put("m4", memberOf("group", "s1", "ann", "Learner")), put("m5", memberOf("group", "unknown group", "ann", "Learner")),
		put("m6", memberOf("courseSection", "g1", "ben", "Learner")), put("m7", memberOf("group", "g1", "cy", "Learner")), put("m8", memberOf("group", "g1", "cy", "Mentor")),
		put("l1", item("s1", "CourseSection", "Final")), put("l2", item("s1", "courseSection", "Interim")),
		put("l3", item("o1", "http://example.edu/CourseOffering", "Final")), put("l4", item("s1", "CourseOffering", "Final")), put("l5", &lis.LineItem{}),
		put("r1", result("l1", "ann", "Complete")), put("r2", result("l1", "ben", "Open")), put("r3", result("l3", "ann", "Complete")),
	)
	return h
}

func TestFilteredReads(t *testing.T) {
	h := school(t)
	final := &lis.LineItemType{LineItemTypeValue: text("Final")}
	complete := &lis.ResultStatus{ResultStatusValue: text("Complete")}
	cases := []struct {
		call lis.Call
		want string
	}{
		{lis.Call{Operation: "readMembershipIdsForPerson", Of: "ann"}, "m1 m3 m4 m5"},
		{lis.Call{Operation: "readMembershipIdsForPerson", ID: " ben "}, "m2 m6"},
		{lis.Call{Operation: "readMembershipIdsForCollection", Of: "s1"}, "m1 m2 m4"},
		{lis.Call{Operation: "readMembershipIdsForCollection", Of: "s1", Collection: "CourseSection"}, "m1 m2"},
		{lis.Call{Operation: "readMembershipIdsForCollection", Of: "s1", Collection: "sectionAssociation"}, ""},
		{lis.Call{Operation: "readGroupIdsForPerson", Of: "ann"}, "g1"},
		{lis.Call{Operation: "readGroupIdsForPerson", Of: "ben"}, ""},
		{lis.Call{Operation: "readGroupIdsForPerson", Of: "cy"}, "g1"},
		{lis.Call{Operation: "readCourseOfferingIdsForCourseTemplate", ID: "tpl"}, "o1 o2 o3"},
		{lis.Call{Operation: "readCourseSectionIdsForCourseOffering", ID: "o1"}, "s1 s2"},
		{lis.Call{Operation: "readAllActiveCourseOfferingIdsForAcademicSession", AcademicSession: text("T1")}, "o1 o2"},
		{lis.Call{Operation: "readAllActiveCourseOfferingIdsForAcademicSession", AcademicSession: text("Fall 2026")}, "o2 o1"},
		{lis.Call{Operation: "readAllActiveCourseOfferingIdsForAcademicSession", AcademicSession: text("T2")}, "o4"},
		{lis.Call{Operation: "readLineItemIdsForPerson", Of: "ann"}, "l1 l3"},
		{lis.Call{Operation: "readLineItemIdsForCourseOffering", Of: "o1"}, "l3 l1 l2"},
		{lis.Call{Operation: "readLineItemIdsForCourseSection", Of: "s1"}, "l1 l2"},
		{lis.Call{Operation: "readLineItemIdsForCourseSectionWithLineItemType", Of: "s1", LineItemType: final}, "l1"},
		{lis.Call{Operation: "readLineItemIdsWithLineItemType", LineItemType: final}, "l1 l3 l4"},
		{lis.Call{Operation: "readResultIdsForPerson", Of: "ann"}, "r1 r3"},
		{lis.Call{Operation: "readResultIdsForLineItem", Of: "l1"}, "r1 r2"},
		{lis.Call{Operation: "readResultIdsForCourseOffering", Of: "o1"}, "r3 r1 r2"},
		{lis.Call{Operation: "readResultIdsForCourseSection", Of: "s1"}, "r1 r2"},
		{lis.Call{Operation: "readResultIdsForCourseSectionWithStatus", Of: "s1", ResultStatus: complete}, "r1"},
		{lis.Call{Operation: "readResultIdsForLineItemWithLineItemType", Of: "s1", LineItemType: final, ResultStatus: complete}, "r1"},
		{lis.Call{Operation: "readResultIdsForLineItemWithLineItemType", Of: "o1", LineItemType: final}, "r3 r1 r2"},
	}
	seen := map[string]bool{}
	for _, c := range cases {
		seen[c.call.Operation] = true
		got := h.do(&c.call)
		if ids := words(got.ids); ids != c.want || !got.Status.OK() {
			t.Errorf("%s %s: %q, want %q (%+v)", c.call.Operation, other(&c.call), ids, c.want, got.Status)
		}
		if (got.Status.CodeMinor == lis.NoSourcedIDs) != (c.want == "") {
			t.Errorf("%s: %+v", c.call.Operation, got.Status)
		}
	}
	for name := range filters {
		if !seen[name] && name != "readMembershipIdsForPersonWithRole" {
			t.Errorf("%s is not tested", name)
		}
	}
}

func words(ids []lis.SourcedID) string {
	return strings.Trim(fmt.Sprint(ids), "[]")
}

func TestMembershipIDsForPersonWithRole(t *testing.T) {
	h := school(t)
	cases := []struct {
		role lis.Role
		ids  []lis.SourcedID
		want string
	}{
		{lis.Role{RoleType: "Learner"}, nil, "m4 m5"},
		{lis.Role{RoleType: "instructor", SubRole: "Lecturer"}, nil, "m1"},
		{lis.Role{RoleType: "Instructor", SubRole: "GuestInstructor"}, nil, ""},
		{lis.Role{RoleType: "Learner"}, []lis.SourcedID{"m1", " m5"}, "m5"},
		{lis.Role{Status: "Inactive"}, nil, ""},
	}
	for _, c := range cases {
		got := h.do(&lis.Call{Operation: "readMembershipIdsForPersonWithRole", Of: "ann", Role: &c.role, IDs: c.ids})
		if ids := strings.Join(got.Status.OperationRefs, " "); ids != c.want || len(got.ids) != 0 {
			t.Errorf("%+v among %v: %q, want %q (%s)", c.role, c.ids, ids, c.want, got.Status.Description)
		}
	}
}

func TestManyIDsInAStatus(t *testing.T) {
	h := newHouse(t)
	var items []*BulkItem
	for i := range mostRefs + 5 {
		items = append(items, &BulkItem{Call: put(lis.SourcedID(fmt.Sprintf("m%04d", i)), member(lis.SourcedID(fmt.Sprint("s", i)), "p", "Learner"))})
	}
	if _, err := h.Import(t.Context(), "sis", "t", lis.Seq(items)); err != nil {
		t.Fatal(err)
	}
	got := h.do(&lis.Call{Operation: "readMembershipIdsForPersonWithRole", Of: "p", Role: &lis.Role{RoleType: "Learner"}})
	if len(got.Status.OperationRefs) != mostRefs || !strings.HasPrefix(got.Status.Description, "1005 found") {
		t.Errorf("%d refs, %q", len(got.Status.OperationRefs), got.Status.Description)
	}
}

func TestReadResultValueID(t *testing.T) {
	h := school(t)
	h.must(put("r4", &lis.Result{LineItemSourcedID: "l1", ResultValueSourcedID: "own"}))
	cases := []struct {
		op    string
		of    lis.SourcedID
		want  lis.SourcedID
		minor lis.CodeMinor
	}{
		{"readResultValueIdForLineItem", "l1", "scale", lis.FullSuccess},
		{"readResultValueIdForLineItem", "l5", "", lis.NoSourcedIDs},
		{"readResultValueIdForLineItem", "l9", "", lis.UnknownObject},
		{"readResultValueIdForResult", "r4", "own", lis.FullSuccess},
		{"readResultValueIdForResult", "r1", "", lis.NoSourcedIDs},
		{"readResultValueIdForResult", "", "", lis.IncompleteData},
	}
	for _, c := range cases {
		if got := h.do(&lis.Call{Operation: c.op, Of: c.of}); got.ID != c.want || got.Status.CodeMinor != c.minor {
			t.Errorf("%s of %s: %q %+v", c.op, c.of, got.ID, got.Status)
		}
	}
}
