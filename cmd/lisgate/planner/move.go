package planner

import (
	"slices"

	"lisgate/gateway/lis"
)

// CloseRoom takes a room out of use and moves what was in it, and nothing
// else: to another room at the same time where there is one, else to another
// time. It returns the sections whose meetings are others now.
func (s *Solution) CloseRoom(id lis.SourcedID) []lis.SourcedID {
	if s.table == nil {
		return nil
	}
	r := s.table.roomOf(id)
	if r == nil || r.closed {
		return nil
	}
	r.closed = true
	var moved []*unit
	for _, u := range s.table.units {
		u.rooms = slices.DeleteFunc(u.rooms, func(o *room) bool { return o == r })
		if u.room == r && !u.fixed {
			moved = append(moved, u)
		}
	}
	for _, u := range moved {
		at := *u.at
		s.table.free(u)
		s.table.elsewhere(u, &at)
	}
	s.tell()
	return idsOf(moved)
}

// elsewhere places a unit that is nowhere, at the time that it had if it can
// be. Nothing else moves for it.
func (t *table) elsewhere(u *unit, at *pattern) {
	if t.teaches(u, at) == nil && t.book(u, at) {
		if u.broken() == nil {
			return
		}
		t.free(u)
	}
	u.find(t)
}

// Move places a section elsewhere, because where it is cannot be had: its room
// is held to be taken at that time from now on, or its instructors when it is
// about them. It returns the sections that moved.
func (s *Solution) Move(id lis.SourcedID, people bool) []lis.SourcedID {
	if s.table == nil {
		return nil
	}
	t := s.table
	u := t.unitOf[id]
	if u == nil || u.fixed || u.at == nil {
		return nil
	}
	at, r := *u.at, u.room
	t.free(u)
	switch {
	case people || r == nil:
		for _, person := range u.instructors {
			t.busy[person] = append(t.busy[person], booking{pattern: at})
		}
	default:
		r.booked = append(r.booked, booking{pattern: at})
	}
	t.elsewhere(u, &at)
	s.tell()
	return idsOf([]*unit{u})
}

func idsOf(units []*unit) []lis.SourcedID {
	var ids []lis.SourcedID
	for _, u := range units {
		for _, s := range u.sections {
			ids = append(ids, s.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// Mistake puts so many sections into rooms that others have at the time, as
// somebody does who reads a plan wrongly: for demos. It returns them.
func (s *Solution) Mistake(sections int) []lis.SourcedID {
	if s.table == nil {
		return nil
	}
	var wrong []*unit
	for _, u := range s.table.units {
		if len(wrong) == sections {
			break
		}
		if u.at == nil || u.room == nil || u.fixed || len(u.sections) > 1 {
			continue
		}
		for _, r := range u.rooms {
			b := taken(r.booked, u.at)
			if r == u.room || b == nil || b.by == nil || slices.Contains(wrong, b.by) {
				continue
			}
			at := *u.at
			s.table.free(u)
			s.table.put(u, &at, r)
			wrong = append(wrong, u)
			break
		}
	}
	s.tell()
	return idsOf(wrong)
}
