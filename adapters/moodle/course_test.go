package moodle

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/moodle/moodlefake"
	"lisgate/gateway/lis"
)

func serveText(t *testing.T, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAShortNameIsTaken(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	w.must(put(sectionRecord("2026/S1", "MATH-101")), put(sectionRecord("2027/S1", "MATH-101")))
	if c, _ := w.site.Course("2027/S1"); c.Shortname != "MATH-101 [2027/S1]" {
		t.Errorf("got %q", c.Shortname)
	}
	before := w.site.Changes()
	w.must(put(sectionRecord("2027/S1", "MATH-101"))) // it stays so
	if n := w.site.Changes() - before; n != 0 {
		t.Errorf("%d changes by a repeat", n)
	}
	w.must(put(sectionRecord("2028/S1", "PHYS-1")), put(sectionRecord("2028/S1", "MATH-101"))) // taken when it is changed
	if c, _ := w.site.Course("2028/S1"); c.Shortname != "MATH-101 [2028/S1]" {
		t.Errorf("got %q", c.Shortname)
	}
	if r, err := w.Read(t.Context(), lis.KindCourseSection, "2028/S1"); err != nil || r.Object.(*lis.CourseSection).Label.String() != "MATH-101" {
		t.Errorf("%v, %v", r, err)
	}
}

func TestACourseGoesIntoTheCategoryOfItsTermOrOrganisation(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{Category: "ROOT"})
	s := sectionRecord("S1", "One")
	w.refuses(put(s), adapters.Missing, "default category")
	w.must(put(&lis.Record{ID: "ROOT", Object: groupOf("Root", "")}), put(&lis.Record{ID: "ART", Object: groupOf("Arts", "")}), put(s))
	in := func(want string) {
		t.Helper()
		if c, _ := w.site.Course("S1"); c.Category != want {
			t.Errorf("in category %q, want %q", c.Category, want)
		}
	}
	in("ROOT")
	s.Object.(*lis.CourseSection).Org = &lis.Org{ID: lis.NewText("", "ART")}
	w.must(put(s))
	in("ART")
	w.refuses(put(&lis.Record{ID: "T1", Object: groupOf("Term", "2026")}), adapters.Missing, "group 2026")
	w.must(put(&lis.Record{ID: "T1", Object: groupOf("Term", "ART")}))
	s.Object.(*lis.CourseSection).AcademicSession = lis.NewText("", "T1")
	w.must(put(s))
	in("T1")
	if _, parent, _ := w.site.Category("T1"); parent != "ART" {
		t.Errorf("parent %q", parent)
	}
}

func TestParentsThatAreNotThereAreNamed(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	m := put(memberRecord("S1", 1, "Learner"))
	if e := w.refuses(m, adapters.Missing, ""); e.Parent != "P1" || e.ParentKind != lis.KindPerson {
		t.Errorf("parent %s %s", e.ParentKind, e.Parent)
	}
	w.must(put(personRecord(1)))
	if e := w.refuses(m, adapters.Missing, ""); e.Parent != "S1" || e.ParentKind != lis.KindCourseSection {
		t.Errorf("parent %s %s", e.ParentKind, e.Parent)
	}
	w.must(put(sectionRecord("S1", "One")), m)
	x := put(&lis.Record{ID: "X", Object: course{Shortname: "X"}.association([]lis.SourcedID{"S1", "S2"})})
	if e := w.refuses(x, adapters.Missing, ""); e.Parent != "S2" {
		t.Errorf("parent %s", e.Parent)
	}
}

func TestAnAccountThatWasDeletedByHandIsWaitedFor(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	w.must(put(sectionRecord("S1", "One")), put(personRecord(1)))
	id := w.site.User("P1")[0].ID
	if err := w.client.call(t.Context(), "core_user_delete_users", new(form).list("userids", []string{fmt.Sprint(id)}), nil); err != nil {
		t.Fatal(err)
	}
	m := put(memberRecord("S1", 1, "Learner"))
	if e := w.refuses(m, adapters.Missing, ""); e.Parent != "P1" {
		t.Errorf("parent %q", e.Parent)
	}
	w.must(put(personRecord(1)), m)
	w.enrolment("S1", 1)
}

func TestARoleIsReplacedAndNotAdded(t *testing.T) {
	w := newWorld(t, moodlefake.Options{KeepRows: true}, Options{})
	members := class(w, 1)
	w.must(members...)
	assistant := memberRecord("S1", 0, "Instructor")
	assistant.Object.(*lis.Membership).Member.Role[0].SubRole = "TeachingAssistant"
	w.must(put(assistant))
	if e := w.enrolment("S1", 0); !slices.Equal(e.Roles, []string{"teacher"}) {
		t.Errorf("roles %v", e.Roles)
	}
	last := w.site.Effects()
	if n := len(last); last[n-2].Function != "enrol_manual_enrol_users" || last[n-1].Function != "core_role_unassign_roles" {
		t.Errorf("the old role was taken before the new one was given: %v", last[n-2:])
	}
}

func TestARoleIsNeverGuessed(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{Roles: map[string]string{"Manager": ""}})
	class(w, 1)
	for _, role := range []string{"Mentor", "Member", "learner", "Manager", ""} {
		w.refuses(put(memberRecord("S1", 0, role)), adapters.Refused, "no role at Moodle")
	}
	w.must(put(memberRecord("S1", 0, "editingteacher"))) // a map of the gateway may say so
	if e := w.enrolment("S1", 0); !slices.Equal(e.Roles, []string{"editingteacher"}) {
		t.Errorf("roles %v", e.Roles)
	}
}

func TestTheSiteHasOtherRoleIDs(t *testing.T) {
	w := newWorld(t, moodlefake.Options{Roles: map[string]int{"student": 50}}, Options{})
	members := class(w, 1)
	w.refuses(members[0], adapters.Refused, "role_ids")
	w = newWorld(t, moodlefake.Options{Roles: map[string]int{"student": 50}}, Options{RoleIDs: map[string]int{"student": 50}})
	w.must(class(w, 1)...)
	if e := w.enrolment("S1", 0); !slices.Equal(e.Roles, []string{"student"}) {
		t.Errorf("roles %v", e.Roles)
	}
}

func TestADropKeepsGrades(t *testing.T) {
	for removal, kept := range map[adapters.Removal]int{adapters.Suspend: 1, adapters.Delete: 0} {
		w := newWorld(t, moodlefake.Options{}, Options{Removal: removal})
		members := class(w, 1)
		w.must(members...)
		w.site.SetGrade("S1", "P0", 61.25)
		w.must(drop(members[0].Record))
		if e, ok := w.site.Enrolment("S1", "P0"); ok != (removal == adapters.Suspend) || e.Suspended != ok {
			t.Errorf("%s: enrolled %v, suspended %v", removal, ok, e.Suspended)
		}
		w.must(members...)
		if got, err := lis.Collect(w.Results(t.Context(), "S1")); err != nil || len(got) != kept {
			t.Errorf("%s: %d grades, want %d (%v)", removal, len(got), kept, err)
		}
	}
}

func TestManyAreDroppedInOneCall(t *testing.T) {
	for _, removal := range []adapters.Removal{adapters.Suspend, adapters.Delete} {
		w := newWorld(t, moodlefake.Options{}, Options{Removal: removal})
		members := class(w, 30)
		w.all(members, nil)
		var drops []lis.Change
		for _, m := range members[:20] {
			drops = append(drops, drop(m.Record))
		}
		drops = append(drops, drop(memberRecord("S1", 99, "Learner"))) // who never came
		out, errs := w.ApplyAll(t.Context(), drops)
		for i, err := range errs {
			if want := i < 20; err != nil || (out[i].Effect == lis.Applied) != want {
				t.Errorf("%s: row %d: %v, %v", removal, i, out[i], err)
			}
		}
		if n := w.site.Counts(); n.Active != 10 {
			t.Errorf("%s: %+v", removal, n)
		}
	}
}

func TestACategoryWasDeletedByHand(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	w.must(put(&lis.Record{ID: "T1", Object: groupOf("Term", "")}))
	s := sectionRecord("S1", "One")
	s.Object.(*lis.CourseSection).AcademicSession = lis.NewText("", "T1")
	k, err := w.categoryBy(t.Context(), "idnumber", "T1")
	if err != nil {
		t.Fatal(err)
	}
	f := new(form).row("categories", 0, "id", fmt.Sprint(k.ID), "newparent", "1", "recursive", "0")
	if err := w.client.call(t.Context(), "core_course_delete_categories", f, nil); err != nil {
		t.Fatal(err)
	}
	w.refuses(put(s), adapters.Missing, "category is gone")
	w.must(put(s)) // what was remembered of it is forgotten
	if c, _ := w.site.Course("S1"); c.Category != "" {
		t.Errorf("in %q", c.Category)
	}
}

func TestOneOfTwoRolesIsDropped(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	w.must(class(w, 1)...)
	second := memberRecord("S1", 0, "TeachingAssistant")
	second.ID = "second"
	w.must(put(second))
	if e := w.enrolment("S1", 0); !slices.Equal(e.Roles, []string{"teacher", "student"}) {
		t.Fatalf("roles %v", e.Roles)
	}
	w.must(drop(second))
	if e := w.enrolment("S1", 0); e.Suspended || !slices.Equal(e.Roles, []string{"student"}) {
		t.Errorf("got %+v", e)
	}
}

func TestAMoveComesInBeforeItGoesOut(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	members := class(w, 1)
	w.must(members[0], put(sectionRecord("S2", "Two")))
	moved := memberRecord("S2", 0, "Learner")
	moved.ID = members[0].Key
	w.must(put(moved))
	if e := w.enrolment("S2", 0); e.Suspended {
		t.Error("suspended where the member is now")
	}
	if e := w.enrolment("S1", 0); !e.Suspended {
		t.Error("still active where the member was")
	}
	all := w.site.Effects()
	if n := len(all); all[n-2].Key != "S2 P0" || all[n-1].Key != "S1 P0" {
		t.Errorf("order %v", all[n-2:])
	}
}

func TestSectionsAreTaughtTogetherAndApartAgain(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	w.must(class(w, 3)[:2]...) // P0 and P1 are in S1 before
	w.must(put(sectionRecord("S2", "Two")), put(sectionRecord("S3", "Three")))
	bind := func(sections ...lis.SourcedID) *lis.Record {
		return &lis.Record{ID: "X1", Object: course{Shortname: "Joint", Fullname: "Joint"}.association(sections)}
	}
	if o, err := w.Apply(t.Context(), put(bind("S1", "S2"))); err != nil || !strings.Contains(o.Detail, "had begun before they were joined") {
		t.Fatalf("%+v, %v", o, err)
	}
	w.must(put(memberRecord("S2", 2, "Learner")), put(memberRecord("S2", 1, "Learner"))) // and these come after
	want := func(person int, suspended bool, groups ...string) {
		t.Helper()
		if e := w.enrolment("X1", person); e.Suspended != suspended || !slices.Equal(e.Groups, groups) {
			t.Errorf("P%d: suspended %v in groups %v, want %v %v", person, e.Suspended, e.Groups, suspended, groups)
		}
	}
	want(0, false, "S1")
	want(1, false, "S1", "S2")
	want(2, false, "S2")

	w.must(drop(memberRecord("S1", 1, "Learner"))) // still there by the other section
	want(1, false, "S2")
	w.must(put(bind("S2", "S3"))) // S1 leaves
	want(0, true)
	want(1, false, "S2")
	if e := w.enrolment("S1", 0); e.Suspended {
		t.Error("a section that left has lost its own members")
	}
	w.must(put(memberRecord("S1", 0, "Learner"))) // no more led there
	want(0, true)

	w.must(drop(bind("S2", "S3")))
	if c, _ := w.site.Course("X1"); c.Visible || len(c.Groups) > 0 {
		t.Errorf("after the drop: %+v", c)
	}
	if e := w.enrolment("S2", 2); e.Suspended {
		t.Error("members of the section are suspended in it")
	}
}

func TestGradesComeBack(t *testing.T) {
	for _, n := range []int{5, wholeCourse + 5} { // in one call, and one by one
		w := newWorld(t, moodlefake.Options{}, Options{Page: 50})
		members := class(w, n)
		w.all(members, nil)
		w.site.SetGrade("S1", "P0", 61.25)
		w.site.SetGrade("S1", "P1", 0)
		w.site.SetUnready("S1", "P2", 50)
		w.must(drop(members[0].Record)) // who has left has a grade
		got := map[lis.SourcedID]*lis.Result{}
		for r, err := range w.Results(t.Context(), "S1") {
			if err != nil {
				t.Fatal(err)
			}
			got[r.Object.(*lis.Result).PersonSourcedID] = r.Object.(*lis.Result)
		}
		if len(got) != 2 || got["P1"].ResultScore.String() != "0" {
			t.Fatalf("of %d students: %v", n, got)
		}
		if r := got["P0"]; r.ResultScore.String() != "61.25" || *r.ResultValue.ValueRange != (lis.ValueRange{Min: "0", Max: "100"}) || r.Date != "2026-10-01T12:00:00Z" {
			t.Errorf("got %+v", r)
		}
	}
}

func TestARosterThatShiftsIsNotTakenForWhole(t *testing.T) {
	w := proxied(t, Options{Page: 2}, func(body string) string {
		return strings.Replace(body, "limitfrom&options%5B1%5D%5Bvalue%5D=2", "limitfrom&options%5B1%5D%5Bvalue%5D=1", 1)
	})
	members := class(w, 4)
	_, _ = w.ApplyAll(t.Context(), members)
	_, err := lis.Collect(w.List(t.Context(), lis.KindMembership))
	w.is(err, adapters.Unavailable, "came twice")
}

func TestManyWorkersAtOnce(t *testing.T) {
	w := newWorld(t, moodlefake.Options{MaxInputVars: 1000}, Options{Page: 50})
	const workers, each = 8, 25
	w.must(put(sectionRecord("S1", "One")), put(sectionRecord("S2", "Two")))
	var all sync.WaitGroup
	for n := range workers {
		all.Go(func() {
			var cs []lis.Change
			for i := n * each; i < (n+1)*each; i++ {
				cs = append(cs, put(memberRecord("S1", i, "Learner")), put(personRecord(i)), put(memberRecord("S2", i, "Instructor")))
			}
			if _, errs := w.ApplyAll(t.Context(), cs); slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
				t.Errorf("worker %d: %v", n, errs)
			}
		})
	}
	all.Wait()
	if n := w.site.Counts(); n.Users != workers*each || n.Active != 2*workers*each {
		t.Errorf("got %+v", n)
	}
}
