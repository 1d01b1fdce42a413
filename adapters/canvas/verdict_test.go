package canvas

import (
	"fmt"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/canvas/canvasfake"
	"lisgate/gateway/lis"
)

// enrolment is a membership of a person in a section.
func enrolment(id, section, person, role string) *lis.Record {
	return &lis.Record{ID: lis.SourcedID(id), Object: &lis.Membership{
		CollectionSourcedID: lis.SourcedID(section), MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(person), Role: []lis.Role{{RoleType: role, Status: "Active"}}},
	}}
}

// alone is a section without an offering, which is a course of its own.
func alone(id string) *lis.Record {
	return &lis.Record{ID: lis.SourcedID(id), Object: &lis.CourseSection{Label: lis.NewText("en", "L "+id), Title: lis.NewText("en", "T "+id)}}
}

func inOffering(id, offering string) *lis.Record {
	r := alone(id)
	r.Object.(*lis.CourseSection).ParentOfferingID = lis.SourcedID(offering)
	return r
}

func offeringOf(id string) *lis.Record {
	return &lis.Record{ID: lis.SourcedID(id), Object: &lis.CourseOffering{Label: lis.NewText("en", "L "+id), Title: lis.NewText("en", "T "+id)}}
}

// TestOneBadRow: the row that Canvas does not take is told to its change, and
// all others are in.
func TestOneBadRow(t *testing.T) {
	for _, numbers := range []bool{true, false} {
		t.Run(fmt.Sprint("numbers ", numbers), func(t *testing.T) {
			fake, url := serve(t, canvasfake.Options{Behaviour: canvasfake.Behaviour{NoRowNumbers: !numbers, RowErrors: func(kind string, row int, r map[string]string) string {
				if r["user_id"] == string(person(7).ID) {
					return "Something broke with this user. Contact Support (user_id: " + r["user_id"] + ")"
				}
				return ""
			}}})
			_, errs := open(t, url, nil).ApplyAll(t.Context(), persons(20))
			for i, err := range errs {
				if i != 7 && err != nil {
					t.Errorf("%d: %v", i, err)
				}
			}
			if e := of(t, errs[7], adapters.Refused); e.Whole || !strings.HasPrefix(e.Answer, "Something broke") || e.Hint == "" {
				t.Errorf("%+v", e)
			}
			if fake.Count("user") != 19 {
				t.Errorf("%d users", fake.Count("user"))
			}
		})
	}
}

// TestBadRowWithoutName: nobody can tell which row it was, so that all are
// sent again in smaller imports.
func TestBadRowWithoutName(t *testing.T) {
	_, url := serve(t, canvasfake.Options{Behaviour: canvasfake.Behaviour{NoRowNumbers: true, RowErrors: func(kind string, row int, r map[string]string) string {
		if r["user_id"] == string(person(1).ID) {
			return "Error while importing CSV. Please contact support."
		}
		return ""
	}}})
	a := open(t, url, nil)
	_, errs := a.ApplyAll(t.Context(), persons(3))
	for _, err := range errs {
		if e := of(t, err, adapters.Refused); !e.Whole {
			t.Errorf("%+v", e)
		}
	}
	_, err := a.Apply(t.Context(), put(person(1)))
	if e := of(t, err, adapters.Refused); e.Whole {
		t.Error("one change alone is to blame, and is not blamed")
	}
}

// TestManyBadRowsWithoutFile: more than the import itself shows.
func TestManyBadRowsWithoutFile(t *testing.T) {
	_, url := serve(t, canvasfake.Options{Behaviour: canvasfake.Behaviour{NoErrorsFile: true, RowErrors: func(kind string, row int, r map[string]string) string {
		return "No, not user " + r["user_id"]
	}}})
	a := open(t, url, nil)
	_, errs := a.ApplyAll(t.Context(), persons(40))
	for _, err := range errs {
		if e := of(t, err, adapters.Refused); !e.Whole {
			t.Error("a row is blamed that nobody named")
		}
	}
	_, errs = a.ApplyAll(t.Context(), persons(10))
	for _, err := range errs {
		if e := of(t, err, adapters.Refused); e.Whole {
			t.Error("every row was named")
		}
	}
}

// TestMissingParents: each is named, with its kind.
func TestMissingParents(t *testing.T) {
	_, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	must(t, a, put(person(1)))
	must(t, a, put(alone("S1")))
	p1 := string(person(1).ID)
	child := adaptertest.Sample(lis.KindGroup, 1)
	for name, c := range map[string]struct {
		r      *lis.Record
		parent lis.SourcedID
		kind   lis.Kind
	}{
		"person":   {enrolment("m1", "S1", "nobody", "Learner"), "nobody", lis.KindPerson},
		"section":  {enrolment("m2", "S/2", p1, "Learner"), "S/2", ""},
		"offering": {inOffering("S3", "O 3"), "O 3", lis.KindCourseOffering},
		"account":  {child, "DEPT:000", lis.KindGroup},
		"listed":   {&lis.Record{ID: "X", Object: &lis.SectionAssociation{CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: []lis.SourcedID{"S1", "S9"}}}}, "S9", lis.KindCourseSection},
		"org":      {adaptertest.Sample(lis.KindCourseOffering, 1), "DEPT:000", lis.KindGroup},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.Apply(t.Context(), put(c.r))
			if e := of(t, err, adapters.Missing); e.Parent != c.parent || e.ParentKind != c.kind || e.Hint == "" {
				t.Errorf("parent %q of kind %q, hint %q", e.Parent, e.ParentKind, e.Hint)
			}
		})
	}
}

// TestParentInTheSameBatch: Canvas takes the files in their order.
func TestParentInTheSameBatch(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	o := offeringOf("O1")
	o.Object.(*lis.CourseOffering).Org = &lis.Org{ID: lis.NewText("", "DEPT:000")}
	p1 := string(person(1).ID)
	_, errs := open(t, url, nil).ApplyAll(t.Context(), []lis.Change{
		put(enrolment("m", "S1", p1, "Learner")), put(inOffering("S1", "O1")), put(o), put(person(1)), put(adaptertest.Sample(lis.KindGroup, 0)),
	})
	for i, err := range errs {
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if es := fake.Enrollments("S1"); len(es) != 1 || fake.Find("course", "O1").Parent() != "DEPT:000" {
		t.Errorf("%v", es)
	}
}

// TestLoginClaimed is pain 4: another user has the login.
func TestLoginClaimed(t *testing.T) {
	_, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	must(t, a, put(person(1)))
	twin := &lis.Record{ID: "twin", Object: person(1).Object}
	_, err := a.Apply(t.Context(), put(twin))
	if e := of(t, err, adapters.Refused); e.Match != string(person(1).ID) || !strings.Contains(e.Hint, "link") {
		t.Errorf("match %q, hint %q", e.Match, e.Hint)
	}
}

// TestPreflight refuses in plain words, before anything is sent.
func TestPreflight(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	with := func(change func(*lis.Person)) *lis.Record {
		r := person(1)
		change(r.Object.(*lis.Person))
		return r
	}
	for want, r := range map[string]*lis.Record{
		"control character":        with(func(p *lis.Person) { p.FormName[0].FormattedName.TextString = "A\nB" }),
		"more than the 255":        {ID: lis.SourcedID(strings.Repeat("x", 256)), Object: person(1).Object},
		"e-mail address is not":    with(func(p *lis.Person) { p.ContactInfo[0].ContactInfoValue.TextString = "at home" }),
		"no name":                  with(func(p *lis.Person) { p.Name, p.FormName = nil, nil }),
		"no login":                 with(func(p *lis.Person) { p.Roles, p.ContactInfo = nil, nil }),
		"holds a space":            with(func(p *lis.Person) { p.Roles[0].UserID[0].UserIDValue.TextString = "a b" }),
		"neither title nor label":  {ID: "O", Object: &lis.CourseOffering{}},
		"neither label nor title":  {ID: "S", Object: &lis.CourseSection{}},
		"not one of ISO 8601":      {ID: "S", Object: &lis.CourseSection{Label: lis.NewText("", "x"), TimeFrame: []lis.TimeFrame{{Begin: "next week"}}}},
		"names no section":         {ID: "X", Object: &lis.SectionAssociation{}},
		`role "Janitor" is mapped`: enrolment("m", "S1", "p", "Janitor"),
		"the membership has no":    {ID: "m", Object: &lis.Membership{CollectionSourcedID: "S"}},
	} {
		t.Run(want, func(t *testing.T) {
			_, err := a.Apply(t.Context(), put(r))
			if e := of(t, err, adapters.Refused); !strings.Contains(e.Error(), want) || e.Hint == "" {
				t.Errorf("%v, hint %q", e, e.Hint)
			}
		})
	}
	if fake.Imports() != 0 {
		t.Errorf("%d imports", fake.Imports())
	}
}

// TestRowError reads the table of messages.
func TestRowError(t *testing.T) {
	r := row{sheet: "enrollments", fields: map[string]string{"user_id": "u1"}}
	for message, want := range map[string]adapters.Class{
		"User u1 didn't exist for user enrollment":                                           adapters.Missing,
		"Neither course  nor section S1 existed for user enrollment":                         adapters.Missing,
		"Neither course C1 nor section  existed for user enrollment":                         adapters.Missing,
		"An enrollment referenced a non-existent section S1":                                 adapters.Missing,
		"Section S1 references course C1 which doesn't exist":                                adapters.Missing,
		"Attempted enrolling of deleted user u1 in course C1":                                adapters.Missing,
		`Improper role "janitor" for an enrollment`:                                          adapters.Refused,
		"An enrollment listed a section and a course that are unrelated":                     adapters.Refused,
		"A new_id, 'b', referenced an existing user and the user with 'a' was not updated":   adapters.Refused,
		"unknown abstract course id T1, ignoring abstract course reference":                  "",
		"user John Doe has already claimed john_doe's requested login information, skipping": adapters.Refused,
	} {
		e := rowError(r, complaint{message: message, row: 2})
		if e == nil && want != "" || e != nil && (e.Class != want || e.Hint == "") {
			t.Errorf("%s: %+v, want %q", message, e, want)
		}
	}
}
