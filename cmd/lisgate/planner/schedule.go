package planner

import (
	"fmt"
	"maps"
	"slices"

	"lisgate/gateway/lis"
)

// Schedule makes a timetable. The same problem has the same solution.
func Schedule(p *Problem) *Solution {
	c, err := newCalendar(p.Begin, p.End)
	if err != nil {
		s := &Solution{}
		for i := range p.Sections {
			s.Unplaced = append(s.Unplaced, Unplaced{p.Sections[i].ID, err.Error()})
		}
		return s
	}
	t := newTable(p, c)
	order := t.turn()
	for _, u := range order {
		if u.fixed {
			t.fix(u)
		}
	}
	for _, u := range order {
		if !u.fixed {
			t.place(u)
		}
	}
	t.seating = t.seat()
	s := &Solution{table: t}
	s.tell()
	return s
}

// fix books what stays as it is: the times of all its meetings. For students
// and constraints it is where its last meeting is.
func (t *table) fix(u *unit) {
	for _, s := range u.sections {
		for i := range s.Fixed {
			m := &s.Fixed[i]
			if m.Arranged || m.Start < 0 || m.End < 0 {
				continue
			}
			p := t.calendar.pattern(span{m.Days, m.Weeks, m.StartDate, m.EndDate}, m.Start, m.End)
			t.put(u, &p, t.roomOf(m.Room))
		}
	}
	u.arranged = u.at == nil
}

func (t *table) roomOf(id lis.SourcedID) *room {
	at := slices.IndexFunc(t.rooms, func(r *room) bool { return r.id == id })
	if at < 0 {
		return nil
	}
	return t.rooms[at]
}

// tell writes the timetable down.
func (s *Solution) tell() {
	t := s.table
	s.Planned, s.Unplaced = nil, nil
	for i := range t.problem.Sections {
		section := &t.problem.Sections[i]
		u := t.unitOf[section.ID]
		if u.at == nil && !u.arranged {
			s.Unplaced = append(s.Unplaced, Unplaced{section.ID, u.reason})
			continue
		}
		s.Planned = append(s.Planned, Planned{section.ID, t.meetings(section, u), t.seating.students[section.ID]})
	}
	s.Unseated, s.Clashes = t.seating.unseated, t.seating.total()
	s.Unheeded = append(slices.Sorted(maps.Keys(t.ignored)), t.problem.Unread...)
}

// meetings writes the place of a section in the words of LIS.
func (t *table) meetings(s *Section, u *unit) []lis.Meeting {
	if len(s.Fixed) > 0 {
		return s.Fixed
	}
	m := lis.Meeting{
		N: 1, ID: fmt.Sprintf("%s/1", s.ID), Type: s.Category, StartDate: t.calendar.begin, EndDate: t.calendar.end,
		Start: lis.NoClock, End: lis.NoClock, TimeZone: t.problem.TimeZone, Arranged: u.at == nil,
	}
	if u.at != nil {
		m.Days, m.Weeks = u.at.days(), t.calendar.mask(t.weeksOf(u.at))
		m.Start, m.End = u.at.start, u.at.end
	}
	if r := u.room; r != nil {
		m.Room, m.RoomName, m.Building, m.Campus, m.RoomCapacity = r.id, r.Name, r.Building, r.Campus, r.Capacity
	}
	for i, person := range s.Instructors {
		m.Instructors = append(m.Instructors, lis.MeetingInstructor{N: i + 1, Person: person, Role: "Instructor", Lead: i == 0})
	}
	return []lis.Meeting{m}
}

// weeksOf are the weeks of a pattern; those at the ends of the term that
// miss its days are whole ones all the same.
func (t *table) weeksOf(p *pattern) uint64 {
	weeks := p.allWeeks()
	full := t.calendar.pattern(span{days: p.days()}, p.start, p.end)
	if weeks == full.allWeeks() {
		return 1<<t.calendar.weeks - 1
	}
	return weeks
}
