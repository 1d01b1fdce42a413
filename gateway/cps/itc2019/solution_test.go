package itc2019

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

func small(t testing.TB) *shelf {
	return loaded(t, bytes.NewReader(readFile(t, "testdata/small.problem.xml")))
}

// solve reads classes into a shelf.
func solve(t testing.TB, s *shelf, classes string, o Options) []*ItemError {
	t.Helper()
	items, err := s.load(ReadSolution(strings.NewReader("<solution>\n"+classes+"\n</solution>"), s, o))
	if err != nil {
		t.Fatal(err)
	}
	return items
}

const (
	good1 = `<class id="1" days="0101000" start="96" weeks="111111" room="2"/>`
	good2 = `<class id="2" days="1000000" start="86" weeks="010101" room="2"/>`
	good3 = `<class id="3" days="1000001" start="120" weeks="111111" room="7"/>`
)

// TestItems shows that what is wrong with one class is told with its id, and
// that the others are read.
func TestItems(t *testing.T) {
	for name, c := range map[string]struct{ class, want string }{
		"unknown class":   {`<class id="99" days="0101000" start="96" weeks="111111"/>`, "line 2, class 99: there is no section for it"},
		"no id":           {`<class days="0101000"/>`, "line 2, class : attribute id is missing"},
		"twice":           {good3 + "\n" + good3, "line 3, class 3: the class is there twice"},
		"other time":      {`<class id="1" days="0101000" start="97" weeks="111111" room="2"/>`, `class 1: days "0101000", start "97", weeks "111111" are none of its 3 times`},
		"other weeks":     {`<class id="1" days="0101000" start="0" weeks="111111" room="2"/>`, "none of its 3 times"},
		"short mask":      {`<class id="1" days="0101000" start="96" weeks="11111" room="2"/>`, `weeks "11111" is not 6 characters of 0 and 1 (nrWeeks)`},
		"no start":        {`<class id="1" days="0101000" weeks="111111" room="2"/>`, "attribute start is missing"},
		"room only":       {`<class id="1" room="2"/>`, `attribute days is missing; write 7 characters of 0 and 1`},
		"room elsewhere":  {`<class id="1" days="0101000" start="96" weeks="111111" room="7"/>`, `room "7" is none of its 2 rooms`},
		"no room":         {`<class id="1" days="0101000" start="96" weeks="111111"/>`, "attribute room is missing: the class needs one of its 2 rooms"},
		"needs no room":   {`<class id="4" days="0010000" start="108" weeks="000001" room="1"/>`, `room "1" is not allowed`},
		"unknown student": {`<class id="4"><student id="77"/><student id="1"/></class>`, `class 4: student "77" of it is not in the problem`},
		"student twice":   {`<class id="4"><student id="1"/><student id="1"/></class>`, `class 4: student "1" of it is there twice`},
		"student no id":   {`<class id="4"><student/></class>`, `class 4: attribute id is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			s := small(t)
			items := solve(t, s, c.class+good2, Options{})
			if len(items) != 1 || !strings.Contains(items[0].Error(), c.want) {
				t.Fatalf("want %s\ngot  %v", c.want, items)
			}
			if len(meetings(t, s, "lis-small-fal26-class-2")) != 1 {
				t.Fatal("the class after it was not read")
			}
		})
	}
}

func meetings(t testing.TB, s *shelf, id lis.SourcedID) []lis.Meeting {
	t.Helper()
	r, err := s.Record(lis.KindCourseSection, id)
	if err != nil || r == nil {
		t.Fatal(id, err)
	}
	ms, err := r.Object.(*lis.CourseSection).Meetings()
	if err != nil {
		t.Fatal(err)
	}
	return ms
}

// TestWhole shows what ends the reading of a solution.
func TestWhole(t *testing.T) {
	s := small(t)
	for name, c := range map[string]struct{ file, want string }{
		"other problem": {`<solution name="another"/>`, `it is a solution of the problem "another" and not of "lis-small-fal26"`},
		"broken":        {"<solution>" + good1 + "<class", "line 1: this is not well-formed XML"},
		"DTD":           {`<!DOCTYPE solution [<!ENTITY a "b">]><solution/>`, "a DTD other than"},
		"other root":    {"<plan/>", "the root is not <problem> or <solution>"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.load(ReadSolution(strings.NewReader(c.file), s, Options{}))
			if err == nil || !strings.Contains(err.Error(), c.want) || !errors.As(err, new(*FileError)) {
				t.Fatal(err)
			}
		})
	}
	if _, err := s.load(ReadSolution(strings.NewReader("<solution/>"), newShelf(), Options{})); err == nil || !strings.Contains(err.Error(), "import the problem first") {
		t.Fatal(err)
	}
	down := errors.New("the journal is down")
	find := func(string) (*lis.Record, error) { return nil, down }
	if _, err := s.load(ReadSolution(strings.NewReader("<solution>"+good1+"</solution>"), s, Options{Find: find})); !errors.Is(err, down) || errors.As(err, new(*ItemError)) {
		t.Fatal(err)
	}
}

// TestAgain shows that the same solution changes nothing, and that another
// time for one class changes one section.
func TestAgain(t *testing.T) {
	s := small(t)
	solution := string(readFile(t, "testdata/small.solution.xml"))
	read := func(solution string) int {
		before := s.moved
		if items, err := s.load(ReadSolution(strings.NewReader(solution), s, Options{})); err != nil || len(items) > 0 {
			t.Fatal(err, items)
		}
		return s.moved - before
	}
	if first := read(solution); first != 1+5+6 { // the term, five sections with a time, six memberships
		t.Fatal(first, "calls moved something")
	}
	if again := read(solution); again != 0 {
		t.Fatal(again, "calls moved something the second time")
	}
	if one := read(strings.Replace(solution, `start="0" weeks="111100"`, `start="96" weeks="111111"`, 1)); one != 1 {
		t.Fatal(one, "calls for one class")
	}
}

// TestStudentsMove shows that a student who is in another class now is in one
// class only, and that memberships of others keep their sourcedIds.
func TestStudentsMove(t *testing.T) {
	s := small(t)
	solve(t, s, `<class id="3"><student id="1"/><student id="2"/></class>`, Options{})
	section := lis.SourcedID("lis-small-fal26-class-3")
	if err := s.take(&lis.Call{Operation: replaceMembership, ID: "sis-7", Record: member3("sis-7", section, "lis-small-fal26-student-10", "Learner")}); err != nil {
		t.Fatal(err)
	}
	if err := s.take(&lis.Call{Operation: replaceMembership, ID: "sis-8", Record: member3("sis-8", section, "teacher", "Instructor")}); err != nil {
		t.Fatal(err)
	}
	solve(t, s, `<class id="3"><student id="10"/><student id="2"/></class><class id="4"><student id="1"/></class>`, Options{})
	got := strings.Join(membershipIDs(t, s, section), " ")
	if got != "lis-small-fal26-class-3~student-2 sis-7 sis-8" {
		t.Fatal(got)
	}
	solve(t, s, `<class id="3"/>`, Options{KeepStudents: true})
	if again := strings.Join(membershipIDs(t, s, section), " "); again != got {
		t.Fatal(again)
	}
}

func member3(id, section, person lis.SourcedID, role string) *lis.Record {
	return &lis.Record{ID: id, Object: &lis.Membership{CollectionSourcedID: section, MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: person, Role: []lis.Role{{RoleType: role}}}}}
}

func membershipIDs(t *testing.T, s *shelf, section lis.SourcedID) []string {
	t.Helper()
	var ids []string
	for r, err := range s.Linked(lis.KindMembership, lis.Link{Name: lis.LinkCollection, Value: string(section)}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, string(r.ID))
	}
	return ids
}

// TestStays shows what a solution leaves of a section.
func TestStays(t *testing.T) {
	s := small(t)
	id := lis.SourcedID("lis-small-fal26-class-3")
	edit(t, s, id, func(c *lis.CourseSection) {
		c.Notes = lis.NewText("en", "bring boots")
		c.SetMeetings([]lis.Meeting{{N: 1, ID: "m", Type: "Lecture", Arranged: true, Start: lis.NoClock, End: lis.NoClock,
			Instructors: []lis.MeetingInstructor{{Person: "teacher", Lead: true}}}})
		c.Extension.Set("local.colour", "red")
	})
	solve(t, s, good3, Options{})
	r, _ := s.Record(lis.KindCourseSection, id)
	c := r.Object.(*lis.CourseSection)
	m := meetings(t, s, id)[0]
	if c.Notes.String() != "bring boots" || c.Extension.Get("local.colour") != "red" || c.Extension.Get(lis.FieldITCSubpart) != "3" ||
		m.ID != "m" || m.Type != "Lecture" || len(m.Instructors) != 1 || m.Arranged {
		t.Fatalf("%+v", m)
	}
	if m.Days.String() != "1000001" || m.Start.String() != "10:00" || m.End.String() != "11:00" || m.Room != "lis-small-fal26-room-7" || m.RoomName != "Room 7" ||
		m.StartDate != monday || m.EndDate != monday+41 || m.Weeks != "111111" {
		t.Fatalf("%+v", m)
	}
	solve(t, s, `<class id="3"/>`, Options{})
	if ms := meetings(t, s, id); len(ms) != 0 {
		t.Fatalf("an unassigned class has %d meetings", len(ms))
	}
	if r, _ := s.Record(lis.KindCourseSection, id); r.Object.(*lis.CourseSection).Location != nil || r.Object.(*lis.CourseSection).Meeting != nil {
		t.Fatal("the texts of an unassigned class still name a time or a room")
	}
}

func edit(t testing.TB, s *shelf, id lis.SourcedID, change func(*lis.CourseSection)) {
	t.Helper()
	r, err := s.Record(lis.KindCourseSection, id)
	if err != nil || r == nil {
		t.Fatal(id, err)
	}
	change(r.Object.(*lis.CourseSection))
	if err := s.take(&lis.Call{Operation: replaceSection, ID: id, Record: r}); err != nil {
		t.Fatal(err)
	}
}

// TestFind shows that sections, students and rooms under other sourcedIds are
// found, and go back under them.
func TestFind(t *testing.T) {
	s := small(t)
	r, _ := s.Record(lis.KindCourseSection, "lis-small-fal26-class-3")
	r.ID = "CRN10001"
	delete(s.kept, lis.Ref{Kind: lis.KindCourseSection, ID: "lis-small-fal26-class-3"})
	person := &lis.Record{ID: "P9", Object: &lis.Person{}}
	for _, c := range []*lis.Call{{Operation: replaceSection, ID: r.ID, Record: r}, {Operation: replacePerson, ID: "P9", Record: person}} {
		if err := s.take(c); err != nil {
			t.Fatal(err)
		}
	}
	solve(t, s, strings.Replace(good3, `id="3"`, `id="CRN10001"`, 1)+`<class id="4"><student id="P9"/></class>`, Options{})
	if got := string(written(t, WriteSolution, s)); !strings.Contains(got, `<class id="CRN10001" days="1000001" start="120"`) || !strings.Contains(got, `<student id="P9"/>`) {
		t.Fatal(got)
	}
	find := func(class string) (*lis.Record, error) {
		return s.Record(lis.KindCourseSection, lis.SourcedID("CRN1000"+class))
	}
	if items := solve(t, s, strings.Replace(good3, `id="3"`, `id="1"`, 1), Options{Find: find}); len(items) > 0 {
		t.Fatal(items)
	}
}

// TestInside reads the solution inside a problem.
func TestInside(t *testing.T) {
	s := small(t)
	problem := string(readFile(t, "testdata/small.problem.xml"))
	file := strings.Replace(problem, "</problem>", "<solution>"+good1+"</solution></problem>", 1)
	tell := func(what string) { t.Error(what) }
	if items, err := s.load(ReadSolution(strings.NewReader(file), s, Options{Unknown: tell})); err != nil || len(items) > 0 {
		t.Fatal(err, items)
	}
	if len(meetings(t, s, "lis-small-fal26-class-1")) != 1 {
		t.Fatal("it was not read")
	}
}
