package itc2019

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// TestRefused reads each problem of testdata/refused, and compares the error
// with the one beside it.
func TestRefused(t *testing.T) {
	files, err := filepath.Glob("testdata/refused/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatal("nothing in testdata/refused", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, err := newShelf().load(ReadProblem(strings.NewReader(string(readFile(t, file))), Options{Begin: monday}))
			if err == nil {
				t.Fatal("it was read")
			}
			if !errors.As(err, new(*FileError)) {
				t.Fatalf("%T: %v", err, err)
			}
			want := strings.TrimSuffix(file, ".xml") + ".want"
			if *update {
				if err := os.WriteFile(want, []byte(err.Error()+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if w := strings.TrimSpace(string(readFile(t, want))); w != err.Error() {
				t.Fatalf("want %s\ngot  %s", w, err)
			}
		})
	}
}

// TestLimits reads the small problem under each limit in turn.
func TestLimits(t *testing.T) {
	problem := string(readFile(t, "testdata/small.problem.xml"))
	for name, limits := range map[string]Limits{
		"Bytes": {Bytes: 300}, "Token": {Token: 80}, "Value": {Value: 4}, "ID": {ID: 1}, "Attributes": {Attributes: 3}, "Depth": {Depth: 6},
		"nrWeeks": {Weeks: 5}, "Rooms": {Rooms: 2}, "Courses": {Courses: 2}, "Classes": {Classes: 4},
		"Distributions": {Distributions: 3}, "Students": {Students: 2}, "Children": {Children: 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newShelf().load(ReadProblem(strings.NewReader(problem), Options{Begin: monday, Limits: limits}))
			if err == nil || !strings.Contains(err.Error(), name) || !strings.HasPrefix(err.Error(), "line ") {
				t.Fatalf("the limit is not named: %v", err)
			}
		})
	}
}

// TestTokens shows that no tag, comment or text is held that is longer than the limit.
func TestTokens(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for _, file := range []string{"<!--" + long + "--><problem/>", "<!DOCTYPE " + long + "><problem/>", "<problem name='" + long + "'/>", "<problem>" + long + "</problem>"} {
		_, err := newShelf().load(ReadProblem(strings.NewReader(file), Options{Begin: monday}))
		if err == nil || !strings.Contains(err.Error(), "Limits.Token") && !strings.Contains(err.Error(), "missing") {
			t.Fatal(err)
		}
	}
}

func TestBegin(t *testing.T) {
	for _, begin := range []lis.Date{0, monday + 1} {
		_, err := newShelf().load(ReadProblem(strings.NewReader("<problem/>"), Options{Begin: begin}))
		if err == nil || !strings.Contains(err.Error(), "first Monday") {
			t.Fatal(err)
		}
	}
}

// TestUnknown shows that what is not known is passed over and told of.
func TestUnknown(t *testing.T) {
	var told []string
	file := `<problem name="p" nrDays="7" slotsPerDay="288" nrWeeks="2" color="red" xmlns:x="urn:x" xml:lang="en">
		<instructors><instructor id="1"><!DOCTYPE problem-no><a/></instructor></instructors>text
		<rooms><room id="1" capacity="2" view="sea"><window/></room></rooms>
		<solution name="p"><class id="1"/></solution>
	</problem>`
	file = strings.Replace(file, "<!DOCTYPE problem-no>", "", 1)
	s := newShelf()
	_, err := s.load(ReadProblem(strings.NewReader(file), Options{Begin: monday, Unknown: func(what string) { told = append(told, what) }}))
	want := "attribute lang of <problem>|attribute color of <problem>|element <instructors> in <problem>|text in <problem>|" +
		"attribute view of <room>|element <window> in <room>|element <solution> in <problem>"
	if err != nil || strings.Join(told, "|") != want || s.calls != 2 {
		t.Fatalf("%v, %d calls\nwant %s\ngot  %s", err, s.calls, want, strings.Join(told, "|"))
	}
}

// TestStop shows that reading ends when nobody wants more.
func TestStop(t *testing.T) {
	problem := readFile(t, "testdata/small.problem.xml")
	for n := 1; n < 10; n++ {
		seen := 0
		for range ReadProblem(strings.NewReader(string(problem)), Options{Begin: monday}) {
			if seen++; seen == n {
				break
			}
		}
		if seen != n {
			t.Fatal(seen)
		}
	}
}

// TestParentsFirst shows that each call needs only what came before it.
func TestParentsFirst(t *testing.T) {
	seen := map[lis.Ref]bool{}
	for c, err := range ReadProblem(strings.NewReader(string(readFile(t, "testdata/small.problem.xml"))), Options{Begin: monday, Prefix: "pre"}) {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(c.ID), "pre-") {
			t.Fatal(c.ID)
		}
		for _, need := range needs(c.Record.Object) {
			if need.ID != "" && !seen[need] {
				t.Fatalf("%s %s comes before its %s %s", c.Operation, c.ID, need.Kind, need.ID)
			}
		}
		seen[lis.Ref{Kind: c.Record.Object.Kind(), ID: c.ID}] = true
	}
}

func needs(o lis.Object) []lis.Ref {
	switch o := o.(type) {
	case *lis.CourseOffering:
		return []lis.Ref{{Kind: lis.KindCourseTemplate, ID: o.ParentTemplateID}, {Kind: lis.KindGroup, ID: lis.SourcedID(o.AcademicSession.String())}}
	case *lis.CourseSection:
		list := []lis.Ref{{Kind: lis.KindCourseOffering, ID: o.ParentOfferingID}}
		q, _ := o.Request()
		for _, r := range q.Rooms {
			list = append(list, lis.Ref{Kind: lis.KindGroup, ID: lis.SourcedID(r.Of)})
		}
		return list
	case *lis.SectionAssociation:
		var list []lis.Ref
		for _, id := range o.Sections() {
			list = append(list, lis.Ref{Kind: lis.KindCourseSection, ID: id})
		}
		return list
	case *lis.Membership:
		return []lis.Ref{{Kind: lis.Kind(o.MembershipIDType), ID: o.CollectionSourcedID}, {Kind: lis.KindPerson, ID: o.Person()}}
	}
	return nil
}
