package route

import (
	"reflect"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

func sampleMember(roles ...lis.Role) *lis.Membership {
	return &lis.Membership{CollectionSourcedID: "s", MembershipIDType: "courseSection", Member: &lis.Member{PersonSourcedID: "p", Role: roles}}
}

func shaper(t *testing.T, m Mapping) *Shaper {
	t.Helper()
	s, err := NewShaper(m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWordsAreTranslated(t *testing.T) {
	s := shaper(t, Mapping{
		Roles:            map[string]string{"Learner": "student", "Instructor": "editingteacher", "Instructor/TeachingAssistant": "teacher"},
		Statuses:         map[string]string{"Active": "1", "Inactive": "0", "*": "*"},
		Types:            map[string]string{"TERM": "period", "*": "group"},
		InstitutionRoles: map[string]string{"Student": "stu"},
	})
	original := sampleMember(lis.Role{RoleType: "learner", Status: "Active"}, lis.Role{RoleType: "Instructor", SubRole: "TeachingAssistant"}, lis.Role{RoleType: "Instructor"}, lis.Role{})
	c := putOf(original)
	for _, act := range []lis.Act{lis.Put, lis.Drop, lis.Rekey} {
		c.Act = act
		got, err := s.Shape(*c)
		if err != nil {
			t.Fatal(err)
		}
		roles := got.Record.Object.(*lis.Membership).Member.Role
		if roles[0].RoleType != "student" || roles[0].Status != "1" || roles[1].RoleType != "teacher" || roles[2].RoleType != "editingteacher" || roles[3].RoleType != "" {
			t.Errorf("%s: roles are %+v", act, roles)
		}
		if got.Record.ID != "x" || got.Record.Agent != "SIS" || got.Act != act {
			t.Errorf("got %+v", got)
		}
	}
	if original.Member.Role[0].RoleType != "learner" {
		t.Error("the record that all share was altered")
	}
	for object, want := range map[lis.Object]string{
		&lis.CourseSection{Status: "Inactive"}:                                                       "0",
		&lis.CourseTemplate{Status: "Archived"}:                                                      "Archived",
		&lis.CourseOffering{Status: "Active"}:                                                        "1",
		&lis.SectionAssociation{Status: "Active"}:                                                    "1",
		&lis.Result{StatusOfResult: &lis.ResultStatus{ResultStatusValue: lis.NewText("", "Active")}}: "1",
	} {
		if got, err := s.Shape(*putOf(object)); err != nil || statusOf(got.Record.Object) != want {
			t.Errorf("%s: got %v, %v", object.Kind(), got.Record, err)
		}
	}
	group := &lis.Group{GroupType: &lis.GroupType{TypeValue: []lis.TypeValue{{ID: lis.NewText("", "TERM")}, {Type: lis.NewText("", "CLASS"), ID: lis.NewText("", "7")}}}}
	got, err := s.Shape(*putOf(group))
	if v := got.Record.Object.(*lis.Group).GroupType.TypeValue; err != nil || v[0].ID.String() != "period" || v[1].Type.String() != "group" || v[1].ID.String() != "7" {
		t.Errorf("types are %+v, %v", v, err)
	}
	if got, err := s.Shape(*putOf(samplePerson())); err != nil || rolesOf(got.Record.Object)[0] != "stu" {
		t.Errorf("institution role of %v, %v", got.Record, err)
	}
}

func TestAWordThatTheTargetHasNotIsRefused(t *testing.T) {
	s := shaper(t, Mapping{Roles: map[string]string{"Learner": "student", "Instructor": "teacher"}})
	_, err := s.Shape(*putOf(sampleMember(lis.Role{RoleType: "Grader"})))
	if err == nil || !strings.Contains(err.Error(), `the role "Grader" has no word at this target; it has words for Instructor, Learner`) {
		t.Errorf("got %v", err)
	}
}

func TestNoMappingIsNoShaper(t *testing.T) {
	s := shaper(t, Mapping{})
	c := putOf(samplePerson())
	if s != nil {
		t.Error("there is a shaper")
	}
	if got, err := s.Shape(*c); err != nil || got.Record != c.Record {
		t.Errorf("got %v, %v", got, err)
	}
	some := shaper(t, Mapping{Roles: map[string]string{"Learner": "x"}})
	if got, _ := some.Shape(*c); got.Record != c.Record {
		t.Error("a person was copied for nothing")
	}
	if _, err := some.Shape(lis.Change{Kind: lis.KindMembership, Act: lis.Drop}); err != nil {
		t.Errorf("without a record: %v", err)
	}
}

func TestSets(t *testing.T) {
	cases := []struct {
		place, value string
		object       lis.Object
		want         any // of the place
	}{
		{"userId", `upper(userId("SISID"))`, samplePerson(), "A1"},
		{"email", `userId() + "@students.example.edu"`, samplePerson(), "ada@students.example.edu"},
		{"email", `"new@example.edu"`, &lis.Person{}, "new@example.edu"},
		{"given", `"Augusta"`, samplePerson(), "Augusta"},
		{"family", `"King"`, &lis.Person{}, "King"},
		{"title", `courseSection.label.textString + ": " + courseSection.title.textString`, &lis.CourseSection{Label: lis.NewText("en", "A1"), Title: lis.NewText("en", "B")}, "A1: B"},
		{"label", `nil`, &lis.CourseSection{Label: lis.NewText("en", "A1")}, nil},
		{"status", `"Active"`, &lis.CourseSection{}, "Active"},
		{"role", `role() == "Learner" ? "Student" : role()`, sampleMember(lis.Role{RoleType: "Learner"}), "Student"},
		{"maxNumberofStudents", `20 + 5`, &lis.CourseSection{}, "25"},
		{"enrollControl.enrollAccept", `false`, &lis.CourseSection{}, "false"},
		{"org.id.textString", `"X"`, &lis.CourseSection{}, "X"},
		{"timeFrame[1].adminPeriod", `"T"`, &lis.CourseSection{}, "T"},
		{"extension.extensionField[fieldName=campus].fieldValue", `"S"`, samplePerson(), "S"},
		{"extension.extensionField[fieldName=new].fieldValue", `"S"`, samplePerson(), "S"},
		{"name[0].partName[instanceName.textString=Family].instanceValue.textString", `nil`, samplePerson(), nil},
		{"courseSectionIdList.courseSectionId[0]", `"s2"`, &lis.SectionAssociation{}, "s2"},
	}
	for _, c := range cases {
		before := reflect.ValueOf(c.object).Elem().Interface()
		kept, _ := lis.MarshalRecord(&lis.Record{Object: c.object})
		s := shaper(t, Mapping{Sets: []Set{{Kinds: []lis.Kind{c.object.Kind()}, Set: map[string]string{c.place: c.value}}}})
		got, err := s.Shape(*putOf(c.object))
		if err != nil {
			t.Errorf("%s: %v", c.place, err)
			continue
		}
		paths, _ := pathsOf(c.object.Kind(), c.place)
		var texts []string
		for _, p := range paths {
			texts = append(texts, p.texts(reflect.ValueOf(got.Record.Object).Elem())...)
		}
		if c.want == nil && len(texts) > 0 || c.want != nil && (len(texts) == 0 || texts[0] != c.want) {
			t.Errorf("%s: got %q, want %v", c.place, texts, c.want)
		}
		if after, _ := lis.MarshalRecord(&lis.Record{Object: c.object}); string(kept) != string(after) {
			t.Errorf("%s: the record that all share was altered from %v", c.place, before)
		}
	}
}

// A value goes to where one stands, under whichever spelling, and makes a new
// place only when there is none.
func TestAnAliasMakesNoSecondPlace(t *testing.T) {
	s := shaper(t, Mapping{Sets: []Set{{Set: map[string]string{"given": `"Augusta"`, "email": `"a@b.org"`}}}})
	got, err := s.Shape(*putOf(samplePerson()))
	if err != nil {
		t.Fatal(err)
	}
	p := got.Record.Object.(*lis.Person)
	if len(p.Name[0].PartName) != 2 || p.Part("First") != "Augusta" || len(p.ContactInfo) != 2 || p.ContactInfo[0].ContactInfoValue.String() != "123" {
		t.Errorf("got %+v, %+v", p.Name, p.ContactInfo)
	}
	got, err = s.Shape(*putOf(&lis.Person{}))
	if p = got.Record.Object.(*lis.Person); err != nil || p.Part("Given") != "Augusta" || p.Part("First") != "" || p.ContactInfo[0].ContactInfoType.Value() != "Email" {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestSetsReadTheRecordAsItCame(t *testing.T) {
	s := shaper(t, Mapping{
		Roles: map[string]string{"Learner": "student"},
		Sets: []Set{
			{When: `role() == "Learner"`, Set: map[string]string{"status": `"A"`}},
			{Kinds: []lis.Kind{lis.KindMembership}, When: `role() == "student"`, Set: map[string]string{"status": `"never"`}},
			{Kinds: []lis.Kind{lis.KindMembership}, Set: map[string]string{"member.role[0].subRole": `status() + role()`}},
		},
	})
	got, err := s.Shape(*putOf(sampleMember(lis.Role{RoleType: "Learner", Status: "Inactive"})))
	if r := got.Record.Object.(*lis.Membership).Member.Role[0]; err != nil || r.RoleType != "student" || r.Status != "A" || r.SubRole != "InactiveLearner" {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestShapeRefusals(t *testing.T) {
	for want, set := range map[string]map[string]string{
		"set[0] of the target's map: maxNumberofStudents: it must be a whole number": {"maxNumberofStudents": `"many"`},
		"enrollControl.enrollAccept: it must be true or false":                       {"enrollControl.enrollAccept": `"perhaps"`},
		"org: what stands there holds elements":                                      {"org": `"MATH"`},
		`cannot be answered`:                                                         {"title": `string(courseSection.numberofStudents + 1)`},
	} {
		_, err := shaper(t, Mapping{Sets: []Set{{Kinds: []lis.Kind{lis.KindCourseSection}, Set: set}}}).Shape(*putOf(&lis.CourseSection{}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	s := shaper(t, Mapping{Sets: []Set{{Kinds: []lis.Kind{lis.KindMembership}, Set: map[string]string{"member": `nil`}}}})
	if _, err := s.Shape(*putOf(sampleMember())); err == nil || !strings.Contains(err.Error(), "without personSourcedId") {
		t.Errorf("got %v", err)
	}
}

func TestMappingsThatAreRefused(t *testing.T) {
	section := []lis.Kind{lis.KindCourseSection}
	for want, m := range map[string]Mapping{
		`set[0]: courseSection: path "titel": there is no element "titel"; did you mean "title"?`: {Sets: []Set{{Kinds: section, Set: map[string]string{"titel": `"x"`}}}},
		`timeFrame is a list: say which of it`:                                                    {Sets: []Set{{Kinds: section, Set: map[string]string{"timeFrame.begin": `"x"`}}}},
		`title is no list`:                                                                        {Sets: []Set{{Kinds: section, Set: map[string]string{"title[0]": `"x"`}}}},
		`places go from 0 to 99`:                                                                  {Sets: []Set{{Kinds: section, Set: map[string]string{"timeFrame[100].begin": `"x"`}}}},
		`there must be a place, * or name=value`:                                                  {Sets: []Set{{Kinds: section, Set: map[string]string{"timeFrame[first].begin": `"x"`}}}},
		`status holds no elements`:                                                                {Sets: []Set{{Kinds: section, Set: map[string]string{"status.x": `"x"`}}}},
		`there is no kind "persn"; did you mean "person"?`:                                        {Sets: []Set{{Kinds: []lis.Kind{"persn"}}}},
		`set[0]: title: expression "titel", character 1`:                                          {Sets: []Set{{Kinds: section, Set: map[string]string{"title": `titel`}}}},
		`set[0]: when: expression`:                                                                {Sets: []Set{{Kinds: section, When: `1 +`}}},
		`there is no element "nowhere"`:                                                           {Sets: []Set{{Set: map[string]string{"nowhere": `"x"`}}}},
		`role "learner" is there twice in different case`:                                         {Roles: map[string]string{"Learner": "a", "learner": "b"}},
	} {
		if _, err := NewShaper(m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestCheck(t *testing.T) {
	s := shaper(t, Mapping{Roles: map[string]string{"Learner": "student"}, Sets: []Set{{Kinds: []lis.Kind{lis.KindPerson}, Set: map[string]string{"email": `lower(email())`, "dataSource": `nil`}}}})
	learner := `{"collectionSourcedId":"s","member":{"personSourcedId":"p","role":[{"roleType":"Learner"}]}}`
	cases := []struct {
		test Test
		want string // "" for a test that passes
	}{
		{Test{Kind: lis.KindMembership, Given: learner, Want: `{"member":{"role":[{"roleType":"student","status":null}]}}`}, ""},
		{Test{Name: "wrong", Kind: lis.KindMembership, Given: learner, Want: `{"member":{"role":[{"roleType":"Student"}]}}`}, `test wrong: member.role[0].roleType is "student", not "Student"`},
		{Test{Kind: lis.KindMembership, Given: strings.Replace(learner, "Learner", "Grader", 1), WantError: `role "Grader"`}, ""},
		{Test{Kind: lis.KindMembership, Given: strings.Replace(learner, "Learner", "Grader", 1), Want: "{}"}, "test number 1: it was refused: the role"},
		{Test{Kind: lis.KindMembership, Given: learner, WantError: "role"}, "it was taken"},
		{Test{Kind: lis.KindMembership, Given: strings.Replace(learner, "Learner", "Grader", 1), WantError: "rule"}, "it was refused otherwise"},
		{Test{Kind: lis.KindPerson, Given: map[string]any{"dataSource": "b", "contactinfo": []any{map[string]any{"contactinfoValue": map[string]any{"textString": "A@B.org"}}}},
			Want: `{"dataSource":null,"contactinfo":[{"contactinfoValue":{"textString":"a@b.org"}}]}`}, ""},
		{Test{Kind: lis.KindPerson, Given: `{"nam":[]}`}, `given: there is no element "nam"; did you mean "name"?`},
		{Test{Kind: lis.KindPerson, Given: `{"name":[{"partnam":1}]}`}, `given.name[0]: there is no element "partnam"`},
		{Test{Kind: lis.KindPerson, Given: `{"name":`}, "given is not JSON"},
		{Test{Kind: lis.KindPerson, Given: `{}`, Want: `{"x":1}`}, `want: there is no element "x"`},
		{Test{Kind: lis.KindPerson, Given: `{"name":1}`}, "given: read person"},
		{Test{Kind: "persn"}, `there is no kind "persn"`},
	}
	for _, c := range cases {
		err := s.Check([]Test{c.test})[0]
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
