package lis

// SetMeetings gives the section its meetings in place of those it has; one
// without a number gets the next free one. Fields that nobody knows stay with
// the number of their meeting. The texts for people are written too; a place
// that no meeting names any more stays in location.
func (c *CourseSection) SetMeetings(ms []Meeting) {
	has := make([]int, len(ms))
	for i := range ms {
		has[i] = ms[i].N
	}
	numbers := numbersOf(has)
	order := inOrder(numbers)
	before := rewrite(&c.Extension, familyMeeting, numbers, func(w *fieldWriter) {
		for _, i := range order {
			w.meeting(&ms[i], numbers[i])
			w.unknown(numbers[i])
		}
	})
	c.writeTexts(ms, order, before)
}

func (w *fieldWriter) meeting(m *Meeting, n int) {
	w.put(FieldMeetingID, m.ID, n)
	w.days(FieldMeetingDays, m.Days, n)
	w.put(FieldMeetingWeeks, string(m.Weeks), n)
	w.put(FieldMeetingStartDate, m.StartDate.String(), n)
	w.put(FieldMeetingEndDate, m.EndDate.String(), n)
	w.times(FieldMeetingStartTime, FieldMeetingEndTime, m.Start, m.End, n)
	w.put(FieldMeetingTimeZone, m.TimeZone, n)
	w.put(FieldMeetingType, m.Type, n)
	w.flag(FieldMeetingArranged, m.Arranged, n)
	w.put(FieldMeetingRoom, string(m.Room), n)
	w.put(FieldMeetingRoomName, m.RoomName, n)
	w.put(FieldMeetingBuilding, m.Building, n)
	w.put(FieldMeetingCampus, m.Campus, n)
	w.number(FieldMeetingRoomCapacity, m.RoomCapacity, n)
	w.instructors(m.Instructors, n)
}

func (w *fieldWriter) instructors(list []MeetingInstructor, n int) {
	if len(list) == 0 {
		return
	}
	has := make([]int, len(list))
	for i := range list {
		has[i] = list[i].N
	}
	numbers := numbersOf(has)
	for _, i := range inOrder(numbers) {
		v, m := &list[i], numbers[i]
		w.put(FieldInstructorPerson, string(v.Person), n, m)
		w.put(FieldInstructorRole, v.Role, n, m)
		w.put(FieldInstructorShare, v.Share, n, m)
		w.flag(FieldInstructorLead, v.Lead, n, m)
	}
}

// writeTexts writes what people and old systems read. A section that never had
// meetings keeps the text that its sender wrote.
func (c *CourseSection) writeTexts(ms []Meeting, order []int, before bool) {
	sorted := make([]Meeting, len(ms))
	for i, at := range order {
		sorted[i] = ms[at]
	}
	if len(ms) > 0 || before {
		c.Meeting = c.textInPlaceOf(c.Meeting, MeetingText(sorted))
	}
	if place := LocationText(sorted); place != "" {
		c.Location = c.textInPlaceOf(c.Location, place)
	}
}

// textInPlaceOf writes a text in the language of the one it replaces, else in
// that of the title, else in English.
func (c *CourseSection) textInPlaceOf(old *Text, s string) *Text {
	language := "en"
	for _, t := range [...]*Text{c.Title, old} {
		if t != nil && t.Language != "" {
			language = t.Language
		}
	}
	return NewText(language, s)
}
