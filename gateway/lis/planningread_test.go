package lis

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// extensionOf makes an extension of names and values, as a peer sends one.
func extensionOf(pairs ...string) *Extension {
	e := &Extension{NameVocabulary: "LocallyDefined"}
	for i := 0; i < len(pairs); i += 2 {
		e.Field = append(e.Field, ExtensionField{FieldName: pairs[i], FieldType: "STRING", FieldValue: pairs[i+1]})
	}
	return e
}

// told returns the errors of a reader as one line each.
func told(err error) []string {
	var lines []string
	var list FieldErrors
	if errors.As(err, &list) {
		for _, e := range list {
			line := e.Error()
			if e.Incomplete {
				line = "incomplete " + line
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func TestMeetingsAreReadFromAnything(t *testing.T) {
	c := &CourseSection{Extension: extensionOf(
		"meeting.12.endTime", " 1020 ", "meeting.12.startTime", "09:30:00", "meeting.12.days", "1010100", "colour", "red",
		"meeting.3.arranged", "YES", "meeting.12.startDate", "2010-08-23T00:00:00Z", "meeting.12.instructor.7.lead", "1",
		"meeting.12.instructor.02.sourcedId", "p2", "meeting.12.instructor.7.sourcedId", "p7", "meeting.3.days", "", "meeting.12.lift", "x")}
	ms, err := c.Meetings()
	date, _ := ParseDate("2010-08-23")
	want := []Meeting{
		{N: 3, Arranged: true, Start: NoClock, End: NoClock},
		{N: 12, Days: 0b10101, StartDate: date, Start: 570, End: 620, Instructors: []MeetingInstructor{{N: 2, Person: "p2"}, {N: 7, Person: "p7", Lead: true}}},
	}
	if err != nil || !reflect.DeepEqual(ms, want) {
		t.Errorf("%v\n got %+v\nwant %+v", err, ms, want)
	}
}

// whole is a meeting with nothing wrong; what follows it counts.
var whole = []string{"meeting.2.days", "1000000", "meeting.2.startTime", "10:00", "meeting.2.endTime", "11:00"}

func TestMeetingErrors(t *testing.T) {
	cases := []struct {
		name   string
		fields []string
		want   []string
	}{
		{"days", []string{"meeting.2.days", "MWF"}, []string{`field meeting.2.days: "MWF" is not seven characters`}},
		{"no day", []string{"meeting.2.days", "0000000"}, []string{`field meeting.2.days: 0000000 has no day`}},
		{"weeks", []string{"meeting.2.weeks", "1102"}, []string{`field meeting.2.weeks: "1102" is not one character of 0 or 1`}},
		{"many weeks", []string{"meeting.2.weeks", strings.Repeat("1", 107)}, []string{`field meeting.2.weeks: a mask of more than 106 weeks`}},
		{"startDate", []string{"meeting.2.startDate", "23.8.2010"}, []string{`field meeting.2.startDate: "23.8.2010" is not a date`}},
		{"endDate", []string{"meeting.2.endDate", "soon"}, []string{`field meeting.2.endDate: "soon" is not a date`}},
		{"dates", []string{"meeting.2.startDate", "2010-08-23", "meeting.2.endDate", "2010-08-22"}, []string{`field meeting.2.endDate: 2010-08-22 is before the start date 2010-08-23`}},
		{"long", []string{"meeting.2.startDate", "2010-08-23", "meeting.2.endDate", "2099-12-31"}, []string{`field meeting.2.endDate: 2099-12-31 is beyond the limit of 106 weeks`}},
		{"startTime", []string{"meeting.2.startTime", "24:01"}, []string{`field meeting.2.startTime: "24:01" is not a time of day`}},
		{"endTime", []string{"meeting.2.endTime", "noon"}, []string{`field meeting.2.endTime: "noon" is not a time of day`}},
		{"end at start", []string{"meeting.2.endTime", "10:00"}, []string{`field meeting.2.endTime: 10:00 is not after the start time 10:00`}},
		{"end before start", []string{"meeting.2.endTime", "0930"}, []string{`field meeting.2.endTime: 09:30 is not after the start time 10:00`}},
		{"arranged", []string{"meeting.2.arranged", "maybe"}, []string{`field meeting.2.arranged: "maybe" is not true or false`}},
		{"capacity", []string{"meeting.2.roomCapacity", "-1"}, []string{`field meeting.2.roomCapacity: "-1" is not a whole number from 0`}},
		{"share", []string{"meeting.2.instructor.1.sourcedId", "p", "meeting.2.instructor.1.share", "50"}, []string{`field meeting.2.instructor.1.share: "50" is not a share from 0 to 1`}},
		{"lead", []string{"meeting.2.instructor.1.sourcedId", "p", "meeting.2.instructor.1.lead", "x"}, []string{`field meeting.2.instructor.1.lead: "x" is not true or false`}},
		{"nobody", []string{"meeting.2.instructor.4.role", "Lead"}, []string{`incomplete field meeting.2.instructor.4.sourcedId: is missing`}},
		{"nothing", []string{"meeting.1.id", "a"}, []string{`incomplete field meeting.1.days: is missing`, `incomplete field meeting.1.startTime: is missing`, `incomplete field meeting.1.endTime: is missing`}},
		{"no end", []string{"meeting.1.days", "1000000", "meeting.1.startTime", "10:00"}, []string{`incomplete field meeting.1.endTime: is missing`}},
		{"arranged needs nothing", []string{"meeting.1.arranged", "true", "meeting.1.days", "0000000"}, nil},
		{"two", []string{"meeting.2.weeks", "x", "meeting.2.arranged", "y"}, []string{`field meeting.2.weeks: "x"`, `field meeting.2.arranged: "y"`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := &CourseSection{Extension: extensionOf(append(append([]string{}, whole...), c.fields...)...)}
			ms, err := s.Meetings()
			hold(t, err, c.want)
			if last := ms[len(ms)-1]; last.N != 2 || c.name != "days" && c.name != "no day" && last.Days != 1 {
				t.Errorf("the rest was not read: %+v", last)
			}
		})
	}
}

// hold holds errors against how each of them begins.
func hold(t *testing.T, err error, want []string) {
	t.Helper()
	got := told(err)
	if len(got) != len(want) || len(want) == 0 && err != nil {
		t.Fatalf("\n got %q\nwant %q", got, want)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("\n got %s\nwant %s", got[i], want[i])
		}
	}
}

func TestOtherErrors(t *testing.T) {
	request := func(e *Extension) error { _, err := (&CourseOffering{Extension: e}).Request(); return err }
	room := func(e *Extension) error { _, err := (&Group{Extension: e}).Room(); return err }
	plan := func(e *Extension) error { _, err := (&CourseSection{Extension: e}).Plan(); return err }
	demand := func(e *Extension) error { _, err := (&CourseOffering{Extension: e}).Demand(); return err }
	constraints := func(e *Extension) error { _, err := (&SectionAssociation{Extension: e}).Constraints(); return err }
	cases := []struct {
		read   func(*Extension) error
		fields []string
		want   []string
	}{
		{request, []string{"request.minutesPerWeek", "x"}, []string{`field request.minutesPerWeek: "x"`}},
		{request, []string{"request.noRoom", "x"}, []string{`field request.noRoom: "x"`}},
		{request, []string{"request.building.2.preference", "1"}, []string{`incomplete field request.building.2.name: is missing`}},
		{request, []string{"request.room.2.sourcedId", "r", "request.room.2.preference", "x"}, []string{`field request.room.2.preference: "x"`}},
		{request, []string{"request.time.1.preference", "-2"}, []string{`incomplete field request.time.1.days`, `incomplete field request.time.1.startTime`, `incomplete field request.time.1.length`}},
		{request, []string{"request.time.1.days", "0000000", "request.time.1.startTime", "10:00", "request.time.1.length", "0"}, []string{`field request.time.1.days: 0000000`, `field request.time.1.length: "0" is not a number of minutes from 1`}},
		{request, []string{"request.time.1.days", "1000000", "request.time.1.startTime", "23:00", "request.time.1.length", "61"}, []string{`field request.time.1.length: the time that starts at 23:00 goes on past midnight`}},
		{room, []string{"room.capacity", "many"}, []string{`field room.capacity: "many"`}},
		{room, []string{"room.x", "1,5", "room.y", "+-1"}, []string{`field room.x: "1,5" is not a decimal`, `field room.y: "+-1" is not a decimal`}},
		{room, []string{"room.unavailable.1.days", "0000000"}, []string{`field room.unavailable.1.days: 0000000`, `incomplete field room.unavailable.1.days`}},
		{room, []string{"room.unavailable.1.startTime", "10:00", "room.unavailable.1.endTime", "09:00"}, []string{`field room.unavailable.1.endTime: 09:00 is not after`}},
		{room, []string{"room.unavailable.1.startDate", "2010-02-01", "room.unavailable.1.endDate", "2010-01-01"}, []string{`field room.unavailable.1.endDate: 2010-01-01 is before`}},
		{room, []string{"room.travel.1.minutes", "5", "room.travel.2.room", "r"}, []string{`incomplete field room.travel.1.room`, `incomplete field room.travel.2.minutes`}},
		{plan, []string{"plan.state", "perhaps", "plan.version", "-1", "plan.packetMode", "AUDIT"}, []string{`field plan.state: "perhaps" is none of [draft requested`, `field plan.version: "-1"`}},
		{demand, []string{"demand.expected", "1e3"}, []string{`field demand.expected: "1e3"`}},
		{constraints, []string{"constraint.1.required", "x", "constraint.1.penalty", "y"}, []string{`field constraint.1.required: "x"`, `field constraint.1.penalty: "y"`, `incomplete field constraint.1.type`}},
	}
	for _, c := range cases {
		t.Run(c.fields[0], func(t *testing.T) { hold(t, c.read(extensionOf(c.fields...)), c.want) })
	}
}

func TestLimits(t *testing.T) {
	var meetings, instructors []string
	for i := 1; i <= MaxMeetings+3; i++ {
		meetings = append(meetings, fmt.Sprintf("meeting.%d.arranged", i), "true")
	}
	instructors = append(instructors, "meeting.1.arranged", "true")
	for i := 1; i <= MaxInstructors+3; i++ {
		instructors = append(instructors, fmt.Sprintf("meeting.1.instructor.%d.sourcedId", i), "p")
	}
	ms, err := (&CourseSection{Extension: extensionOf(meetings...)}).Meetings()
	if len(ms) != MaxMeetings {
		t.Errorf("%d meetings", len(ms))
	}
	hold(t, err, []string{"field meeting.201.arranged: is beyond the limit of 200 meetings of a section"})
	ms, err = (&CourseSection{Extension: extensionOf(instructors...)}).Meetings()
	if len(ms[0].Instructors) != MaxInstructors {
		t.Errorf("%d instructors", len(ms[0].Instructors))
	}
	hold(t, err, []string{"field meeting.1.instructor.51.sourcedId: is beyond the limit of 50 instructors of a meeting"})
}

func TestFieldErrors(t *testing.T) {
	var list FieldErrors
	for range 7 {
		list = append(list, &FieldError{Field: "f", Text: "is wrong"})
	}
	if got := list.Error(); !strings.HasSuffix(got, "f: is wrong; and 2 more") {
		t.Error(got)
	}
	var one *FieldError
	if !errors.As(fmt.Errorf("read: %w", list), &one) || one.Field != "f" {
		t.Error("a FieldError cannot be had from them")
	}
	_, err := (&CourseSection{Extension: extensionOf("meeting.1.arranged", strings.Repeat("ü", 1<<16))}).Meetings()
	if len(err.Error()) > 2000 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}
