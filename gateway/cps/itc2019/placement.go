package itc2019

import (
	"fmt"

	"lisgate/gateway/lis"
)

// place gives a section the time and room of the file; a class with neither is
// unassigned, and its section has no meeting.
func (s *solution) place(e *element, c *lis.CourseSection) error {
	if e.get("days") == "" && e.get("start") == "" && e.get("weeks") == "" && e.get("room") == "" {
		s.meet(c)
		return nil
	}
	request, err := c.Request()
	if err != nil {
		return e.fault("the request of its section cannot be read: %v; import the problem again", err)
	}
	at, err := s.time(e, request)
	if err != nil {
		return err
	}
	room, err := s.room(e, request)
	if err != nil {
		return err
	}
	m := firstMeeting(c)
	m.Days, m.Weeks, m.StartDate, m.EndDate = at.days, at.weeks, s.g.begin, s.g.end()
	m.Start, m.End, m.Arranged = at.start, at.start+lis.Clock(at.length), false
	if err := s.seat(&m, room); err != nil {
		return err
	}
	s.meet(c, m)
	return nil
}

// meet gives a section its meetings. A location that told of the old ones goes
// with them.
func (s *solution) meet(c *lis.CourseSection, ms ...lis.Meeting) {
	if old, _ := c.Meetings(); len(old) > 0 && c.Location.String() == lis.LocationText(old) {
		c.Location = nil
	}
	c.SetMeetings(ms)
}

// firstMeeting returns the meeting that is there: what the file cannot say,
// such as instructors, stays. What cannot be read of it goes.
func firstMeeting(c *lis.CourseSection) lis.Meeting {
	if ms, _ := c.Meetings(); len(ms) > 0 {
		m := ms[0]
		m.N = 1
		return m
	}
	return lis.Meeting{N: 1}
}

// time returns the time of the file with the length of the request's.
func (s *solution) time(e *element, request lis.Request) (span, error) {
	at, err := s.g.span(e, false)
	if err != nil {
		return at, err
	}
	for _, t := range request.Times {
		weeks, err := s.g.weeksMask(t.Weeks, t.StartDate)
		if err == nil && t.Days == at.days && t.Start == at.start && weeks == string(at.weeks) {
			at.length = t.Length
			return at, nil
		}
	}
	return at, e.fault("days %q, start %q, weeks %q are none of its %d times in the problem; choose one of those",
		clip(e.get("days")), clip(e.get("start")), clip(e.get("weeks")), len(request.Times))
}

// room returns the room of the file, which is one of the request's; "" for a
// class that needs none.
func (s *solution) room(e *element, request lis.Request) (lis.SourcedID, error) {
	id := e.get("room")
	switch needs := !request.NoRoom && len(request.Rooms) > 0; {
	case id == "" && needs:
		return "", e.fault("attribute room is missing: the class needs one of its %d rooms in the problem; choose one of those", len(request.Rooms))
	case id == "":
		return "", nil
	case !needs:
		return "", e.fault("room %q is not allowed: the class needs none; leave the attribute out", clip(id))
	}
	for _, r := range request.Rooms {
		if s.g.fileID(partRoom, lis.SourcedID(r.Of)) == id {
			return lis.SourcedID(r.Of), nil
		}
	}
	return "", e.fault("room %q is none of its %d rooms in the problem; choose one of those", clip(id), len(request.Rooms))
}

// seat writes what the room's group says of it.
func (s *solution) seat(m *lis.Meeting, id lis.SourcedID) error {
	m.Room, m.RoomName, m.RoomCapacity, m.Building, m.Campus = id, "", 0, "", ""
	if id == "" {
		return nil
	}
	r, err := s.src.Record(lis.KindGroup, id)
	if err != nil {
		return fmt.Errorf("read room %s: %w", id, err)
	}
	if r == nil || r.Object == nil {
		return nil
	}
	if group, ok := r.Object.(*lis.Group); ok {
		room, _ := group.Room() // its name and seats are for people: what can be read is enough
		m.RoomName, m.RoomCapacity, m.Building, m.Campus = room.Name, room.Capacity, room.Building, room.Campus
	}
	return nil
}
