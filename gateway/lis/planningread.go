package lis

import "fmt"

// Reading is tolerant: the fields may be under any vocabulary, of any type, in
// any order and with any numbers. What cannot be read is told of, with the
// field and what is expected, and the rest is read. An empty value is no value.

// A meetingFields is a meeting while its fields are read.
type meetingFields struct {
	meeting     Meeting
	instructors numbered[MeetingInstructor]
	said        said
}

// said marks fields that came, good or bad: a bad one is told of once.
type said uint8

const (
	saidDays said = 1 << iota
	saidStart
	saidEnd  // or a length
	saidZero // days, and none of them
)

// Meetings reads the meetings of the section by their numbers. The error is
// FieldErrors, and what could be read is returned beside it. A missing
// startDate is none: the term has one.
func (c *CourseSection) Meetings() ([]Meeting, error) {
	var r fieldReader
	list := numbered[meetingFields]{limit: MaxMeetings, what: "meetings of a section",
		numbers: make([]int, 0, 4), items: make([]meetingFields, 0, 4)} // most sections have no more
	list.blank.meeting.Start, list.blank.meeting.End = NoClock, NoClock
	r.fields(c.Extension, familyMeeting, func(pattern string, n, m int) {
		if f := list.at(&r, n); f != nil {
			f.read(&r, pattern, m)
		}
	})
	if len(list.items) == 0 {
		return nil, r.err()
	}
	meetings := make([]Meeting, len(list.items))
	for i := range list.items {
		f := &list.items[i]
		f.meeting.N = list.numbers[i]
		f.check(&r)
		meetings[i] = f.meeting
	}
	return meetings, r.err()
}

// read takes the field at hand.
func (f *meetingFields) read(r *fieldReader, pattern string, m int) {
	v := &f.meeting
	switch pattern {
	case FieldMeetingID:
		r.text(&v.ID)
	case FieldMeetingDays:
		f.said = f.said&^saidZero | saidDays
		if parsed(r, &v.Days, ParseWeekdays) && v.Days == 0 {
			f.said |= saidZero
		}
	case FieldMeetingWeeks:
		parsed(r, &v.Weeks, parseWeeks)
	case FieldMeetingStartDate:
		parsed(r, &v.StartDate, ParseDate)
	case FieldMeetingEndDate:
		parsed(r, &v.EndDate, ParseDate)
	case FieldMeetingStartTime:
		f.said |= saidStart
		parsed(r, &v.Start, ParseClock)
	case FieldMeetingEndTime:
		f.said |= saidEnd
		parsed(r, &v.End, ParseClock)
	case FieldMeetingTimeZone:
		r.text(&v.TimeZone)
	case FieldMeetingType:
		r.text(&v.Type)
	case FieldMeetingArranged:
		parsed(r, &v.Arranged, parseBoolean)
	default:
		f.readPlace(r, pattern, m)
	}
}

func (f *meetingFields) readPlace(r *fieldReader, pattern string, m int) {
	v := &f.meeting
	switch pattern {
	case FieldMeetingRoom:
		r.id(&v.Room)
	case FieldMeetingRoomName:
		r.text(&v.RoomName)
	case FieldMeetingBuilding:
		r.text(&v.Building)
	case FieldMeetingCampus:
		r.text(&v.Campus)
	case FieldMeetingRoomCapacity:
		parsed(r, &v.RoomCapacity, parseCount)
	default:
		f.readInstructor(r, pattern, m)
	}
}

func (f *meetingFields) readInstructor(r *fieldReader, pattern string, m int) {
	f.instructors.limit, f.instructors.what = MaxInstructors, "instructors of a meeting"
	v := f.instructors.at(r, m)
	if v == nil {
		return
	}
	switch pattern {
	case FieldInstructorPerson:
		r.id(&v.Person)
	case FieldInstructorRole:
		r.text(&v.Role)
	case FieldInstructorShare:
		parsed(r, &v.Share, parseShare)
	case FieldInstructorLead:
		parsed(r, &v.Lead, parseBoolean)
	}
}

// check tells what no single field shows, and puts the instructors in their place.
func (f *meetingFields) check(r *fieldReader) {
	m := &f.meeting
	if !m.Arranged {
		f.checkTold(r)
	}
	checkTimes(r, m.Start, m.End, FieldMeetingEndTime, m.N)
	checkDates(r, m.StartDate, m.EndDate, FieldMeetingEndDate, m.N)
	m.Instructors = f.instructors.items
	for i := range m.Instructors {
		v := &m.Instructors[i]
		v.N = f.instructors.numbers[i]
		r.need(v.Person != "", FieldInstructorPerson, "is missing: an instructor has the sourcedId of a person", m.N, v.N)
	}
}

// checkTold tells what a meeting needs that is not arranged.
func (f *meetingFields) checkTold(r *fieldReader) {
	const rule = "is missing: a meeting that is not arranged has days, a start time and an end time"
	n := f.meeting.N
	r.need(f.said&saidDays != 0, FieldMeetingDays, rule, n)
	r.need(f.said&saidStart != 0, FieldMeetingStartTime, rule, n)
	r.need(f.said&saidEnd != 0, FieldMeetingEndTime, rule, n)
	if f.said&saidZero != 0 {
		r.bad(FieldName(FieldMeetingDays, n), f.meeting.Days.String(), errZeroDays.Error())
	}
}

// checkTimes tells of an end that is not after its start.
func checkTimes(r *fieldReader, start, end Clock, pattern string, n int) {
	if start != NoClock && end != NoClock && end <= start {
		r.bad(FieldName(pattern, n), end.String(), end.String()+" is not after the start time "+start.String())
	}
}

// checkDates tells of a last day before the first, and of one that is further
// from it than any mask reaches.
func checkDates(r *fieldReader, first, last Date, pattern string, n int) {
	switch {
	case first == 0 || last == 0:
	case last < first:
		r.bad(FieldName(pattern, n), last.String(), last.String()+" is before the start date "+first.String())
	case last.Monday()-first.Monday() >= 7*MaxWeeks:
		r.bad(FieldName(pattern, n), last.String(), fmt.Sprintf("%s is beyond the limit of %d weeks from the start date %s", last, MaxWeeks, first))
	}
}
