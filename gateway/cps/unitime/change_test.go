package unitime

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// TestChanges changes records and looks for the change in the file, and for
// what did not change.
func TestChanges(t *testing.T) {
	for name, c := range map[string]struct {
		change     func(s *lis.CourseSection, ms []lis.Meeting)
		want, keep string
	}{
		"room": {func(s *lis.CourseSection, ms []lis.Meeting) {
			ms[0].Room, ms[0].Building, ms[0].RoomName = "R-7", "LAB", "7"
			s.SetMeetings(ms[:1])
		}, `<room id="R-7" building="LAB" roomNbr="7"/>`, `timePattern="3x50"`},
		"time": {func(s *lis.CourseSection, ms []lis.Meeting) {
			for i := range ms {
				ms[i].Start, ms[i].End = 600, 650
			}
			s.SetMeetings(ms)
		}, `startTime="1000" endTime="1050"/>`, `roomNbr="103" id="R-103"`},
		"two times": {func(s *lis.CourseSection, ms []lis.Meeting) {
			ms[1].Start, ms[1].End = 600, 650
			s.SetMeetings(ms[:2])
		}, `<meeting days="MWF" startTime="1000" endTime="1050" startDate="2010/08/23" endDate="2010/09/03" building="EDUC" room="104"/>`, `lname="Byron"`},
		"weeks": {func(s *lis.CourseSection, ms []lis.Meeting) {
			ms[0].EndDate, ms[0].Weeks = day("2010-09-12"), "101"
			s.SetMeetings(ms[:1])
		}, `<date startDate="2010/09/06" endDate="2010/09/12"/>`, `timePattern="3x50"`},
		"instructor": {func(s *lis.CourseSection, ms []lis.Meeting) {
			for i := range ms {
				ms[i].Instructors = []lis.MeetingInstructor{{Person: "101", Role: "Instructor", Share: "1", Lead: true}}
			}
			s.SetMeetings(ms)
		}, `<instructor id="101" fname="Emil" mname="J" lname="Post" share="100" lead="true"/>`, `timePattern="3x50"`},
		"cancelled": {func(s *lis.CourseSection, _ []lis.Meeting) { s.Status = "Inactive" }, `cancelled="true"`, `id="5001"`},
		"limit":     {func(s *lis.CourseSection, _ []lis.Meeting) { n := int64(7); s.MaxNumberOfStudents = &n }, `limit="7"`, `id="5001"`},
	} {
		t.Run(name, func(t *testing.T) {
			calls, h, _ := read(t, readFile(t, "testdata/timetable.xml"), term)
			s := setOf(calls)
			sec := s.section("5001")
			ms, err := sec.Meetings()
			if err != nil {
				t.Fatal(err)
			}
			c.change(sec, ms)
			var out bytes.Buffer
			if err := WriteTimetable(&out, h, s); err != nil {
				t.Fatal(err)
			}
			class, _, _ := strings.Cut(out.String(), "</class>")
			if !strings.Contains(class, c.want) || !strings.Contains(class, c.keep) {
				t.Errorf("want %s and %s in\n%s", c.want, c.keep, class)
			}
			read(t, out.Bytes(), term)
		})
	}
}

// TestNotOfUniTime writes sections that no file of UniTime knew.
func TestNotOfUniTime(t *testing.T) {
	sec := &lis.CourseSection{Label: lis.NewText("en", "MATH 5 Lec 2"), ParentOfferingID: "o", Category: lis.NewText("en", "Lec")}
	sec.SetMeetings([]lis.Meeting{{Days: 1, Start: 540, End: 600, StartDate: term.Begin, EndDate: term.End, Room: "R", Building: "B", RoomName: "1"}})
	s := setOf([]*lis.Call{
		{ID: "o", Record: &lis.Record{ID: "o", Object: &lis.CourseOffering{Label: lis.NewText("en", "MATH 5"), Title: lis.NewText("en", "Sets")}}},
		{ID: "s", Record: &lis.Record{ID: "s", Object: sec}},
	})
	h := Header{Campus: "L", Year: "2010", Term: "Fal"}
	for want, write := range map[string]func(io.Writer, Header, Source) error{
		`<class id="s" subject="MATH" courseNbr="5" type="Lec" suffix="2">`:             WriteTimetable,
		`<course id="o" subject="MATH" courseNbr="5" controlling="true" title="Sets"/>`: WriteOfferings,
	} {
		var out bytes.Buffer
		if err := write(&out, h, s); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in\n%s", want, out.String())
		}
		calls, _, _ := read(t, out.Bytes(), term)
		if again, err := setOf(calls).section("s").Meetings(); err != nil || len(again) != 1 || again[0].Room != "R" || again[0].Start != 540 {
			t.Errorf("read again: %+v, %v", again, err)
		}
	}
}

// TestDeleted reads an offering that goes.
func TestDeleted(t *testing.T) {
	calls, _, _ := read(t, []byte(`<offerings campus="L" year="2010" term="F"><offering id="B" action="delete"><course id="B1" subject="B" courseNbr="1"/>
		<config name="1"><class id="b1" type="Lec" suffix="1"><class id="b2" type="Rec" suffix="1"/></class></config></offering></offerings>`), term)
	var got []string
	for _, c := range calls[1:] {
		got = append(got, c.Operation+" "+string(c.ID))
	}
	if want := "deleteCourseSection b2, deleteCourseSection b1, deleteCourseOffering B1"; strings.Join(got, ", ") != want {
		t.Errorf("got %v", got)
	}
}

// TestResolve asks for what is known by name.
func TestResolve(t *testing.T) {
	o := term
	o.Resolve = func(kind lis.Kind, name string) lis.SourcedID {
		return map[string]lis.SourcedID{"courseSection A 1 Lec 1": "sec", "group B 2": "room", "courseOffering A 1": "off"}[string(kind)+" "+name]
	}
	calls, _, _ := read(t, []byte(`<timetable campus="L" year="2010" term="F"><class subject="A" courseNbr="1" type="Lec" suffix="1">
		<time days="M" startTime="0900" endTime="1000"/><room building="B" roomNbr="2"/></class></timetable>`), o)
	sec := setOf(calls).section("sec")
	if ms, _ := sec.Meetings(); sec.ParentOfferingID != "off" || len(ms) != 1 || ms[0].Room != "room" {
		t.Errorf("got %s and %+v", sec.ParentOfferingID, ms)
	}
}

// classes is a timetable of many classes that is nowhere as a whole.
type classes struct {
	left, n int
	rest    []byte
}

func (c *classes) Read(p []byte) (int, error) {
	for len(c.rest) == 0 {
		switch c.n++; {
		case c.n == 1:
			c.rest = []byte(`<timetable campus="L" year="2010" term="F">`)
		case c.left > 0:
			c.left--
			c.rest = fmt.Appendf(nil, `<class id="c%d"><time days="MW" startTime="0900" endTime="1000"/><room building="B" roomNbr="%d"/></class>`, c.left, c.left%50)
		case c.left == 0:
			c.left--
			c.rest = []byte(`</timetable>`)
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// TestMemory reads many classes: what stays is a few bytes for each.
func TestMemory(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	const many = 20_000
	before, n := heap(), 0
	for _, err := range Read(&classes{left: many}, term) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == many {
			if grown := int64(heap()) - int64(before); grown > 100*many {
				t.Errorf("%d bytes for %d classes", grown, many)
			}
		}
	}
	if n < many {
		t.Errorf("%d calls", n)
	}
}
