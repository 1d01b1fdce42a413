package registrar

import (
	"encoding/json"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// Every identifier in every record loses the white space that peers pad it
// with: all of them are found by their spelling here, "~" standing for space.
func TestPaddedIdentifiers(t *testing.T) {
	const pad = " ~\n"
	id := lis.SourcedID(strings.ReplaceAll(pad, "~", "id"))
	records := []lis.Object{
		&lis.Person{}, &lis.CourseTemplate{}, &lis.ResultValue{},
		&lis.Group{Relationship: []lis.Relationship{{RelationID: id, SourcedID: id}}},
		&lis.Membership{CollectionSourcedID: id, Member: &lis.Member{PersonSourcedID: id}}, &lis.Membership{CollectionSourcedID: id},
		&lis.CourseOffering{ParentTemplateID: id}, &lis.CourseSection{ParentOfferingID: id},
		&lis.SectionAssociation{CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: []lis.SourcedID{id, id}}}, &lis.SectionAssociation{},
		&lis.LineItem{Context: &lis.Context{ContextIdentifier: id}, ResultValueSourcedID: id}, &lis.LineItem{},
		&lis.Result{LineItemSourcedID: id, PersonSourcedID: id, ResultValueSourcedID: id},
	}
	for _, o := range records {
		c := &lis.Call{
			ID: id, NewID: id, Of: id, RelationID: id, IDs: []lis.SourcedID{id}, Relationship: &lis.Relationship{RelationID: id, SourcedID: id},
			Record: &lis.Record{ID: id, Object: o}, Records: []*lis.Record{nil, {ID: id}},
		}
		trim(c)
		data, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if s := string(data); strings.Contains(s, " id") || strings.Contains(s, `id\n`) {
			t.Errorf("%s is left with padding: %s", o.Kind(), s)
		}
	}
}

func TestAbout(t *testing.T) {
	cases := []struct {
		call lis.Call
		want lis.SourcedID
	}{
		{lis.Call{ID: "outer", Record: &lis.Record{ID: "inner"}}, "inner"},
		{lis.Call{ID: "outer", Record: &lis.Record{}}, "outer"},
		{lis.Call{ID: "a", Of: "b"}, "a"},
		{lis.Call{Of: "b", TransactionID: "t"}, "b"},
		{lis.Call{TransactionID: "t"}, "t"},
	}
	for _, c := range cases {
		if got := about(&c.call); got != c.want {
			t.Errorf("%+v is about %q, want %q", c.call, got, c.want)
		}
	}
}

func TestQuoteIsBounded(t *testing.T) {
	if got := quote(strings.Repeat("x", 5000) + "\n"); len(got) > 210 {
		t.Errorf("%d bytes of a peer's text in a sentence", len(got))
	}
	if got := quote("a\nb"); got != `"a\nb"` {
		t.Errorf("control characters: %s", got)
	}
}

func TestLongListsOfIDsAreCut(t *testing.T) {
	ids := make([]lis.SourcedID, 12)
	for i := range ids {
		ids[i] = "x"
	}
	if got := list(ids); !strings.HasSuffix(got, "and 2 more") {
		t.Errorf("%s", got)
	}
}

func TestCouldName(t *testing.T) {
	cases := map[string]bool{
		"": true, "courseSection": true, "CourseSection": true, " coursesection ": true, "http://example.edu/context#CourseSection": true,
		"urn:lis:courseSection": true, "whatever": true, "group": false, "http://example.edu/CourseOffering": false, "sectionAssociation": false,
	}
	for text, want := range cases {
		if couldName(text, lis.KindCourseSection) != want {
			t.Errorf("%q for a section: want %v", text, want)
		}
	}
}
