package route

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A shelf is a view of some records, which counts how often it is asked.
type shelf struct {
	records map[lis.Ref]lis.Object
	asked   int
	err     error
}

func (s *shelf) Get(k lis.Kind, id lis.SourcedID) (*journal.Entry, error) {
	s.asked++
	o := s.records[lis.Ref{Kind: k, ID: id}]
	if o == nil || s.err != nil {
		return nil, s.err
	}
	body, err := lis.MarshalRecord(&lis.Record{ID: id, Object: o})
	return &journal.Entry{Kind: k, ID: id, Body: body}, err
}

func (s *shelf) Scan(lis.Kind, journal.Filter) iter.Seq2[*journal.Entry, error] { return nil }
func (s *shelf) Last() (int64, error)                                           { return 0, nil }

// college holds a template T, an offering O of it in a term, sections S of it
// and S2 without anything, a line item L of S, and a department D.
func college() *shelf {
	return &shelf{records: map[lis.Ref]lis.Object{
		{Kind: lis.KindCourseTemplate, ID: "T"}: &lis.CourseTemplate{Org: &lis.Org{ID: lis.NewText("", "MATH")}, DataSource: "banner"},
		{Kind: lis.KindCourseOffering, ID: "O"}: &lis.CourseOffering{ParentTemplateID: "T", AcademicSession: lis.NewText("", "2026FA")},
		{Kind: lis.KindCourseSection, ID: "S"}:  &lis.CourseSection{ParentOfferingID: "O"},
		{Kind: lis.KindCourseSection, ID: "S2"}: &lis.CourseSection{},
		{Kind: lis.KindCourseSection, ID: "S3"}: &lis.CourseSection{ParentOfferingID: "later"},
		{Kind: lis.KindLineItem, ID: "L"}:       &lis.LineItem{Context: &lis.Context{ContextIdentifier: "S", ContextType: "CourseSection"}},
		{Kind: lis.KindGroup, ID: "D"}:          &lis.Group{Org: &lis.Org{OrgName: lis.NewText("", "Mathematics")}},
	}}
}

func TestScopes(t *testing.T) {
	in := func(section lis.SourcedID, role string) *lis.Membership {
		m := sampleMember(lis.Role{RoleType: role})
		m.CollectionSourcedID = section
		return m
	}
	other := in("D", "Member")
	other.MembershipIDType = "Group" // as some peers spell it
	fall, math, bannerOnly := Scope{Term: []string{"2026FA"}}, Scope{Organisation: []string{"MATH"}}, Scope{Institution: []string{"banner"}}
	cases := []struct {
		name   string
		scope  Scope
		object lis.Object
		want   bool
	}{
		{"section by its offering", fall, &lis.CourseSection{ParentOfferingID: "O"}, true},
		{"section by its own session", fall, &lis.CourseSection{AcademicSession: lis.NewText("", "2026FA")}, true},
		{"its own session counts more", fall, &lis.CourseSection{ParentOfferingID: "O", AcademicSession: lis.NewText("", "2026SP")}, false},
		{"section by adminPeriod", fall, &lis.CourseSection{TimeFrame: []lis.TimeFrame{{AdminPeriod: lis.NewText("", "2026FA")}}}, true},
		{"section without a term", fall, &lis.CourseSection{}, false},
		{"section whose offering is not there yet", fall, &lis.CourseSection{ParentOfferingID: "later"}, true},
		{"offering of another term", fall, &lis.CourseOffering{AcademicSession: lis.NewText("", "2026SP")}, false},
		{"membership by its section's offering", fall, in("S", "Learner"), true},
		{"membership of a section without a term", fall, in("S2", "Learner"), false},
		{"membership of a section whose offering is not there", fall, in("S3", "Learner"), true},
		{"membership of a section that is not there", fall, in("later", "Learner"), true},
		{"membership of a department", fall, other, true},
		{"membership by its template", math, in("S", "Learner"), true},
		{"membership of another department", Scope{Organisation: []string{"ART"}}, in("S", "Learner"), false},
		{"membership by the org of a group", Scope{Organisation: []string{"Mathematics"}}, other, true},
		{"membership by the group itself", Scope{Organisation: []string{"D"}}, other, true},
		{"membership by role", Scope{Role: []string{"learner"}}, in("S2", "Learner"), true},
		{"membership of another role", Scope{Role: []string{"Instructor"}}, in("S", "Learner"), false},
		{"all of a scope", Scope{Role: []string{"Learner"}, Term: []string{"2026FA"}, Organisation: []string{"ART", "MATH"}}, in("S", "Learner"), true},
		{"one of a scope is not so", Scope{Role: []string{"Learner"}, Term: []string{"2026SP"}}, in("S", "Learner"), false},
		{"membership by where its section comes from", Scope{Institution: []string{"SIS"}}, in("S", "Learner"), true},
		{"result by its line item", fall, &lis.Result{LineItemSourcedID: "L"}, true},
		{"result of another term", Scope{Term: []string{"2026SP"}}, &lis.Result{LineItemSourcedID: "L"}, false},
		{"line item by its section", math, &lis.LineItem{Context: &lis.Context{ContextIdentifier: "S"}}, true},
		{"association by its sections", fall, &lis.SectionAssociation{CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: []lis.SourcedID{"S2", "S"}}}, true},
		{"template has no term", fall, &lis.CourseTemplate{}, true},
		{"template of another org", math, &lis.CourseTemplate{Org: &lis.Org{ID: lis.NewText("", "ART")}}, false},
		{"person has no term", fall, &lis.Person{}, true},
		{"person by data source", bannerOnly, samplePerson(), true},
		{"person by agent", Scope{Institution: []string{"SIS"}}, samplePerson(), true},
		{"person of another", Scope{Institution: []string{"other"}}, samplePerson(), false},
		{"person by institution role", Scope{Role: []string{"Student"}}, samplePerson(), true},
		{"person of another role", Scope{Role: []string{"Faculty"}}, samplePerson(), false},
		{"person without a role", Scope{Role: []string{"Faculty"}}, &lis.Person{}, true},
		{"term by its own id", Scope{Term: []string{"x"}}, &lis.Group{GroupType: &lis.GroupType{TypeValue: []lis.TypeValue{{ID: lis.NewText("", "TERM")}}}}, true},
		{"another term", Scope{Term: []string{"y"}}, &lis.Group{GroupType: &lis.GroupType{TypeValue: []lis.TypeValue{{Type: lis.NewText("", "TERM")}}}}, false},
		{"department has no term", fall, &lis.Group{}, true},
		{"group by its parent", Scope{Organisation: []string{"D"}}, &lis.Group{Relationship: []lis.Relationship{{Relation: "Parent", SourcedID: "D"}}}, true},
		{"group is not its child", Scope{Organisation: []string{"D"}}, &lis.Group{Relationship: []lis.Relationship{{Relation: "Child", SourcedID: "D"}}}, false},
		{"scale has no term", fall, &lis.ResultValue{}, true},
	}
	for _, c := range cases {
		table, err := New([]Rule{{Scope: c.scope, To: []string{"t"}}})
		if err != nil {
			t.Fatal(err)
		}
		change := putOf(c.object)
		if got := must(t)(table.Targets(college(), change)); (len(got) == 1) != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

func TestEveryKindHasAScopeRow(t *testing.T) {
	for i := range lis.Kinds {
		if _, ok := scopes[lis.Kinds[i].Kind]; !ok {
			t.Errorf("%s has none", lis.Kinds[i].Kind)
		}
	}
}

// A rule without a scope asks nobody, and one that adds nothing neither; what
// several rules ask is looked up once.
func TestTheViewIsAskedOnlyWhenNeeded(t *testing.T) {
	s := college()
	table, _ := New([]Rule{{To: []string{"a"}}, {Scope: Scope{Term: []string{"2026FA"}}, To: []string{"a"}},
		{Scope: Scope{Term: []string{"2026SP"}}, From: []string{"other"}, To: []string{"b"}}})
	if got := must(t)(table.Targets(s, putOf(&lis.CourseSection{ParentOfferingID: "O"}))); !slices.Equal(got, []string{"a"}) || s.asked != 0 {
		t.Errorf("got %v, asked %d times", got, s.asked)
	}
	table, _ = New([]Rule{{Scope: Scope{Term: []string{"2026SP"}}, To: []string{"a"}}, {Scope: Scope{Term: []string{"2026FA"}}, To: []string{"b"}}})
	if got := must(t)(table.Targets(s, putOf(&lis.CourseSection{ParentOfferingID: "O"}))); !slices.Equal(got, []string{"b"}) || s.asked != 1 {
		t.Errorf("got %v, asked %d times", got, s.asked)
	}
}

func TestAChangeWithoutItsRecordIsLookedUp(t *testing.T) {
	table, _ := New([]Rule{{Scope: Scope{Term: []string{"2026SP"}}, To: []string{"spring"}},
		{When: `courseSection.parentOfferingId == "O"`, To: []string{"filtered"}}})
	drop := &lis.Change{Kind: lis.KindCourseSection, Key: "S", Act: lis.Drop}
	if got := must(t)(table.Targets(college(), drop)); !slices.Equal(got, []string{"filtered"}) {
		t.Errorf("got %v", got)
	}
	drop.Key = "nowhere"
	if got := must(t)(table.Targets(college(), drop)); len(got) != 2 {
		t.Errorf("what cannot be told is not sent everywhere: %v", got)
	}
}

func TestAFailingViewIsAnError(t *testing.T) {
	table, _ := New([]Rule{{Name: "fall", Scope: Scope{Term: []string{"2026FA"}}, To: []string{"a"}}})
	s := &shelf{err: errors.New("no disk")}
	if _, err := table.Targets(s, putOf(sampleMember())); err == nil || !strings.Contains(err.Error(), `route "fall": look up the scope of membership x: no disk`) {
		t.Errorf("got %v", err)
	}
}

// What a rule leads to a target, but for its scope or filter, has left there.
func TestLeft(t *testing.T) {
	learners := Scope{Role: []string{"Learner"}}
	table, err := New([]Rule{
		{To: []string{"all"}},
		{From: []string{"banner"}, Scope: learners, To: []string{"scoped", "both", "all", "banner"}},
		{When: `role() == "Learner"`, To: []string{"filtered", "both"}},
		{From: []string{"other"}, Scope: learners, To: []string{"other"}},
		{Kinds: []lis.Kind{lis.KindPerson}, Scope: learners, To: []string{"persons"}},
		{Operations: []string{"delete*"}, Scope: learners, To: []string{"deletes"}},
		{Scope: Scope{Role: []string{"Instructor"}}, To: []string{"both"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for role, want := range map[string][2]string{
		"Learner": {"all scoped both filtered", ""}, "Instructor": {"all both", "scoped filtered"}, "Grader": {"all", "scoped both filtered"},
	} {
		c := putOf(sampleMember(lis.Role{RoleType: role}))
		targets, left := must(t)(table.Targets(nil, c)), must(t)(table.Left(nil, c))
		if got := [2]string{strings.Join(targets, " "), strings.Join(left, " ")}; got != want {
			t.Errorf("%s: got %q, want %q", role, got, want)
		}
	}
	for target, want := range map[string]bool{"all": true, "scoped": true, "filtered": true, "nowhere": false} {
		if table.Selective(target) != want {
			t.Errorf("%s: selective is %v", target, !want)
		}
	}
	plain, _ := New([]Rule{{From: []string{"banner"}, To: []string{"all"}}})
	if plain.Selective("all") || (*Table)(nil).Selective("all") {
		t.Error("a table without scopes and filters is selective")
	}
}

// A change without a source is taken for its origin's, and echoed to nobody.
func TestOrigin(t *testing.T) {
	table, _ := New([]Rule{{From: []string{"banner"}, To: []string{"a", "banner"}}, {When: `source == "banner"`, To: []string{"b"}}, {To: []string{"c"}}})
	asked := 0
	table.Origin = func(journal.View, *lis.Change) (string, error) { asked++; return "banner", nil }
	c := putOf(sampleMember())
	if got := must(t)(table.Targets(college(), c)); !slices.Equal(got, []string{"a", "b", "c"}) || asked != 0 {
		t.Errorf("with a source: got %v, asked %d times", got, asked)
	}
	c.Source = ""
	if got := must(t)(table.Targets(college(), c)); !slices.Equal(got, []string{"a", "banner", "b", "c"}) || asked != 1 || c.Source != "" {
		t.Errorf("got %v, asked %d times", got, asked)
	}
	table.Origin = func(journal.View, *lis.Change) (string, error) { return "", errors.New("no disk") }
	if _, err := table.Targets(college(), c); err == nil || !strings.Contains(err.Error(), "no disk") {
		t.Errorf("got %v", err)
	}
}
