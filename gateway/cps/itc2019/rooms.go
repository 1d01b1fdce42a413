package itc2019

import (
	"strconv"

	"lisgate/gateway/lis"
)

// maxNumber is the greatest number of anything in a file: that of a field.
const maxNumber = 999_999_999

func itoa(n int) string { return strconv.Itoa(n) }

func (p *problem) readRooms(e *element) error {
	if err := p.s.each(e, map[string]kind{"room": {"id capacity", p.readRoom}}); err != nil {
		return err
	}
	defer func() { p.travels = nil }()
	return p.travels.found(p.rooms, "room")
}

// readRoom reads a room: a group of type Facility.
func (p *problem) readRoom(e *element) error {
	id, err := p.fresh(e, p.rooms, p.s.limits.Rooms, "Rooms")
	if err != nil {
		return err
	}
	capacity, err := e.number("capacity", 0, maxNumber)
	if err != nil {
		return err
	}
	room := lis.Room{Name: nameRoom + id, Capacity: capacity}
	e.bound(p.s.limits.Children, "Children")
	err = p.s.each(e, map[string]kind{
		"travel":      {"room value", func(e *element) error { return p.travel(e, &room) }},
		"unavailable": {"days start length weeks", func(e *element) error { return p.unavailable(e, &room) }},
	})
	if err != nil {
		return err
	}
	group := &lis.Group{}
	group.SetRoom(room)
	setOrder(&group.Extension, len(p.rooms))
	return p.emit(replaceGroup, &lis.Record{ID: p.g.sourcedID(partRoom, id), Object: group})
}

func (p *problem) travel(e *element, room *lis.Room) error {
	to, err := e.id("room")
	if err != nil {
		return err
	}
	slots, err := e.number("value", 0, p.g.slots)
	if err != nil {
		return err
	}
	if !p.rooms[to] { // it may come later
		p.want(&p.travels, to, e)
	}
	room.Travel = append(room.Travel, lis.Travel{Room: p.g.sourcedID(partRoom, to), Minutes: slots * p.g.minutes()})
	return p.s.each(e, nil)
}

func (p *problem) unavailable(e *element, room *lis.Room) error {
	s, err := p.g.span(e, true)
	if err != nil {
		return err
	}
	room.Unavailable = append(room.Unavailable, lis.Unavailability{
		Days: s.days, Weeks: s.weeks, StartDate: p.g.begin, EndDate: p.g.end(),
		Start: s.start, End: s.start + lis.Clock(s.length),
	})
	return p.s.each(e, nil)
}
