package registrar

import (
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// exported returns what an extract holds as "replace person p".
func (h *house) exported(f *lis.BulkFilter) string {
	h.t.Helper()
	items, end, err := h.Export(h.t.Context(), f)
	if err != nil {
		h.t.Fatal(err)
	}
	defer end()
	var words []string
	for item, err := range items {
		if err != nil {
			h.t.Fatal(err)
		}
		words = append(words, strings.TrimPrefix(item.Call.Operation, "replace")+" "+string(item.Call.ID))
	}
	return strings.Join(words, ", ")
}

func TestExportIsInOrderOfDependency(t *testing.T) {
	h := newHouse(t)
	each(t, func(t *testing.T, k lis.Kind) { h.must(call(lis.Create, k, "x", "word")) })
	h.expect(h.exported(nil), "Group x, CourseTemplate x, CourseOffering x, CourseSection x, SectionAssociation x, "+
		"Person x, Membership x, LineItem x, ResultValue x, Result x", "all")
	point := h.must(call(lis.ReadAllIDs, lis.KindPerson, "", "")).SavePoint
	h.expect(h.exported(&lis.BulkFilter{SavePoint: point}), "", "nothing since")
	h.must(call(lis.Delete, lis.KindMembership, "x", ""), call(lis.Delete, lis.KindGroup, "x", ""), call(lis.Replace, lis.KindPerson, "y", "new"))
	h.expect(h.exported(&lis.BulkFilter{SavePoint: point}), "Person y, deleteMembership x, deleteGroup x", "since, the gone last and backwards")
	if strings.Contains(h.exported(nil), "delete") {
		t.Error("a whole extract has nothing to delete")
	}
}

func TestExportRules(t *testing.T) {
	h := school(t)
	rule := func(rules ...lis.BulkFilterRule) *lis.BulkFilter { return &lis.BulkFilter{Rule: rules} }
	cases := []struct {
		filter *lis.BulkFilter
		want   string
	}{
		{rule(lis.BulkFilterRule{FilterType: "CourseSection"}), "CourseSection s1, CourseSection s2"},
		{rule(lis.BulkFilterRule{FilterType: "courseofferings", ValueObject: "session", Value: "T1"}, lis.BulkFilterRule{FilterType: "Group", ValueObject: "type", Value: "TERM"}),
			"Group T1, CourseOffering o1, CourseOffering o3"},
		{rule(lis.BulkFilterRule{FilterType: "CourseOffering", ValueObject: "session", Value: "T1"}, lis.BulkFilterRule{FilterType: "CourseOffering", ValueObject: "status", Value: "Active"}),
			"CourseOffering o1"},
		{rule(lis.BulkFilterRule{FilterType: "Result", ValueObject: "sourcedId", Value: "r1"}), "Result r1"},
		{rule(lis.BulkFilterRule{FilterType: "Result", ValueObject: "sourcedId", Value: "r*"}), "Result r1, Result r2, Result r3"},
		{rule(lis.BulkFilterRule{FilterType: "SavePoint", Value: "2090-01-01T00:00:00.000"}), ""},
	}
	for _, c := range cases {
		if got := h.exported(c.filter); got != c.want {
			t.Errorf("%+v: %s, want %s", c.filter, got, c.want)
		}
	}
	for _, bad := range []lis.BulkFilterRule{{FilterType: "Planet"}, {FilterType: "Person", ValueObject: "shoe", Value: "44"}, {FilterType: "savepoint", Value: "soon"}} {
		if _, _, err := h.Export(t.Context(), rule(bad)); !isRefusal(err) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// A receiver of a part may have had what is gone before it left that part.
func TestExportOfAPartTellsAllThatIsGone(t *testing.T) {
	h := school(t)
	point := h.must(call(lis.ReadAllIDs, lis.KindPerson, "", "")).SavePoint
	h.must(call(lis.Delete, lis.KindCourseOffering, "o4", ""), call(lis.Delete, lis.KindCourseTemplate, "tpl", ""))
	h.expect(h.exported(&lis.BulkFilter{SavePoint: point, Rule: []lis.BulkFilterRule{{FilterType: "CourseOffering", ValueObject: "session", Value: "T1"}}}),
		"deleteCourseOffering o4", "offerings of a session")
}

// What is exported can be imported elsewhere, and is the same there.
func TestExportIsImport(t *testing.T) {
	from, to := school(t), newHouse(t)
	items, end, err := from.Export(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	report, err := to.Import(t.Context(), "gateway", "t", items)
	if err != nil || *report.Failed != 0 || *report.Applied == 0 {
		t.Fatalf("%+v %v", report, err)
	}
	if a, b := from.exported(nil), to.exported(nil); a != b {
		t.Errorf("exported %s, imported %s", a, b)
	}
}
