package lis

import (
	"strconv"
	"strings"
)

// IsRoom reports whether the group is a room: one of its types is Facility, in
// any case, in either place where peers put it.
func (g *Group) IsRoom() bool {
	if g.GroupType == nil {
		return false
	}
	for _, v := range g.GroupType.TypeValue {
		if isFacility(v.ID) || isFacility(v.Type) {
			return true
		}
	}
	return false
}

func isFacility(t *Text) bool { return strings.EqualFold(strings.TrimSpace(t.String()), FacilityType) }

// A roomFields is a room while its fields are read.
type roomFields struct {
	room     Room
	features numbered[string]
	busy     numbered[Unavailability]
	travel   numbered[travelFields]
}

type travelFields struct {
	travel Travel
	said   said
}

// Room reads the group as a room. The error is FieldErrors, and what could be
// read is returned beside it.
func (g *Group) Room() (Room, error) {
	var r fieldReader
	f := roomFields{
		features: numbered[string]{limit: MaxEntries, what: "features of a room"},
		busy:     numbered[Unavailability]{limit: MaxEntries, what: "unavailable times of a room", blank: Unavailability{Start: NoClock, End: NoClock}},
		travel:   numbered[travelFields]{limit: MaxEntries, what: "ways from a room"},
	}
	r.fields(g.Extension, familyRoom, func(pattern string, n, _ int) { f.read(&r, pattern, n) })
	room := f.room
	if g.Description != nil {
		room.Name = strings.TrimSpace(g.Description.ShortDescription.String())
	}
	room.Features, room.Unavailable = f.features.items, f.busy.items
	for i, n := range f.busy.numbers {
		room.Unavailable[i].check(&r, n)
	}
	for i, n := range f.travel.numbers {
		v := &f.travel.items[i]
		r.need(v.travel.Room != "", FieldRoomTravelTo, "is missing: a way leads to a room", n)
		r.need(v.said&saidEnd != 0, FieldRoomTravelTime, "is missing: a way takes minutes", n)
		room.Travel = append(room.Travel, v.travel)
	}
	return room, r.err()
}

// read takes the field at hand.
func (f *roomFields) read(r *fieldReader, pattern string, n int) {
	v := &f.room
	switch pattern {
	case FieldRoomCapacity:
		parsed(r, &v.Capacity, parseCount)
	case FieldRoomFeature:
		readText(r, &f.features, n)
	case FieldRoomBuilding:
		r.text(&v.Building)
	case FieldRoomCampus:
		r.text(&v.Campus)
	case FieldRoomX:
		parsed(r, &v.X, parseDecimal)
	case FieldRoomY:
		parsed(r, &v.Y, parseDecimal)
	case FieldRoomTravelTo, FieldRoomTravelTime:
		if t := f.travel.at(r, n); t != nil {
			t.read(r, pattern)
		}
	default:
		if u := f.busy.at(r, n); u != nil {
			u.read(r, pattern)
		}
	}
}

func (t *travelFields) read(r *fieldReader, pattern string) {
	if pattern == FieldRoomTravelTo {
		r.id(&t.travel.Room)
		return
	}
	t.said |= saidEnd
	parsed(r, &t.travel.Minutes, parseCount)
}

func (u *Unavailability) read(r *fieldReader, pattern string) {
	switch pattern {
	case FieldRoomBusyDays:
		parsed(r, &u.Days, parseSomeDays)
	case FieldRoomBusyWeeks:
		parsed(r, &u.Weeks, parseWeeks)
	case FieldRoomBusyFrom:
		parsed(r, &u.StartDate, ParseDate)
	case FieldRoomBusyTo:
		parsed(r, &u.EndDate, ParseDate)
	case FieldRoomBusyStart:
		parsed(r, &u.Start, ParseClock)
	case FieldRoomBusyEnd:
		parsed(r, &u.End, ParseClock)
	}
}

func (u *Unavailability) check(r *fieldReader, n int) {
	r.need(*u != Unavailability{Start: NoClock, End: NoClock}, FieldRoomBusyDays, "is missing: an unavailable time has days, weeks, dates or times", n)
	checkTimes(r, u.Start, u.End, FieldRoomBusyEnd, n)
	checkDates(r, u.StartDate, u.EndDate, FieldRoomBusyTo, n)
}

// SetRoom makes the group a room, or another one than it was.
func (g *Group) SetRoom(room Room) {
	if !g.IsRoom() {
		if g.GroupType == nil {
			g.GroupType = new(GroupType)
		}
		g.GroupType.TypeValue = append(g.GroupType.TypeValue, TypeValue{Type: NewText("en", FacilityType)})
	}
	g.setName(strings.TrimSpace(room.Name))
	rewrite(&g.Extension, familyRoom, nil, func(w *fieldWriter) { w.room(&room) })
}

// setName writes the name in the language of the one it replaces.
func (g *Group) setName(name string) {
	if g.Description == nil {
		if name == "" {
			return
		}
		g.Description = new(Description)
	}
	language := "en"
	if old := g.Description.ShortDescription; old != nil {
		language = old.Language
	}
	g.Description.ShortDescription = NewText(language, name)
	if *g.Description == (Description{}) {
		g.Description = nil
	}
}

func (w *fieldWriter) room(room *Room) {
	w.number(FieldRoomCapacity, room.Capacity)
	writeList(w, FieldRoomFeature, room.Features)
	w.put(FieldRoomBuilding, room.Building)
	w.put(FieldRoomCampus, room.Campus)
	w.put(FieldRoomX, room.X)
	w.put(FieldRoomY, room.Y)
	for i := range room.Unavailable {
		u, n := &room.Unavailable[i], i+1
		w.days(FieldRoomBusyDays, u.Days, n)
		w.put(FieldRoomBusyWeeks, string(u.Weeks), n)
		w.put(FieldRoomBusyFrom, u.StartDate.String(), n)
		w.put(FieldRoomBusyTo, u.EndDate.String(), n)
		w.times(FieldRoomBusyStart, FieldRoomBusyEnd, u.Start, u.End, n)
	}
	for i, t := range room.Travel {
		w.put(FieldRoomTravelTo, string(t.Room), i+1)
		if t.Room != "" {
			w.put(FieldRoomTravelTime, strconv.Itoa(t.Minutes), i+1)
		}
	}
}
