package registrar

import "lisgate/gateway/lis"

// setRoom follows a group that is the room of meetings.
func setRoom(o lis.Object, from, to lis.SourcedID) {
	renameInMeetings(o.(*lis.CourseSection), func(m *lis.Meeting, write func(name string)) {
		if m.Room == from {
			m.Room = to
			write(lis.FieldName(lis.FieldMeetingRoom, m.N))
		}
	}, to)
}

// setInstructor follows a person who teaches meetings. When both of two that
// are merged teach a meeting, each keeps the share of it.
func setInstructor(o lis.Object, from, to lis.SourcedID) {
	renameInMeetings(o.(*lis.CourseSection), func(m *lis.Meeting, write func(name string)) {
		for i := range m.Instructors {
			if v := &m.Instructors[i]; v.Person == from {
				v.Person = to
				write(lis.FieldName(lis.FieldInstructorPerson, m.N, v.N))
			}
		}
	}, to)
}

// renameInMeetings writes an identifier into the fields that it is told of, and
// leaves all others as they came, those too that nobody can read. A place for
// people is written anew where it says what the meetings say: a room without a
// name stands there under its identifier.
func renameInMeetings(c *lis.CourseSection, each func(m *lis.Meeting, write func(name string)), to lis.SourcedID) {
	ms, err := c.Meetings()
	location := lis.LocationText(ms)
	ours := err == nil && location != "" && c.Location.String() == location
	for i := range ms {
		each(&ms[i], func(name string) { c.Extension.Set(name, string(to)) })
	}
	if now := lis.LocationText(ms); ours && now != location {
		c.Location = lis.NewText(c.Location.Language, now)
	}
}
