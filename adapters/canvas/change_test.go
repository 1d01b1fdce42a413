package canvas

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/canvas/canvasfake"
	"lisgate/gateway/lis"
)

// class puts two persons into S1 and gives the membership of the first.
func class(t *testing.T, a *Adapter) *lis.Record {
	t.Helper()
	m := enrolment("m1", "S1", string(person(1).ID), "Learner")
	for _, r := range []*lis.Record{person(1), person(2), offeringOf("O1"), inOffering("S1", "O1"), m, enrolment("m2", "S1", string(person(2).ID), "Learner")} {
		must(t, a, put(r))
	}
	return m
}

// TestRemoval: what a Drop of each kind leaves, and that a second one leaves
// it at that. Grades stay but with delete.
func TestRemoval(t *testing.T) {
	for removal, want := range map[adapters.Removal][3]string{
		"": {"inactive", "active", "completed"}, adapters.Inactive: {"inactive", "active", "completed"},
		adapters.Complete: {"completed", "active", "completed"}, adapters.Delete: {"deleted", "deleted", "deleted"},
	} {
		t.Run(string(removal), func(t *testing.T) {
			fake, url := serve(t, canvasfake.Options{})
			a := open(t, url, func(o *Options) { o.Removal = removal })
			m := class(t, a)
			for _, r := range []*lis.Record{m, inOffering("S1", "O1"), offeringOf("O1")} {
				for _, effect := range []lis.Effect{lis.Applied, lis.Unchanged} {
					if o := must(t, a, drop(r)); o.Effect != effect {
						t.Errorf("drop of %s: %s, want %s", r.ID, o.Effect, effect)
					}
				}
				if got, err := a.Read(t.Context(), r.Object.Kind(), r.ID); got != nil || err != nil {
					t.Errorf("%s reads as %v, %v", r.ID, got, err)
				}
			}
			got := [3]string{fake.Enrollments("S1")[0].State, fake.Find("section", "S1").State(), fake.Find("course", "O1").State()}
			if got != want {
				t.Errorf("%v, want %v", got, want)
			}
			must(t, a, put(inOffering("S1", "O1")))
			if integration := fake.Find("section", "S1").Fields["integration_id"]; integration != "" {
				t.Errorf("the mark %q is left", integration)
			}
		})
	}
}

// TestDropPerson: the user is left and the enrolments end, unless told otherwise.
func TestDropPerson(t *testing.T) {
	for name, c := range map[string]struct {
		change           func(*Options)
		user, enrollment string
	}{
		"leave":   {nil, "active", "inactive"},
		"suspend": {func(o *Options) { o.SuspendUsers = true }, "suspended", "active"},
		"delete":  {func(o *Options) { o.Removal = adapters.Delete }, "deleted", "deleted"},
	} {
		t.Run(name, func(t *testing.T) {
			fake, url := serve(t, canvasfake.Options{})
			a := open(t, url, c.change)
			class(t, a)
			if o := must(t, a, drop(person(1))); o.Effect != lis.Applied {
				t.Error(o)
			}
			if o := must(t, a, drop(person(1))); o.Effect != lis.Unchanged {
				t.Error(o)
			}
			if state := fake.Find("user", string(person(1).ID)).State(); state != c.user {
				t.Errorf("the user is %s, want %s", state, c.user)
			}
			if es := fake.Enrollments("S1"); es[0].State != c.enrollment || es[1].State != "active" {
				t.Errorf("%v %v", es[0].State, es[1].State)
			}
		})
	}
}

// TestDropOfWhatIsNotThere makes nothing: Canvas would make a user only to
// delete it.
func TestDropOfWhatIsNotThere(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, func(o *Options) { o.Removal = adapters.Delete })
	c := drop(person(1))
	c.Record = nil
	if o := must(t, a, c); o.Effect != lis.Unchanged || fake.Imports() != 0 {
		t.Errorf("%v, %d imports", o, fake.Imports())
	}
}

// TestRoleChanges: the old role ends, and what was not ours to end stays.
func TestRoleChanges(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, func(o *Options) { o.Roles = map[string]string{"Guest": "Custom Visitor"} })
	m := class(t, a)
	c := put(enrolment("m1", "S1", string(person(1).ID), "Guest"))
	c.Created = false
	must(t, a, c)
	got := []string{}
	for _, e := range fake.Enrollments("S1") {
		got = append(got, e.User.SIS+" "+e.Role+" "+e.State)
	}
	p1, p2 := string(person(1).ID), string(person(2).ID)
	if want := []string{p1 + " StudentEnrollment inactive", p2 + " StudentEnrollment active", p1 + " Custom Visitor active"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	c = put(m)
	c.Created = false
	must(t, a, c)
	if es := fake.Enrollments("S1"); es[0].State != "active" || es[2].State != "inactive" {
		t.Errorf("%+v", es)
	}
}

// TestRolesOfLIS reads the table of roles.
func TestRolesOfLIS(t *testing.T) {
	a := open(t, "http://localhost", func(o *Options) { o.Roles = map[string]string{"Member": "Custom Member"} })
	for in, want := range map[lis.Role]string{
		{RoleType: "Learner"}: "student", {RoleType: "Instructor"}: "teacher", {RoleType: "Instructor", SubRole: "TeachingAssistant"}: "ta",
		{RoleType: "Instructor", SubRole: "PrimaryInstructor"}: "teacher", {RoleType: "Mentor"}: "observer", {RoleType: "Member"}: "Custom Member",
		{RoleType: "Manager"}: "", {RoleType: "Guest"}: "", {RoleType: "learner"}: "",
	} {
		got, err := a.label(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%v: %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestObserver(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	class(t, a)
	m := enrolment("m3", "S1", string(person(2).ID), "Mentor")
	m.Object.(*lis.Membership).Member.Role[0].Extension = &lis.Extension{Field: []lis.ExtensionField{{FieldName: "associatedUserId", FieldValue: string(person(1).ID)}}}
	must(t, a, put(m))
	es := fake.Enrollments("S1")
	if last := es[len(es)-1]; last.Type != "ObserverEnrollment" || last.Associated == nil || last.Associated.SIS != string(person(1).ID) {
		t.Errorf("%+v", last)
	}
}

// TestSectionMove: a person who goes from one section to another is never in
// none: the new row stands before the old one.
func TestSectionMove(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	m := class(t, a)
	must(t, a, put(inOffering("S2", "O1")))
	_, errs := a.ApplyAll(t.Context(), []lis.Change{drop(m), put(enrolment("m9", "S2", string(person(1).ID), "Learner"))})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	effects := fake.Effects()
	last := effects[len(effects)-2:]
	if !strings.HasPrefix(last[0].ID, "S2/") || last[0].State != "active" || !strings.HasPrefix(last[1].ID, "S1/") || last[1].State != "inactive" {
		t.Errorf("%v", last)
	}
}

// TestSameMembershipUnderAnotherID: one goes and another one comes that wants
// the same enrolment, in one batch or one after the other.
func TestSameMembershipUnderAnotherID(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	w := &walk{ids: map[lis.SourcedID]string{}}
	a := open(t, url, func(o *Options) { o.Crosswalk = w })
	m := class(t, a)
	again := enrolment("m1-new", "S1", string(person(1).ID), "Learner")
	outcomes, errs := a.ApplyAll(t.Context(), []lis.Change{put(again), drop(m)})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if es := fake.Enrollments("S1"); es[0].State != "active" || outcomes[1].Effect != lis.Unchanged {
		t.Errorf("%s, %v", es[0].State, outcomes)
	}
	w.ids["membership m1-new"] = outcomes[0].TargetID
	if o := must(t, a, drop(m)); o.Effect != lis.Unchanged || fake.Enrollments("S1")[0].State != "active" {
		t.Errorf("%v", o)
	}
	if o := must(t, a, drop(again)); o.Effect != lis.Applied || fake.Enrollments("S1")[0].State != "inactive" {
		t.Errorf("%v", o)
	}
}

// TestRekey moves a user with all that hangs on it, and once more after the
// answer was lost.
func TestRekey(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	class(t, a)
	c := put(person(1))
	c.ID, c.Act, c.NewID = "rekey", lis.Rekey, "new/id"
	for range 2 {
		must(t, a, c)
		if fake.Find("user", string(c.Key)) != nil || fake.Find("user", "new/id") == nil || fake.Enrollments("S1")[0].User.SIS != "new/id" || fake.Count("user") != 2 {
			t.Error("the user was not moved")
		}
	}
	other := put(person(2))
	other.ID, other.Act, other.NewID = "rekey 2", lis.Rekey, "new/id"
	_, err := a.Apply(t.Context(), other)
	of(t, err, adapters.Refused)
}

// TestCrossListing with its undo: sections that leave go back, and the course
// of the association does not stay behind.
func TestCrossListing(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	class(t, a)
	must(t, a, put(inOffering("S2", "O1")))
	must(t, a, put(alone("S3")))
	listed := func(ids ...lis.SourcedID) *lis.Record {
		return &lis.Record{ID: "X 1", Object: &lis.SectionAssociation{Title: lis.NewText("en", "Together"), CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: ids}}}
	}
	at := func(want ...string) {
		t.Helper()
		var got []string
		for _, s := range []string{"S1", "S2", "S3"} {
			got = append(got, fake.Find("section", s).Parent())
		}
		if !slices.Equal(got, want) {
			t.Errorf("sections stand in %q, want %q", got, want)
		}
	}
	must(t, a, put(listed("S1", "S3")))
	at("X 1", "O1", "X 1")
	must(t, a, put(inOffering("S1", "O1"))) // the section itself changes and stays listed
	at("X 1", "O1", "X 1")
	must(t, a, put(listed("S2", "S1")))
	at("X 1", "X 1", "S3")
	must(t, a, drop(listed("S2", "S1")))
	at("O1", "O1", "S3")
	if state := fake.Find("course", "X 1").State(); state != "completed" {
		t.Errorf("the course is %s", state)
	}
	if es := fake.Enrollments("S1"); es[0].State != "active" {
		t.Error("enrolments were lost")
	}
}

// TestSectionsAsCourses: offerings have no place, sections are courses.
func TestSectionsAsCourses(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, func(o *Options) { o.SectionsAsCourses = true })
	_, err := a.Apply(t.Context(), put(offeringOf("O1")))
	of(t, err, adapters.Unsupported)
	must(t, a, put(inOffering("S1", "O1")))
	if fake.Find("course", "S1") == nil || fake.Find("section", "S1").Parent() != "S1" {
		t.Error("the section has no course of its own")
	}
}

// TestPlaces: term and account are those of the record, else those of the options.
func TestPlaces(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	plain := open(t, url, nil)
	prepare(t, plain)
	a := open(t, url, func(o *Options) { o.Term, o.FallbackAccount = "2026-FALL", "DEPT:000" })
	r := offeringOf("O1")
	r.Object.(*lis.CourseOffering).AcademicSession = lis.NewText("", "nobody knows")
	_, err := plain.Apply(t.Context(), put(r))
	if e := of(t, err, adapters.Missing); e.Parent != "nobody knows" {
		t.Errorf("%+v", e)
	}
	must(t, a, put(r))
	if c := fake.Find("course", "O1"); c.Term() != "2026-FALL" || c.Parent() != "DEPT:000" {
		t.Errorf("term %q, account %q", c.Term(), c.Parent())
	}
}

// TestStickiness: what people edited in Canvas stays, unless told otherwise.
func TestStickiness(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	must(t, a, put(offeringOf("O1")))
	fake.EditInUI("course", "O1", "name", "Mine")
	must(t, a, put(offeringOf("O1")))
	if name := fake.Find("course", "O1").Fields["name"]; name != "Mine" {
		t.Errorf("the name is %q", name)
	}
	must(t, open(t, url, func(o *Options) { o.OverrideStickiness = true }), put(offeringOf("O1")))
	if name := fake.Find("course", "O1").Fields["name"]; name != "T O1" {
		t.Errorf("the name is %q", name)
	}
}

// TestDiffing: only the form that compares nothing can be had.
func TestDiffing(t *testing.T) {
	if _, err := New(Options{URL: "http://localhost", Token: "x", Diffing: &Diffing{Identifier: "sis"}}); err == nil || !strings.Contains(err.Error(), "would remove") {
		t.Error(err)
	}
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, func(o *Options) { o.Diffing = &Diffing{Identifier: "sis", Remaster: true} })
	must(t, a, put(person(1)))
	must(t, a, put(person(2)))
	if fake.Count("user") != 2 {
		t.Errorf("%d users", fake.Count("user"))
	}
}

// TestSecret: no error and no print holds the token.
func TestSecret(t *testing.T) {
	a := open(t, "http://127.0.0.1:1", nil)
	_, err := a.Apply(context.Background(), put(person(1)))
	e := of(t, err, adapters.Unavailable)
	if strings.Contains(e.Error(), token) || strings.Contains(e.Error(), "127.0.0.1:1/") {
		t.Error(e)
	}
	if s := Secret(token); s.String() != "<secret>" || s.GoString() != "<secret>" {
		t.Error("the token is printed")
	}
}

func TestOptions(t *testing.T) {
	for want, o := range map[string]Options{
		"not of the form": {URL: "example", Token: "x"}, "holds a user": {URL: "https://a:b@example", Token: "x"},
		"no token": {URL: "https://example"}, "no removal": {URL: "https://example", Token: "x", Removal: "burn"},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
