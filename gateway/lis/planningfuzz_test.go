package lis

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// FuzzMeetings gives a section any fields: name, value, a line each. What is
// read without error is written and read again, and no unknown field is lost.
func FuzzMeetings(f *testing.F) {
	f.Add(strings.Join(whole, "\n"))
	f.Add("meeting.1.arranged\ntrue\nmeeting.1.instructor.3.sourcedId\np\nmeeting.1.x\ny\nplan.state\ndraft")
	f.Add("meeting.007.days\n1111111\nmeeting.7.startTime\n0000\nmeeting.7.endTime\n24:00\nmeeting.7.weeks\n101\nmeeting.7.startDate\n2026-01-01")
	f.Fuzz(func(t *testing.T, text string) {
		c := &CourseSection{Extension: fuzzedExtension(text)}
		c.Links()
		unknown := UnknownPlanningFields(c.Extension)
		if ms, err := c.Meetings(); err != nil {
			MeetingText(ms)
		} else {
			c.SetMeetings(ms)
			kept(t, ms)(c.Meetings())
		}
		if p, err := c.Plan(); err == nil {
			c.SetPlan(p)
			kept(t, p)(c.Plan())
		}
		l := c.SectionLink()
		c.SetSectionLink(l)
		kept(t, l)(c.SectionLink(), nil)
		keptUnknown(t, c.Extension, unknown)
	})
}

// FuzzPlanning does so with the other words.
func FuzzPlanning(f *testing.F) {
	f.Add("request.time.2.days\n1000000\nrequest.time.2.startTime\n10:00\nrequest.time.2.length\n50\nrequest.building.9.name\nB\nrequest.x\ny")
	f.Add("room.unavailable.1.startDate\n1970-01-01\nroom.travel.3.room\nr\nroom.travel.3.minutes\n0\nroom.x\n-1.5\nroom.feature.4\nf")
	f.Add("constraint.3.type\nSameRoom\nconstraint.3.section.9\ns\nconstraint.3.odd\nx\nconstraint.4.penalty\n-1\ndemand.expected\n9")
	f.Fuzz(func(t *testing.T, text string) {
		o, g, a := &CourseOffering{Extension: fuzzedExtension(text)}, &Group{Extension: fuzzedExtension(text)}, &SectionAssociation{Extension: fuzzedExtension(text)}
		unknown := UnknownPlanningFields(g.Extension)
		if q, err := o.Request(); err == nil {
			o.SetRequest(q)
			kept(t, q)(o.Request())
		}
		if d, err := o.Demand(); err == nil {
			o.SetDemand(d)
			kept(t, d)(o.Demand())
		}
		if r, err := g.Room(); err == nil {
			g.SetRoom(r)
			kept(t, r)(g.Room())
		}
		if list, err := a.Constraints(); err == nil {
			a.SetConstraints(list)
			kept(t, list)(a.Constraints())
		}
		keptUnknown(t, o.Extension, unknown)
		keptUnknown(t, g.Extension, unknown)
		keptUnknown(t, a.Extension, unknown)
	})
}

func fuzzedExtension(text string) *Extension {
	lines := strings.Split(text, "\n")
	return extensionOf(lines[:len(lines)&^1]...)
}

func kept[T any](t *testing.T, want T) func(T, error) {
	t.Helper()
	return func(got T, err error) {
		t.Helper()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%v\n got %+v\nwant %+v", err, got, want)
		}
	}
}

// keptUnknown does not look at the order: what belongs to an item follows it.
func keptUnknown(t *testing.T, e *Extension, want []string) {
	t.Helper()
	got := UnknownPlanningFields(e)
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Fatalf("unknown fields\n got %q\nwant %q", got, want)
	}
}

// campus is 10,000 sections of 2.5 meetings, as a planner returns them.
func campus(sections int) []*CourseSection {
	list := make([]*CourseSection, sections)
	for i := range list {
		ms := make([]Meeting, 2+i%2)
		for k := range ms {
			ms[k] = Meeting{ID: fmt.Sprint("m", i, k), Days: 0b10101, Weeks: "11110111111", StartDate: day("2026-09-07"), EndDate: day("2026-11-20"), Start: 570, End: 620,
				Type: "Lecture", Room: SourcedID(fmt.Sprint("room-", i%60)), RoomName: "103", Building: "EDUC", RoomCapacity: 80,
				Instructors: []MeetingInstructor{{Person: SourcedID(fmt.Sprint("p", i)), Role: "Instructor"}}}
		}
		list[i] = new(CourseSection)
		list[i].SetMeetings(ms)
		list[i].SetPlan(Plan{State: PlanProposed, Version: int64(i), Packet: "p1"})
	}
	return list
}

func BenchmarkMeetings(b *testing.B) {
	sections := campus(10_000)
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range sections {
			if _, err := c.Meetings(); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkSetMeetings(b *testing.B) {
	c := campus(1)[0]
	ms, _ := c.Meetings()
	b.ReportAllocs()
	for b.Loop() {
		c.SetMeetings(ms)
	}
}

// BenchmarkManyFields reads one section of 2,000 fields, and one of 20,000:
// ten times as long, not a hundred.
func BenchmarkManyFields(b *testing.B) {
	for _, n := range []int{2_000, 20_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var pairs []string
			for i := n; i > 0; i-- {
				pairs = append(pairs, fmt.Sprintf("meeting.%d.instructor.%d.sourcedId", i%MaxMeetings+1, i), "p")
			}
			c := &CourseSection{Extension: extensionOf(pairs...)}
			for b.Loop() {
				c.Meetings()
			}
		})
	}
}
