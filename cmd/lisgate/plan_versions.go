package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"lisgate/gateway/cps"
	"lisgate/gateway/lis"
)

// A facts is what is told of a section: values by their names, in an order.
type facts struct {
	names  []string
	values map[string]string
	raw    map[string]string // extension fields, all of them
	fields []string          // those that no value tells: told where they differ
}

func (f *facts) add(name, value string) {
	if value = oneLine(value); value != "" && f.values[name] == "" {
		f.names = append(f.names, name)
		f.values[name] = value
	}
}

// printVersions prints two versions of a section under each other, and where
// they differ a third one too.
func printVersions(w io.Writer, now, then, base *cps.Version) {
	a, b, o := factsOf(now), factsOf(then), factsOf(base)
	for _, name := range united(b.names, a.names) {
		was, is := a.values[name], b.values[name]
		switch {
		case now == nil:
			fmt.Fprintf(w, "    %-12s + %s\n", name, is)
		case was == is:
			fmt.Fprintf(w, "    %-12s   %s\n", name, is)
		default:
			fmt.Fprintf(w, "  * %-12s - %s\n    %-12s + %s\n", name, or(was, "(none)"), "", or(is, "(none)"))
			if base != nil && o.values[name] != was {
				fmt.Fprintf(w, "    %-12s o %s\n", "", or(o.values[name], "(none)"))
			}
		}
	}
	for _, name := range united(b.fields, a.fields) {
		if was, is := a.raw[name], b.raw[name]; was != is && now != nil {
			fmt.Fprintf(w, "  * field %s\n    %-12s - %s\n    %-12s + %s\n", oneLine(name), "", or(was, "(none)"), "", or(is, "(none)"))
		}
	}
}

// united returns the names of both, each at its place.
func united(first, second []string) []string {
	all := slices.Clone(first)
	at := 0
	for _, name := range second {
		if i := slices.Index(all, name); i >= 0 {
			at = i + 1
			continue
		}
		all = slices.Insert(all, at, name)
		at++
	}
	return all
}

func factsOf(v *cps.Version) *facts {
	f := &facts{values: map[string]string{}, raw: map[string]string{}}
	if v == nil {
		return f
	}
	c := v.Section
	if c == nil {
		c = &lis.CourseSection{}
	}
	f.add("title", c.Title.String())
	f.add("label", c.Label.String())
	f.add("offering", string(c.ParentOfferingID))
	f.add("session", c.AcademicSession.String())
	f.add("status", c.Status)
	told := f.meetings(c)
	if len(told) == 0 {
		f.add("meets", or(v.Meeting, c.Meeting.String()))
	}
	f.add("location", or(v.Location, c.Location.String()))
	f.add("seats", number(c.MaxNumberOfStudents))
	f.add("students", or(number(c.NumberOfStudents), nonzero(v.Students)))
	f.add("category", c.Category.String())
	for _, t := range c.TimeFrame {
		f.add("time frame", strings.Trim(t.Begin+".."+t.End, "."))
	}
	f.add("notes", c.Notes.String())
	f.extension(c.Extension, told)
	return f
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

// meetings tells of meetings as people write them, and returns which fields
// are told so.
func (f *facts) meetings(c *lis.CourseSection) names {
	told := names{}
	meetings, err := c.Meetings()
	for i := range meetings {
		m := &meetings[i]
		f.add(fmt.Sprintf("meeting %d", m.N), lis.MeetingText(meetings[i:i+1]))
		f.add(fmt.Sprintf("kind %d", m.N), m.Type)
		var teachers []string
		for _, t := range m.Instructors {
			lead := ""
			if t.Lead {
				lead = "leads"
			}
			teachers = append(teachers, with(string(t.Person), join(t.Role, t.Share, lead)))
			told.add(m.N, t.N, instructorTold)
		}
		f.add(fmt.Sprintf("taught by %d", m.N), strings.Join(teachers, "; "))
		told.add(m.N, 0, meetingTold)
	}
	var bad lis.FieldErrors
	errors.As(err, &bad)
	for _, one := range bad {
		delete(told, one.Field) // what cannot be read is told as the field that it is
	}
	return told
}

// The fields that the lines of a meeting tell.
var (
	meetingTold = []string{lis.FieldMeetingDays, lis.FieldMeetingWeeks, lis.FieldMeetingStartDate, lis.FieldMeetingEndDate, lis.FieldMeetingStartTime,
		lis.FieldMeetingEndTime, lis.FieldMeetingType, lis.FieldMeetingArranged, lis.FieldMeetingRoomName, lis.FieldMeetingBuilding}
	instructorTold = []string{lis.FieldInstructorPerson, lis.FieldInstructorRole, lis.FieldInstructorShare, lis.FieldInstructorLead}
	planTold       = []string{lis.FieldPlanState, lis.FieldPlanVersion, lis.FieldPlanReason, lis.FieldPlanPacket, lis.FieldPlanMode}
)

// A names is a set of names of fields.
type names map[string]bool

func (s names) add(n, m int, patterns []string) {
	for _, p := range patterns {
		s[lis.FieldName(p, n, m)] = true
	}
}

// extension tells of the fields that no line has told.
func (f *facts) extension(e *lis.Extension, told names) {
	if e == nil {
		return
	}
	for _, field := range e.Field {
		name := field.FieldName
		if _, twice := f.raw[name]; !twice && !told[name] && !slices.Contains(planTold, name) {
			f.fields = append(f.fields, name)
		}
		f.raw[name] = oneLine(field.FieldValue)
	}
}
